// SPDX-License-Identifier: EUPL-1.2
// How much of a long log is in the page: its newest lines, and more as one scrolls up or asks for it. So eight long talks
// cost no more than eight short ones. Knows nothing of what the lines say.

import { part, show } from "./dom.js";

/** So many lines more each time. */
export const LINES = 60;
const QUIET_MS = 500;
/** How near the beginning one is when more is shown, in CSS pixels. */
const NEAR_START = 300;

/**
 * From which line on a log is shown. Pure.
 * @param {number} from which it was
 * @param {number} count of all lines
 * @param {boolean} following whether one reads the newest; otherwise nothing vanishes under one's eyes
 */
export function shownFrom(from, count, following) {
  return following ? Math.max(0, count - LINES) : Math.min(from, count);
}

/**
 * @typedef {object} LogWindow
 * @property {(count: number, following: boolean) => number} fit from which of so many lines on to draw
 * @property {(line: number) => void} include this line, and draw if it was not there
 */

/**
 * @param {HTMLElement} root the part of the pane that scrolls
 * @param {(from: number) => void} draw
 * @returns {LogWindow}
 */
export function logWindow(root, draw) {
  const earlier = part(root, "earlier");
  let from = 0;

  /** @param {number} next */
  function reveal(next) {
    const below = root.scrollHeight - root.scrollTop;
    const held = document.activeElement === earlier;
    from = next;
    show(earlier, from > 0);
    // Old words are not news: no voice reads them all aloud.
    root.setAttribute("aria-busy", "true");
    draw(from);
    setTimeout(() => root.removeAttribute("aria-busy"), QUIET_MS);
    // What one reads stays where it is.
    root.scrollTop = root.scrollHeight - below;
    if (held && earlier.hidden) root.focus();
  }

  const more = () => reveal(Math.max(0, from - LINES));
  earlier.addEventListener("click", more);
  root.addEventListener("scroll", () => from > 0 && root.scrollTop < NEAR_START && more(), { passive: true });

  return {
    fit(count, following) {
      from = shownFrom(from, count, following);
      show(earlier, from > 0);
      return from;
    },
    include(line) {
      if (line < from) reveal(Math.max(0, line - LINES / 2));
    },
  };
}
