// SPDX-License-Identifier: EUPL-1.2
// That messages take longer just now: a line at the top, over whatever is open, for as long as the server says so.

import { part, show } from "./dom.js";
import { connectionShown } from "./words.js";

/**
 * Whether it is so after a frame; null: the frame says nothing about it. Pure.
 * @param {import("./types.js").Frame} frame
 * @returns {boolean | null}
 */
export function isSlow(frame) {
  // A new connection is told so anew, right after it is ready.
  if (frame.type === "ready") return false;
  return frame.type === "degraded" ? frame.away : null;
}

/**
 * Whether the line is shown. Where contact itself is in doubt another line says so, and this one, which says that
 * all goes on as usual, would contradict it. Pure.
 * @param {boolean} slow
 * @param {import("./types.js").State} state
 */
export function isToldSlow(slow, state) {
  return slow && connectionShown(state) === "fine";
}

/** @param {import("./pieces.js").PieceOptions} options */
export function degradedLine({ root, state }) {
  const line = part(root, "degraded");
  let slow = false;
  /** @param {import("./types.js").State} now */
  const render = (now) => show(line, isToldSlow(slow, now));
  return {
    render,
    /** @param {import("./types.js").Frame} frame */
    hear(frame) {
      slow = isSlow(frame) ?? slow;
      render(state());
    },
  };
}
