// SPDX-License-Identifier: EUPL-1.2
// The duty card at the side: whether one is on duty, as whom and where, and the way to the first screen. Knows no
// conversation; what a shift has besides is `shift.js`.

import { isHeld } from "./conversation.js";
import { mark, part, show, write, writeOrHide } from "./dom.js";
import { say, serviceName } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./words.js").Page} Page */

/**
 * @typedef {object} DutyView
 * @property {(state: State) => void} render
 */

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {() => void} toStart
 * @returns {DutyView}
 */
export function dutyView(root, page, toStart) {
  part(root, "to-start").addEventListener("click", toStart);
  /** @type {boolean | null} */
  let shownOn = null;
  return {
    render(state) {
      const { duty } = state;
      const held = root.contains(document.activeElement);
      mark(root, "on", String(duty.on));
      show(part(root, "duty-on"), duty.on);
      show(part(root, "duty-off"), !duty.on && state.conversations.length > 0);
      write(part(root, "duty-alias"), duty.alias);
      write(part(root, "duty-services"), duty.services.map((id) => serviceName(page, id)).join(", "));
      const dropped = duty.dropped ? say(page, "duty.dropped") : "";
      const kept = !duty.on && state.conversations.some(isHeld) ? say(page, "card.kept") : "";
      writeOrHide(part(root, "duty-refusal"), [dropped, duty.refusal].filter(Boolean).join(" "));
      writeOrHide(part(root, "shift-kept"), kept);
      if (shownOn !== null && shownOn !== duty.on && (held || isNowhere())) part(root, "duty-heading").focus();
      shownOn = duty.on;
    },
  };
}

function isNowhere() {
  return document.activeElement === null || document.activeElement === document.body;
}
