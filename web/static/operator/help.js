// SPDX-License-Identifier: EUPL-1.2
// The list of keys: made from the table that the keys are read with, and from what the pieces have. So it cannot lie.

import { part } from "./dom.js";
import { KEYS, pressOf } from "./keys.js";
import { say } from "./words.js";

/** @typedef {import("./words.js").Page} Page */
/** @typedef {{press: readonly string[], does: string}} Row */

const GROUPS = /** @type {const} */ (["everywhere", "queue", "writing", "talk"]);

/**
 * What stands in the list, by group. Pure.
 * @param {Readonly<Record<string, {does: string}>>} beside keys of the pieces by physical key
 * @returns {{group: string, rows: Row[]}[]}
 */
export function listed(beside) {
  const theirs = Object.entries(beside).map(([code, { does }]) => ({ press: pressOf(code), does }));
  return GROUPS.map((group) => {
    const own = KEYS.filter((key) => key.group === group).map(({ press, does }) => ({ press, does }));
    return { group, rows: group === "talk" ? [...theirs, ...own] : own };
  });
}

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {Readonly<Record<string, {does: string}>>} beside
 * @returns {() => void} shows it
 */
export function helpView(root, page, beside) {
  const dialog = part(root, "help");
  const sections = listed(beside).map(({ group, rows }) => {
    const section = made("section", made("h3", say(page, `keys.in_${group}`)), made("dl", ...rows.map(rowOf)));
    section.className = "keys";
    return section;
  });
  part(root, "keys").replaceChildren(...sections);

  /** @param {Row} row */
  function rowOf({ press, does }) {
    const caps = press.flatMap((key) => [made("kbd", say(page, `keys.cap_${key}`) || key), " "]);
    return made("div", made("dt", ...caps), made("dd", say(page, does)));
  }

  return () => {
    if (!(dialog instanceof HTMLDialogElement) || dialog.open) return;
    dialog.showModal();
    // It is read from its top, also after it was scrolled.
    dialog.scrollTop = 0;
  };
}

/**
 * @param {string} name
 * @param {...(Node | string)} inside
 */
function made(name, ...inside) {
  const element = document.createElement(name);
  element.append(...inside);
  return element;
}
