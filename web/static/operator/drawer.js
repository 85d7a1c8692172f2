// SPDX-License-Identifier: EUPL-1.2
// The drawer beside the conversations: what is at hand while one writes, one sheet at a time, for the conversation in
// front. Owns which sheet lies open and where the focus goes; knows nothing of what a sheet holds.

import { clone, mark, part, show, write } from "./dom.js";

/** @typedef {import("./types.js").State} State */

/** Where it lies over the queue; as in console.css. */
const COVERS = "(max-width: 47.9375rem), (max-width: 63.9375rem) and (max-height: 49.9375rem)";

/** Where it lies over the conversation in front. */
const HIDES = "(max-width: 47.9375rem)";

/**
 * @typedef {object} Sheet
 * @property {string} name
 * @property {string} label what stands on its tab
 * @property {string} key how its key is written, such as `Alt+A`
 * @property {HTMLElement} element
 * @property {(state: State, front: string | undefined) => void} [render] only while it lies open
 * @property {(front: string | undefined) => void} [opened] it has just been opened: put the focus where one begins
 */

/**
 * @typedef {object} Drawer
 * @property {(sheet: Sheet) => void} add
 * @property {(name: string) => void} open
 * @property {(name: string) => void} toggle
 * @property {() => boolean} close false when it was closed
 * @property {() => boolean} hides whether it would lie over the conversation that it is about
 * @property {() => string} which lies open, or an empty string
 * @property {(state: State) => void} render
 */

/**
 * @param {HTMLElement} root
 * @param {() => void} back puts the focus where it was before, as far as that is known
 * @returns {Drawer}
 */
export function drawerView(root, back) {
  const drawer = part(root, "drawer");
  const tabs = part(drawer, "drawer-tabs");
  const body = part(drawer, "drawer-body");
  const covers = matchMedia(COVERS);
  /** @type {Map<string, Sheet & {tab: HTMLElement}>} */
  const sheets = new Map();
  let which = "";
  /** @type {State | null} */
  let drawn = null;

  const front = () => (drawn?.pane === "conversation" ? drawn.recent[0] : undefined);

  function renderOpen() {
    const sheet = sheets.get(which);
    if (sheet !== undefined && drawn !== null) sheet.render?.(drawn, front());
  }

  /** @param {string} name */
  function open(name) {
    which = name;
    for (const [each, { tab, element }] of sheets) {
      tab.setAttribute("aria-selected", String(each === name));
      tab.tabIndex = each === name ? 0 : -1;
      show(element, each === name);
    }
    mark(root, "drawer", name);
    show(drawer, name !== "");
    renderOpen();
  }

  function close() {
    if (which === "") return false;
    const held = drawer.contains(document.activeElement);
    open("");
    if (held) back();
    return true;
  }

  tabs.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const names = [...sheets.keys()];
    const next = names[(names.indexOf(which) + step + names.length) % names.length] ?? which;
    open(next);
    sheets.get(next)?.tab.focus();
    event.preventDefault();
  });
  drawer.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    close();
  });
  part(drawer, "drawer-close").addEventListener("click", close);

  return {
    add(sheet) {
      const tab = clone("drawer-tab");
      tab.id = `drawer-tab-${sheet.name}`;
      write(tab, sheet.label);
      tab.setAttribute("aria-keyshortcuts", sheet.key);
      sheet.element.setAttribute("role", "tabpanel");
      sheet.element.setAttribute("aria-labelledby", tab.id);
      sheets.set(sheet.name, { ...sheet, tab });
      tab.addEventListener("click", () => open(sheet.name));
      tabs.append(tab);
      body.append(sheet.element);
      open(which);
    },
    open(name) {
      open(name);
      sheets.get(name)?.opened?.(front());
    },
    toggle(name) {
      if (which === name && drawer.contains(document.activeElement)) close();
      else {
        open(name);
        sheets.get(name)?.opened?.(front());
      }
    },
    close,
    hides: () => matchMedia(HIDES).matches,
    which: () => which,
    render(state) {
      // Whoever goes to the queue must see it. The focus is on its way there already.
      const toQueue = state.pane === "queue" && drawn?.pane === "conversation";
      drawn = state;
      if (toQueue && which !== "" && covers.matches) open("");
      renderOpen();
    },
  };
}
