// SPDX-License-Identifier: EUPL-1.2
// The list of keys: made from the table that the keys are read with, and from what the pieces have. So it cannot lie.

import { part } from "./dom.js";
import { KEYS, pressOf } from "./keys.js";
import { say } from "./words.js";

/** @typedef {import("./words.js").Page} Page */
/** @typedef {{press: readonly string[], does: string}} Row */
/** @typedef {{does: string, group?: import("./keys.js").Key["group"]}} Theirs */

const GROUPS = /** @type {const} */ (["everywhere", "queue", "writing", "talk"]);
/** What is wanted oftest in a talk stands first. */
const FIRST = ["Slash", "KeyA", "KeyL", "KeyK", "KeyR", "KeyT"];

/**
 * What stands in the list, by group. Pure.
 * @param {Readonly<Record<string, Theirs>>} beside keys of the pieces by physical key
 * @returns {{group: string, rows: Row[]}[]}
 */
export function listed(beside) {
  return GROUPS.map((group) => {
    const own = KEYS.filter((key) => key.group === group).map(({ press, does }) => ({ press, does }));
    const codes = Object.keys(beside).filter((code) => (beside[code]?.group ?? "talk") === group);
    const rows = (/** @type {readonly string[]} */ some) =>
      some.map((code) => ({ press: pressOf(code), does: beside[code]?.does ?? "" }));
    const first = FIRST.filter((code) => codes.includes(code));
    return { group, rows: [...rows(first), ...own, ...rows(codes.filter((code) => !first.includes(code)))] };
  });
}

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {Readonly<Record<string, Theirs>>} beside
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
