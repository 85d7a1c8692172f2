// SPDX-License-Identifier: EUPL-1.2
// How danger is told: what she says as a fact, what her words sound like as a guess. Pure.

import { isLive } from "./conversation.js";
import { alarmOf, isAcute, isFolded, isNews } from "./danger.js";
import { clock, say } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Alarm} Alarm */
/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./words.js").Page} Page */

/**
 * @param {Page} page
 * @param {Alarm} alarm
 * @param {string} service
 */
export function alarmHeading(page, alarm, service) {
  if (!alarm.said) return alarmGuess(page, alarm, service);
  if (alarm.told) return say(page, "alarm.told");
  return say(page, alarm.before ? "alarm.answered" : "alarm.said");
}

/**
 * When she said that she is in danger, or that she is not; empty when it is not known.
 * @param {Page} page
 * @param {Conversation} held
 * @param {Alarm} alarm
 */
export function alarmWhen(page, held, alarm) {
  return [whenSaid(page, held, alarm), whenDenied(page, held)].filter(Boolean).join(" ");
}

/**
 * @param {Page} page
 * @param {Conversation} held
 * @param {Alarm} alarm
 */
function whenSaid(page, held, alarm) {
  const at = Date.parse((alarm.before ? held.started : held.acuteAt) ?? "");
  if (!alarm.said || (Number.isNaN(at) && !alarm.before)) return "";
  if (Number.isNaN(at)) return say(page, "alarm.answered_before");
  return say(page, alarm.before ? "alarm.answered_at" : "alarm.said_at", { time: clock(page, at) });
}

/**
 * @param {Page} page
 * @param {Conversation} held
 */
function whenDenied(page, { deniedAt }) {
  return deniedAt === null ? "" : say(page, "alarm.denied_at", { time: clock(page, Date.parse(deniedAt)) });
}

/**
 * What a message sounds like; empty when none does.
 * Where those write who use violence, words of violence do not tell whom it is done to: there nobody is named.
 * @param {Page} page
 * @param {Alarm} alarm
 * @param {string} service
 */
export function alarmGuess(page, alarm, service) {
  if (alarm.level === null) return "";
  const track = page.services.find((one) => one.id === service)?.track;
  const who = alarm.subject === "visitor" && track === "perpetrator" ? "somebody" : alarm.subject;
  return say(page, `alarm.${alarm.level}_${who}`);
}

/**
 * The mark under the message that it comes from.
 * @param {Page} page
 * @param {Entry} entry
 */
export function markShown(page, entry) {
  const danger = entry.seen?.danger;
  return danger === undefined ? "" : say(page, `sounds.${danger}`);
}

/**
 * Why a message is covered; of several that say the same, how many.
 * @param {Page} page
 * @param {Entry} entry
 * @param {number} n
 */
export function coverShown(page, entry, n) {
  return n > 1 ? say(page, "covered_times", { n }) : say(page, `covered.${entry.seen?.cover ?? "other"}`);
}

/**
 * What stands on a tab: the alarm that has not been seen yet.
 * @param {Conversation} held
 * @returns {"acute" | "concern" | ""}
 */
export function tabAlarm(held) {
  const alarm = isLive(held) ? alarmOf(held) : null;
  if (alarm === null || isFolded(held, alarm)) return "";
  return isAcute(alarm) ? "acute" : "concern";
}

/**
 * Whether a conversation is over, or put away, since then: what was told aloud of it must not stay in the page, where
 * it would be read as if it were of another one.
 * @param {State} before
 * @param {State} state
 */
export function isOutdated(before, state) {
  const live = new Set(state.conversations.filter(isLive).map(({ id }) => id));
  const there = new Set(state.conversations.map(({ id }) => id));
  return before.conversations.some((old) => !there.has(old.id) || (isLive(old) && !live.has(old.id)));
}

/**
 * What a screen reader is told of danger: at once what is acute, in its turn what is not.
 * @param {Page} page
 * @param {State} before
 * @param {State} state
 * @returns {{urgent: string, calm: string}}
 */
export function alarmTold(page, before, state) {
  /** @type {string[]} */
  const urgent = [];
  /** @type {string[]} */
  const calm = [];
  for (const held of before.conversations === state.conversations ? [] : state.conversations) {
    const old = before.conversations.find((one) => one.id === held.id);
    const alarm = isLive(held) && old !== held ? alarmOf(held) : null;
    const name = say(page, "conversation", { n: held.number });
    if (old?.deniedAt !== held.deniedAt && held.deniedAt !== null) calm.push(`${name}. ${say(page, "alarm.denied")}`);
    const known = old === undefined ? null : alarmOf(old);
    if (alarm === null || !isNews(alarm, known)) continue;
    const told = alarm.place > (known?.place ?? 0) ? say(page, "alarm.place") : alarmHeading(page, alarm, held.service);
    (isAcute(alarm) ? urgent : calm).push(`${name}. ${told}`);
  }
  return { urgent: urgent.join(" "), calm: calm.join(" ") };
}
