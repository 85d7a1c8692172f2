// SPDX-License-Identifier: EUPL-1.2
// How much of a long log is laid out: its newest lines, and more as one scrolls up or asks for it. The lines before are
// there and kept, but the page spends nothing on them when it turns from talk to talk. Knows nothing of what they say.

import { part, show } from "./dom.js";

/** So many lines more each time. */
export const LINES = 40;
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
 * @param {HTMLElement} root the part of the pane that scrolls
 * @param {HTMLElement} list
 */
export function logWindow(root, list) {
  const earlier = part(root, "earlier");
  let from = 0;

  function apply() {
    let at = 0;
    for (const line of list.children) {
      if (line instanceof HTMLElement) show(line, at >= from);
      at += 1;
    }
    show(earlier, from > 0);
  }

  /** @param {number} next */
  function reveal(next) {
    const below = root.scrollHeight - root.scrollTop;
    from = next;
    apply();
    // What one reads stays where it is.
    root.scrollTop = root.scrollHeight - below;
  }

  function more() {
    const held = document.activeElement === earlier;
    reveal(Math.max(0, from - LINES));
    if (held && earlier.hidden) root.focus();
  }

  earlier.addEventListener("click", more);
  root.addEventListener("scroll", () => from > 0 && root.scrollTop < NEAR_START && more(), { passive: true });

  return {
    /** @param {boolean} following */
    fit(following) {
      from = shownFrom(from, list.childElementCount, following);
      apply();
    },
    /** @param {HTMLElement} line is to be seen */
    include(line) {
      if (line.hidden) reveal(Math.max(0, [...list.children].indexOf(line) - LINES / 2));
    },
  };
}
