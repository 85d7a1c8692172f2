// SPDX-License-Identifier: EUPL-1.2
// The buttons about one conversation: as many as its column has room for, the most used first, and the rest in a menu.
// Whoever owns a button appends it to `[data-part=tools]` and shows, hides and words it; where it stands is decided
// here. `data-rank` tells how often it is needed: 1 first. What a button does is told by its words or `aria-expanded`.

import { arrange, isBlocked, mark, part, show } from "./dom.js";

const RARELY = 5;
/** Beside the name: from how wide a column (rem) there is room for two buttons, for three, and so on. */
const WIDE_ENOUGH = [26, 38, 47, 56, 66, 76];

/**
 * How many buttons a column has room for; one of them leads to the menu where there are more.
 * @param {number} width in rem
 */
export function placesIn(width) {
  return 1 + WIDE_ENOUGH.filter((least) => width >= least).length;
}

/**
 * Which buttons stand in the bar: all of them, or as many as leave room for the one that leads to the rest.
 * @template T
 * @param {readonly T[]} shown by rank
 * @param {number} places
 * @returns {readonly T[]}
 */
export function inTheBar(shown, places) {
  return shown.length <= places ? shown : shown.slice(0, places - 1);
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
  let places = 1;

  const rank = (/** @type {HTMLElement} */ button) => Number(button.dataset["rank"] ?? RARELY);
  const items = () => [...menu.children].filter((item) => item instanceof HTMLElement && !item.hidden);

  function fit() {
    const focused = document.activeElement;
    const all = [...tools.querySelectorAll("button")].filter((button) => button !== more);
    all.sort((one, other) => rank(one) - rank(other));
    const shown = all.filter((button) => !button.hidden);
    const stand = inTheBar(shown, places);
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
    const places = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
    const place = places[/** @type {keyof typeof places} */ (key)];
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
    const room = placesIn((entry?.contentRect.width ?? 0) / fontSize);
    if (room === places || entry?.contentRect.width === 0) return;
    places = room;
    mark(tools, "places", String(places));
    fit();
  }).observe(pane);

  fit();
  return {
    toMenu() {
      if (!more.hidden) toItem(0);
    },
  };
}
