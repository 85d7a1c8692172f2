// SPDX-License-Identifier: EUPL-1.2
// The sheet of lines and other places to turn to: open now or when, and a button each that puts one sentence about it,
// in her language, into what is written. Owns its own parts only.

import { clone, mark, part, show, write, writeOrHide } from "./dom.js";
import { preferred } from "./reply_search.js";
import { say } from "./words.js";

/** @typedef {import("./at_hand.js").Told} Told */
/** @typedef {import("./at_hand.js").Place} Place */
/** @typedef {import("./words.js").Page} Page */

/** @type {Record<Place["kind"], string>} */
const GROUPS = {
  emergency: "lines.group_first",
  chat: "lines.group_written",
  web: "lines.group_written",
  service: "lines.group_written",
  phone: "lines.group_spoken",
  referral: "lines.group_near",
};

/** Under one heading stand several kinds of these only. */
const WRITTEN = new Set(["chat", "web", "service"]);

/** What needs nobody to look whether it still holds. */
const UNCHECKED = new Set(["emergency", "service"]);

/** @param {string} address */
const short = (address) => address.replaceAll("https://", "").replace(/\/(?=,|$)/g, "");

/**
 * The sentence about a place in the language of a conversation.
 * @param {Place} place
 * @param {string} language
 * @param {string} own the service's
 */
export function sentence(place, language, own) {
  const code = preferred(language, own).find((each) => place.say[each] !== undefined);
  return code === undefined ? (Object.values(place.say)[0] ?? "") : (place.say[code] ?? "");
}

/**
 * @param {Page} page
 * @param {(text: string) => void} put
 */
export function linesSheet(page, put) {
  const element = clone("lines-sheet");
  const list = part(element, "lines-list");
  /** @type {Told | null} */
  let drawn = null;
  let key = "";

  /** @param {Place} place @param {string} text @param {boolean} canPut */
  function itemOf(place, text, canPut) {
    const item = clone("lines-item");
    mark(item, "open", String(place.open));
    mark(item, "kind", place.kind);
    write(part(item, "name"), place.name);
    writeOrHide(part(item, "address"), place.address === place.name ? "" : short(place.address));
    writeOrHide(part(item, "when"), place.when);
    writeOrHide(part(item, "kind"), WRITTEN.has(place.kind) ? say(page, `kind.${place.kind}`) : "");
    writeOrHide(part(item, "note"), place.note);
    writeOrHide(part(item, "checked"), UNCHECKED.has(place.kind) ? "" : checked(place.checked));
    const button = part(item, "insert");
    write(button, say(page, "at_hand.insert"));
    button.setAttribute("aria-label", say(page, "at_hand.insert_which", { title: place.name }));
    button.addEventListener("click", () => put(text));
    show(button, canPut);
    return item;
  }

  /** @param {string | null} day */
  function checked(day) {
    if (day === null) return say(page, "lines.unchecked");
    const shown = new Intl.DateTimeFormat(page.language, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(day));
    return say(page, "lines.checked", { day: shown });
  }

  /** @param {Told} told @param {string} language @param {boolean} canPut */
  function groups(told, language, canPut) {
    /** @type {Map<string, HTMLElement>} */
    const made = new Map();
    for (const place of told.lines) {
      const name = GROUPS[place.kind];
      const group = made.get(name) ?? clone("lines-group");
      made.set(name, group);
      write(part(group, "heading"), say(page, name));
      part(group, "items").append(itemOf(place, sentence(place, language, told.own), canPut));
    }
    return [...made.values()];
  }

  // With arrows from one to the next, as in the queue.
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const buttons = [...list.querySelectorAll("button")].filter((button) => !button.hidden);
    const at = buttons.findIndex((button) => button === document.activeElement);
    if (step === undefined || at === -1) return;
    event.preventDefault();
    buttons[at + step]?.focus();
  });

  return {
    element,
    focus() {
      const first = [...list.querySelectorAll("button")].find((button) => !button.hidden);
      (first ?? part(element, "lines-about")).focus();
    },
    /** @param {Told | null} told @param {string} language @param {boolean} canPut */
    render(told, language, canPut) {
      const next = `${language} ${canPut}`;
      if (told === drawn && key === next) return;
      const buttons = () => [...list.querySelectorAll("button")];
      const at = buttons().findIndex((button) => button === document.activeElement);
      [drawn, key] = [told, next];
      list.replaceChildren(...(told === null ? [] : groups(told, language, canPut)));
      if (at !== -1) buttons()[at]?.focus();
    },
  };
}
