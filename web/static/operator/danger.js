// SPDX-License-Identifier: EUPL-1.2
// What is known of danger in one conversation, and when the volunteer is told again. Pure.
// Never a score: what she says comes before what her words sound like, acute before concern, the newest of its kind.

/** @typedef {import("./types.js").Alarm} Alarm */
/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").Conversation} Conversation */

/** What tells where somebody is: `PLACES` in `moderation/verdict.py`. */
const PLACES = ["address", "postcode"];

/**
 * @param {Conversation} held
 * @returns {Alarm | null} null when nothing is known of danger
 */
export function alarmOf(held) {
  const newest = (/** @type {"acute" | "concern"} */ level) =>
    held.entries.findLast((entry) => entry.seen?.danger === level);
  const acute = newest("acute");
  const worst = acute ?? newest("concern");
  if (worst === undefined && !held.acute) return null;
  const isAcute = held.acute || acute !== undefined;
  return {
    said: held.acute,
    // A guest who may not read what came before knows that she told of it, and not in which words.
    told: held.acute && held.acuteAt === null && held.as_guest?.history === false,
    before: held.acute && held.intake?.acute === true,
    level: worst?.seen?.danger ?? null,
    subject: worst?.seen?.subject ?? "visitor",
    seq: worst?.seq ?? 0,
    place: isAcute ? (held.entries.findLast(lacksPlace)?.seq ?? 0) : 0,
  };
}

/** @param {Alarm} alarm */
export function isAcute(alarm) {
  return alarm.said || alarm.level === "acute";
}

/**
 * Whether there is something worse, or newer and acute, than what the volunteer knows of.
 * @param {Alarm} alarm
 * @param {Alarm | null} known
 */
export function isNews(alarm, known) {
  if (known === null) return true;
  if (alarm.said && !known.said) return true;
  if (alarm.place > known.place) return true;
  if (alarm.level === "acute") return known.level !== "acute" || alarm.seq > known.seq;
  return alarm.level === "concern" && known.level === null && !known.said;
}

/**
 * Whether the banner is folded: the volunteer has seen this, and nothing has come since that must be seen.
 * @param {Conversation} held
 * @param {Alarm} alarm
 */
export function isFolded(held, alarm) {
  return held.folded !== null && !isNews(alarm, held.folded);
}

/**
 * Which of a service's routines fits.
 * @param {Alarm} alarm
 * @returns {"acute" | "concern" | "self" | "other"}
 */
export function routineFor(alarm) {
  if (alarm.level !== null && alarm.subject !== "visitor" && (alarm.level === "acute" || !alarm.said)) {
    return alarm.subject;
  }
  return isAcute(alarm) ? "acute" : "concern";
}

/** @param {Entry} entry */
function lacksPlace(entry) {
  return entry.seen?.masked?.some((kind) => PLACES.includes(kind)) ?? false;
}
