// SPDX-License-Identifier: EUPL-1.2
// The buttons about one conversation: as many as its column has room for, the most used first, and the rest in a menu.
// Whoever owns a button appends it to `[data-part=tools]` and shows, hides and words it; where it stands is decided
// here. `data-rank` tells how often it is needed: 1 first. `data-leads` names what it leads to: while that is in sight
// the others come first. What a button does is told by its words or `aria-expanded`.

import { arrange, isBlocked, part, show } from "./dom.js";

const RARELY = 5;
const LAST = 9;
/**
 * In rem, from the widest column to the narrowest: from which width on, what the name and the end need there, the edges
 * of a button, and the button that leads to the rest. In a wide one more stands beside the name; in a narrow one the
 * number alone is its name (`head.css` has the same widths).
 */
const COLUMNS = [
  { from: 48, beside: 26, edges: 1.6, more: 4.6 },
  { from: 34, beside: 15, edges: 1.6, more: 4.6 },
  { from: 0, beside: 9.4, edges: 1.2, more: 4.2 },
];
/** In rem. */
const LETTER = 0.47;

/**
 * How many buttons stand in the bar: all of them, or the first ones and what leads to the rest.
 * @param {readonly string[]} labels by rank
 * @param {number} width of the column, in rem
 */
export function inTheBar(labels, width) {
  const { beside: name, edges, more } = COLUMNS.find(({ from }) => width >= from) ?? { beside: width, edges: 0, more: 0 };
  const room = width - name;
  let taken = 0;
  let beside = 0;
  for (const label of labels) {
    taken += edges + LETTER * label.length;
    if (taken + more <= room) beside += 1;
  }
  return taken <= room ? labels.length : beside;
}

/**
 * Put the focus on a button wherever it stands: on what opens the menu when it is in there.
 * @param {HTMLElement} button
 */
export function focusTool(button) {
  const menu = button.closest("[role=menu]");
  const more = menu instanceof HTMLElement && menu.hidden ? menu.parentElement?.querySelector("[data-part=more]") : null;
  (more instanceof HTMLElement ? more : button).focus();
}

/**
 * @typedef {object} Toolbar
 * @property {() => void} toMenu open the menu, if there is one
 */

/**
 * @param {HTMLElement} pane
 * @returns {Toolbar}
 */
export function toolbarView(pane) {
  const tools = part(pane, "tools");
  const more = part(pane, "more");
  const menu = part(pane, "menu");
  let width = 0;

  /** @param {HTMLElement} button */
  function rank({ dataset }) {
    const there = dataset["leads"] === undefined ? null : document.querySelector(`[data-part=${dataset["leads"]}]`);
    return there instanceof HTMLElement && !there.hidden ? LAST : Number(dataset["rank"] ?? RARELY);
  }
  /** In a practice only what can be practised is there. @param {Element} button */
  const isThere = (button) => button instanceof HTMLElement && !button.hidden
    && (pane.dataset["practice"] !== "true" || button.dataset["practised"] !== undefined);
  const items = () => [...menu.children].filter(isThere);

  function fit() {
    const focused = document.activeElement;
    const all = [...tools.querySelectorAll("button")].filter((button) => button !== more);
    all.sort((one, other) => rank(one) - rank(other));
    const shown = all.filter(isThere);
    const stand = shown.slice(0, inTheBar(shown.map((button) => button.textContent.trim()), width));
    const rest = all.filter((button) => !stand.includes(button));
    arrange(menu, rest);
    arrange(tools, [...stand, more, menu]);
    for (const button of stand) button.removeAttribute("role");
    for (const button of rest) button.setAttribute("role", "menuitem");
    for (const button of all) button.tabIndex = stand.includes(button) ? 0 : -1;
    show(more, stand.length < shown.length);
    if (more.hidden) open(false);
    // A button that has just been moved has lost the focus, and so has the menu that is gone.
    if (focused instanceof HTMLElement && focused !== document.activeElement && pane.contains(focused)) focusTool(focused);
    watched.takeRecords();
  }

  /** @param {boolean} opened */
  function open(opened) {
    show(menu, opened);
    more.setAttribute("aria-expanded", String(opened));
  }

  /** @param {number} place from the end when it is negative */
  function toItem(place) {
    open(true);
    const all = items();
    const item = all.at(all.length === 0 ? 0 : place % all.length);
    if (item instanceof HTMLElement) item.focus();
  }

  /** @param {string} key */
  function step(key) {
    const all = items();
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
    const place = steps[/** @type {keyof typeof steps} */ (key)];
    if (place !== undefined) return place;
    const said = key.length === 1 ? key.toLocaleLowerCase() : null;
    const next = [...all.slice(at + 1), ...all.slice(0, at + 1)].find(
      (item) => said !== null && item.textContent.trim().toLocaleLowerCase().startsWith(said),
    );
    return next === undefined ? null : all.indexOf(next);
  }

  more.addEventListener("click", () => {
    if (menu.hidden) toItem(0);
    else open(false);
  });
  more.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    toItem(event.key === "ArrowDown" ? 0 : -1);
  });
  menu.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") {
      event.preventDefault();
      open(false);
      more.focus();
      return;
    }
    const place = step(event.key);
    if (place === null) return;
    event.preventDefault();
    toItem(place);
  });
  // After whoever owns the button: that may have put the focus elsewhere.
  menu.addEventListener("click", (event) => {
    const item = event.target instanceof Element ? event.target.closest("button") : null;
    if (item === null || isBlocked(item)) return;
    if (menu.contains(document.activeElement)) more.focus();
    open(false);
  });
  tools.addEventListener("focusout", ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && tools.contains(relatedTarget))) open(false);
  });

  const watched = new MutationObserver(fit);
  watched.observe(tools, { childList: true, subtree: true, attributeFilter: ["hidden"] });
  new ResizeObserver(([entry]) => {
    const fontSize = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const room = Math.floor((entry?.contentRect.width ?? 0) / fontSize);
    if (room === width || room === 0) return;
    width = room;
    fit();
  }).observe(pane);

  fit();
  return {
    toMenu() {
      if (!more.hidden) toItem(0);
    },
  };
}
