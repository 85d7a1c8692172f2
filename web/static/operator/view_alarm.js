// SPDX-License-Identifier: EUPL-1.2
// The banner about danger in one conversation: what, who, from which message, and what this service does then.
// It never stands in the way of writing, and the volunteer folds it.

import { alarmGuess, alarmHeading } from "./alarm_words.js";
import { isLive } from "./conversation.js";
import { alarmOf, isAcute, isFolded, routineFor } from "./danger.js";
import { mark, part, show, write, writeOrHide } from "./dom.js";
import { say } from "./words.js";

/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./words.js").Page} Page */

/**
 * @typedef {object} AlarmView
 * @property {(held: Conversation) => void} render
 */

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {{fold: () => void, unfold: () => void, jump: (key: string) => void}} hands
 * @returns {AlarmView}
 */
export function alarmView(root, page, hands) {
  let key = "";
  const heading = part(root, "alarm-heading");
  const routine = part(root, "alarm-routine");
  part(root, "alarm-fold").addEventListener("click", hands.fold);
  part(root, "alarm-jump").addEventListener("click", () => hands.jump(key));
  part(root, "alarm-unfold").addEventListener("click", () => {
    hands.unfold();
    heading.focus();
  });

  return {
    render(held) {
      const alarm = isLive(held) ? alarmOf(held) : null;
      show(root, alarm !== null);
      if (alarm === null) return;
      const acute = isAcute(alarm);
      const folded = isFolded(held, alarm);
      root.setAttribute("aria-label", say(page, "alarm.label", { n: held.number }));
      mark(root, "level", acute ? "acute" : "concern");
      mark(root, "folded", String(folded));
      write(part(root, "alarm-level"), say(page, `level.${acute ? "acute" : "concern"}`));
      write(heading, alarmHeading(page, alarm));
      show(part(root, "alarm-body"), !folded);
      show(part(root, "alarm-fold"), !folded);
      show(part(root, "alarm-unfold"), folded);
      writeOrHide(part(root, "alarm-place"), alarm.place > 0 ? say(page, "alarm.place") : "");
      writeOrHide(part(root, "alarm-sounds"), alarm.said ? alarmGuess(page, alarm) : "");
      show(part(root, "alarm-guess"), alarm.level !== null);
      write(part(root, "alarm-emergency"), say(page, `emergency.${acute ? "acute" : "concern"}`));
      key = held.entries.find((entry) => entry.seq === alarm.seq)?.key ?? "";
      const own = page.services.find((service) => service.id === held.service)?.routine[routineFor(alarm)];
      write(routine, own?.text ?? say(page, `routine.${routineFor(alarm)}`));
      routine.lang = own?.tag ?? "";
      routine.dir = own?.direction ?? "auto";
      if (own === undefined) routine.removeAttribute("lang");
    },
  };
}
