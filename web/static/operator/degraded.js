// SPDX-License-Identifier: EUPL-1.2
// That messages take longer just now: a line at the top of the side, for as long as the server says so.

import { part, show } from "./dom.js";

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

/** @param {import("./pieces.js").PieceOptions} options */
export function degradedLine({ root }) {
  const line = part(root, "degraded");
  return {
    /** @param {import("./types.js").Frame} frame */
    hear(frame) {
      const slow = isSlow(frame);
      if (slow !== null) show(line, slow);
    },
  };
}
