// SPDX-License-Identifier: EUPL-1.2
// The banner about danger in one conversation: what, who, from which message, and what this service does then.
// It never stands in the way of writing, and the volunteer folds it.

import { alarmGuess, alarmHeading, alarmWhen } from "./alarm_words.js";
import { isLive } from "./conversation.js";
import { alarmOf, isAcute, isFolded, routineFor } from "./danger.js";
import { mark, part, partOf, show, write, writeOrHide } from "./dom.js";
import { say } from "./words.js";

/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./words.js").Page} Page */

/** Where there is room for one line only: a phone with its keyboard, a small window that is enlarged. */
export const LOW = "(max-height: 31.25rem)";
/** From this size of the pane, in rem, the routine is open from the start. */
const ROOM = { width: 30, height: 37.5 };

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
  const low = matchMedia(LOW);
  let opened = false;
  let wasLow = low.matches;
  part(root, "alarm-fold").addEventListener("click", () => {
    opened = false;
    hands.fold();
  });
  part(root, "alarm-jump").addEventListener("click", () => hands.jump(key));
  part(root, "alarm-unfold").addEventListener("click", () => {
    opened = true;
    hands.unfold();
    heading.focus();
  });
  followRoom(root);

  return {
    render(held) {
      if (wasLow !== low.matches) opened = false;
      wasLow = low.matches;
      const alarm = isLive(held) ? alarmOf(held) : null;
      show(root, alarm !== null);
      if (alarm === null) return;
      const acute = isAcute(alarm);
      const seen = isFolded(held, alarm);
      const folded = seen || (low.matches && !opened);
      root.setAttribute("aria-label", say(page, "alarm.label", { n: held.number }));
      mark(root, "level", acute ? "acute" : "concern");
      mark(root, "folded", String(folded));
      write(part(root, "alarm-level"), say(page, `level.${acute ? "acute" : "concern"}`));
      // In the one line of a low pane that comes first which she cannot know yet: that a place is missing.
      const place = alarm.place > 0 ? say(page, "alarm.place") : "";
      write(heading, (folded && !seen && place) || alarmHeading(page, alarm, held.service));
      show(part(root, "alarm-body"), !folded);
      show(part(root, "alarm-fold"), !folded);
      show(part(root, "alarm-unfold"), folded);
      show(part(root, "alarm-short"), folded);
      writeOrHide(part(root, "alarm-place"), place);
      writeOrHide(part(root, "alarm-when"), alarmWhen(page, held, alarm));
      writeOrHide(part(root, "alarm-sounds"), alarm.said ? alarmGuess(page, alarm, held.service) : "");
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

/**
 * Open the routine where the pane has room for it, until the volunteer opens or closes it herself.
 * @param {HTMLElement} root
 */
function followRoom(root) {
  const details = partOf(root, "alarm-details", HTMLDetailsElement);
  const pane = root.closest(".pane");
  if (pane === null) return;
  const follow = new ResizeObserver(() => {
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const taken = pane.querySelector("[data-part=practice]")?.clientHeight ?? 0;
    details.open = pane.clientWidth >= ROOM.width * rem && pane.clientHeight - taken >= ROOM.height * rem;
  });
  follow.observe(pane);
  details.querySelector("summary")?.addEventListener("click", () => follow.disconnect());
}
