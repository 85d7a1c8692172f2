// SPDX-License-Identifier: EUPL-1.2
// What the made-up visitor of the practice writes and when, and what is to be learnt at each step. Pure: time comes
// with each call, and nothing here knows the page or a connection.

/**
 * @typedef {object} Practice
 * @property {number} step in `STEPS`
 * @property {number} since milliseconds: when the step began
 * @property {number} played how many of its lines have been played
 * @property {boolean} pinged something was written while she was silent
 * @property {boolean} [raised] the hand is up
 */

/**
 * @typedef {{after: number, line: "typing" | "greet" | "answer" | "silence" | "danger" | "masked" | "bye"}} Line
 * @typedef {{name: "greet" | "answer" | "silence" | "danger" | "hand" | "masked" | "line" | "bye" | "over", lines: readonly Line[]}} Step
 */

/** @type {readonly Step[]} each goes on when all of it has been played and something was answered */
export const STEPS = [
  { name: "greet", lines: [{ after: 0, line: "greet" }] },
  { name: "answer", lines: [{ after: 1200, line: "typing" }, { after: 4500, line: "answer" }] },
  { name: "silence", lines: [{ after: 1500, line: "typing" }, { after: 16_000, line: "silence" }] },
  { name: "danger", lines: [{ after: 1200, line: "typing" }, { after: 4500, line: "danger" }] },
  { name: "hand", lines: [] },
  { name: "masked", lines: [{ after: 1200, line: "typing" }, { after: 4500, line: "masked" }] },
  { name: "line", lines: [] },
  { name: "bye", lines: [{ after: 1200, line: "typing" }, { after: 4000, line: "bye" }] },
  { name: "over", lines: [] },
];

/** @param {number} now @returns {Practice} */
export function begun(now) {
  return { step: 0, since: now, played: 0, pinged: false };
}

/** @param {Practice} practice @returns {Step["name"]} */
export function nameOf({ step }) {
  return STEPS[step]?.name ?? "over";
}

/**
 * What is due by `now`, and the practice after it.
 * @param {Practice} practice
 * @param {number} now
 * @returns {{practice: Practice, lines: Line["line"][]}}
 */
export function due(practice, now) {
  const left = (STEPS[practice.step]?.lines ?? []).slice(practice.played);
  const lines = left.filter(({ after }) => now - practice.since >= after).map(({ line }) => line);
  return { practice: lines.length === 0 ? practice : { ...practice, played: practice.played + lines.length }, lines };
}

/** @param {Practice} practice */
function isPlayed({ step, played }) {
  return played >= (STEPS[step]?.lines.length ?? 0);
}

/**
 * Something was written to her. While she is silent that does not bring her back sooner.
 * @param {Practice} practice
 * @param {number} now
 * @returns {Practice}
 */
export function answered(practice, now) {
  if (!isPlayed(practice)) return nameOf(practice) === "silence" ? { ...practice, pinged: true } : practice;
  return nameOf(practice) === "bye" ? practice : next(practice, now);
}

/**
 * The hand goes up or down, at whatever step: that brings nobody, and is spoken of where it is to be learnt.
 * @param {Practice} practice
 * @param {boolean} up
 * @returns {Practice}
 */
export function handed(practice, up) {
  return { ...practice, raised: up };
}

/**
 * One step on without waiting: what she has not written yet comes now, or else the next step begins.
 * @param {Practice} practice
 * @param {number} now
 * @returns {{practice: Practice, lines: Line["line"][]}}
 */
export function hurried(practice, now) {
  if (!canHurry(practice)) return { practice, lines: [] };
  if (isPlayed(practice)) return due(next(practice, now), now);
  return due({ ...practice, since: -Infinity }, now);
}

/**
 * Whether there is anything to go on to: all but the end can be had without waiting.
 * @param {Practice} practice
 */
export function canHurry(practice) {
  const name = nameOf(practice);
  return name !== "over" && !(name === "bye" && isPlayed(practice));
}

/**
 * It was ended, as one ends a conversation.
 * @param {Practice} practice
 * @param {number} now
 * @returns {Practice}
 */
export function over(practice, now) {
  return { ...practice, step: STEPS.length - 1, since: now, played: 0 };
}

/** @param {Practice} practice @param {number} now @returns {Practice} */
function next(practice, now) {
  return { ...practice, step: practice.step + 1, since: now, played: 0, pinged: false };
}

/**
 * The message id of what is to be learnt now.
 * @param {Practice} practice
 */
export function tip(practice) {
  const name = nameOf(practice);
  if (name === "hand" && practice.raised === true) return "practice.tip.hand_up";
  // Nothing tells of danger before she has written it.
  const back = name === "silence" ? isPlayed(practice) : name === "danger" && !isPlayed(practice);
  if (back) return "practice.tip.back";
  if (name !== "silence") return `practice.tip.${name}`;
  return practice.pinged ? "practice.tip.pinged" : "practice.tip.silence";
}
