// SPDX-License-Identifier: EUPL-1.2
// The sheet of ready replies in the drawer: all of them, a search, and a button each that puts one into what is
// written. Owns its own parts only.

import { clone, part, partOf, show, write, writeOrHide } from "./dom.js";
import { found, otherLanguage } from "./reply_search.js";
import { say } from "./words.js";

/** @typedef {import("./reply_search.js").Entry} Entry */
/** @typedef {import("./at_hand.js").Told} Told */
/** @typedef {import("./words.js").Page} Page */

/**
 * @param {Page} page
 * @param {(text: string) => void} put
 */
export function repliesSheet(page, put) {
  const element = clone("replies-sheet");
  const field = partOf(element, "replies-search", HTMLInputElement);
  const list = part(element, "replies-list");
  const edit = partOf(element, "replies-edit", HTMLAnchorElement);
  /** @type {Entry[]} */
  let entries = [];
  /** @type {Told | null} */
  let drawn = null;
  let key = "";
  let writable = false;

  function renderList() {
    const shown = found(entries, field.value);
    list.replaceChildren(...shown.map((entry) => itemOf(entry)));
    show(part(element, "replies-none"), shown.length === 0 && drawn !== null);
  }

  /** @param {Entry} entry */
  function itemOf(entry) {
    const item = clone("replies-item");
    const { tag = "", direction = "auto" } = drawn?.languages[entry.code] ?? {};
    for (const name of ["title", "text"]) Object.assign(part(item, name), { lang: tag, dir: direction });
    write(part(item, "title"), entry.title);
    write(part(item, "text"), entry.text);
    writeOrHide(part(item, "language"), otherLanguage(entry, page.language));
    const button = part(item, "insert");
    write(button, say(page, "at_hand.insert"));
    button.setAttribute("aria-label", say(page, "at_hand.insert_which", { title: entry.title }));
    button.addEventListener("click", () => put(entry.text));
    show(button, writable);
    return item;
  }

  field.addEventListener("input", renderList);

  return {
    element,
    focus: () => field.focus(),
    /**
     * @param {Told | null} told
     * @param {string} forWhom what decides how they read: language and alias
     * @param {() => Entry[]} made
     * @param {boolean} canPut
     */
    render(told, forWhom, made, canPut) {
      const next = `${forWhom} ${canPut}`;
      if (told === drawn && key === next) return;
      [drawn, key, writable] = [told, next, canPut];
      entries = told === null ? [] : made();
      show(part(element, "replies-edit-line"), (told?.edit ?? "") !== "");
      if (told !== null) edit.href = told.edit;
      renderList();
    },
  };
}
