// SPDX-License-Identifier: EUPL-1.2
// The list of ready replies over the field where one writes: a field to search in and a list, as a combobox. What is
// searched for never reaches the draft, and closing leaves nothing behind.

import { clone, mark, part, partOf, show, write, writeOrHide } from "./dom.js";
import { found, otherLanguage } from "./reply_search.js";
import { say } from "./words.js";

/** @typedef {import("./reply_search.js").Entry} Entry */
/** @typedef {import("./words.js").Page} Page */

/**
 * @typedef {object} Target where something is put in
 * @property {HTMLElement} place what the list stands in, over its field
 * @property {() => Entry[]} entries
 * @property {(code: string) => {tag: string, direction: string}} spoken
 * @property {(text: string) => void} put
 * @property {() => void} back puts the focus where it was
 */

/** @param {Page} page */
export function finderView(page) {
  const element = clone("finder");
  const field = partOf(element, "finder-field", HTMLInputElement);
  const list = part(element, "finder-list");
  /** @type {Target | null} */
  let target = null;
  /** @type {Entry[]} */
  let shown = [];
  let at = 0;

  function render() {
    if (target === null) return;
    const { spoken } = target;
    shown = found(target.entries(), field.value);
    at = Math.max(0, Math.min(at, shown.length - 1));
    list.replaceChildren(...shown.map((entry, index) => optionOf(entry, index, spoken(entry.code))));
    show(list, shown.length > 0);
    show(part(element, "finder-none"), shown.length === 0);
    write(part(element, "finder-found"), say(page, "finder.found", { n: shown.length }));
    point();
  }

  /** @param {Entry} entry @param {number} index @param {{tag: string, direction: string}} spoken */
  function optionOf(entry, index, { tag, direction }) {
    const option = clone("finder-option");
    option.id = `finder-option-${index}`;
    const [title, text] = [part(option, "title"), part(option, "text")];
    for (const each of [title, text]) Object.assign(each, { lang: tag, dir: direction });
    write(title, entry.title);
    write(text, entry.text);
    const kind = entry.place === true ? say(page, "finder.place") : "";
    writeOrHide(part(option, "language"), [kind, otherLanguage(entry, page.language)].filter(Boolean).join(" · "));
    return option;
  }

  function point() {
    [...list.children].forEach((option, index) => {
      option.setAttribute("aria-selected", String(index === at));
      if (index === at) option.scrollIntoView({ block: "nearest" });
    });
    if (shown.length > 0) field.setAttribute("aria-activedescendant", `finder-option-${at}`);
    else field.removeAttribute("aria-activedescendant");
  }

  /** @param {boolean} back */
  function close(back) {
    const was = target;
    if (was === null) return;
    target = null;
    shown = [];
    element.remove();
    field.value = "";
    list.replaceChildren();
    if (back) was.back();
  }

  /** @param {number} index */
  function choose(index) {
    const [entry, was] = [shown[index], target];
    if (entry === undefined || was === null) return;
    close(false);
    was.put(entry.text);
  }

  /** @param {KeyboardEvent} event */
  function press(event) {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const last = shown.length - 1;
    switch (event.key) {
      case "ArrowDown":
        at = at >= last ? 0 : at + 1;
        point();
        break;
      case "ArrowUp":
        at = at <= 0 ? last : at - 1;
        point();
        break;
      case "Enter":
        choose(at);
        break;
      case "Escape":
      case "Tab":
        close(true);
        break;
      default:
        return;
    }
    event.preventDefault();
    // Escape here means this list, not what the console would do with it.
    event.stopPropagation();
  }

  field.addEventListener("keydown", press);
  field.addEventListener("input", () => {
    at = 0;
    render();
  });
  element.addEventListener("focusout", (event) => {
    // Only the window has been left: on coming back one goes on where one was.
    if (!document.hasFocus()) return;
    const to = event.relatedTarget;
    if (!(to instanceof Node) || !element.contains(to)) close(false);
  });
  // Pressing on the list must not take the focus from its field: that would close it.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
    if (option !== null) choose([...list.children].indexOf(option));
  });

  return {
    /** @param {Target} where */
    open(where) {
      close(false);
      target = where;
      at = 0;
      where.place.append(element);
      mark(element, "open", "true");
      render();
      field.focus();
    },
    /** There is news of the replies. */
    refresh: render,
    isOpen: () => target !== null,
  };
}
