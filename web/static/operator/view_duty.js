// SPDX-License-Identifier: EUPL-1.2
// The duty at the side: whether one is on duty, as whom and where, the way to the first screen, and the fold with what
// is about oneself. Knows no conversation; what a shift has besides is `shift.js`.

import { isHeld } from "./conversation.js";
import { mark, part, partOf, show, write, writeOrHide } from "./dom.js";
import { say, serviceName } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./words.js").Page} Page */

/**
 * @typedef {object} DutyView
 * @property {(state: State) => void} render
 */

/**
 * @param {HTMLElement} root the whole page
 * @param {Page} page
 * @param {() => void} toStart
 * @returns {DutyView}
 */
export function dutyView(root, page, toStart) {
  const [card, mine] = [part(root, "duty"), partOf(root, "my-shift", HTMLDetailsElement)];
  part(card, "to-start").addEventListener("click", toStart);
  /** @type {boolean | null} */
  let shownOn = null;
  return {
    render(state) {
      const { duty } = state;
      const held = card.contains(document.activeElement) || mine.contains(document.activeElement);
      mark(card, "on", String(duty.on));
      mark(mine, "on", String(duty.on));
      show(part(root, "duty-title"), !duty.on);
      show(part(root, "duty-on"), duty.on);
      show(part(root, "mine-on"), duty.on);
      show(part(root, "duty-off"), !duty.on && state.conversations.length > 0);
      write(part(root, "duty-alias"), duty.alias);
      write(part(root, "duty-services"), duty.services.map((id) => serviceName(page, id)).join(", "));
      const dropped = duty.dropped ? say(page, "duty.dropped") : "";
      const kept = !duty.on && state.conversations.some(isHeld) ? say(page, "card.kept") : "";
      writeOrHide(part(root, "duty-refusal"), [dropped, duty.refusal].filter(Boolean).join(" "));
      writeOrHide(part(root, "shift-kept"), kept);
      // During a shift the room is the queue's.
      if (shownOn !== duty.on) mine.open = !duty.on;
      if (shownOn !== null && shownOn !== duty.on && (held || isNowhere())) part(root, "duty-heading").focus();
      shownOn = duty.on;
    },
  };
}

function isNowhere() {
  return document.activeElement === null || document.activeElement === document.body;
}
