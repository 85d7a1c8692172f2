// SPDX-License-Identifier: EUPL-1.2
// Whose turn it is in a conversation, and how long she has waited for an answer. Pure.

import { isLive } from "./conversation.js";
import { turned } from "./desk.js";
import { languageName, minutesOpen, placeName, say } from "./words.js";

/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./types.js").State} State */
/** @typedef {import("./words.js").Page} Page */

/** From so many minutes on it is told more plainly. */
export const LONG_WAIT = 3;

/**
 * Whole minutes that she has waited for an answer; null when she does not: it is over, or the last word is ours.
 * What the service says by itself is no answer.
 * @param {Conversation} held
 * @param {number} now milliseconds
 * @returns {number | null}
 */
export function waitsFor(held, now) {
  if (!isLive(held)) return null;
  const { entries } = held;
  let first = null;
  for (let at = entries.length - 1; at >= 0; at -= 1) {
    const entry = entries[at];
    if (entry === undefined || entry.type !== "said" || entry.from === "service") continue;
    if (entry.from !== "visitor") break;
    first = entry;
  }
  if (first === null) return null;
  const since = Date.parse(first.at ?? "");
  return Number.isNaN(since) ? 0 : Math.max(0, Math.floor((now - since) / 60_000));
}

/**
 * @param {Page} page
 * @param {number | null} minutes
 */
export function turnShown(page, minutes) {
  if (minutes === null) return "";
  return minutes === 0 ? say(page, "turn.head_now") : say(page, "turn.head", { n: minutes });
}

/**
 * What tells one tab from another, without telling who it is: first what is to be done, then what it is. What a figure
 * stands for is `told` in words.
 * @param {Page} page
 * @param {Conversation} held
 * @param {string} draft
 * @param {number} now
 * @returns {{first: string, second: string, told: string, unsent: boolean}}
 */
export function tabLines(page, held, draft, now) {
  const minutes = say(page, "minutes", { n: minutesOpen(held, now) });
  const about = [languageName(page, held.language), placeName(page, held)];
  if (!isLive(held)) {
    const over = say(page, held.phase === "ended" ? "tab_ended" : "tab_lost");
    return { first: over, second: joined(about), told: joined([over, ...about]), unsent: false };
  }
  const waits = waitsFor(held, now);
  const unsent = draft.trim() !== "";
  const told = joined([turnShown(page, waits), unsent ? say(page, "tab_draft") : "", ...about, minutes]);
  if (waits === null) return { first: joined(about), second: minutes, told, unsent };
  const first = waits === 0 ? say(page, "tab_now") : say(page, "minutes", { n: waits });
  return { first, second: joined(about), told, unsent };
}

/**
 * Turn to whom an answer has been due the longest; as it was when nobody waits.
 * @param {State} state
 * @returns {State}
 */
export function longestFirst(state) {
  const since = (/** @type {Conversation} */ held) => waitsFor(held, state.now) ?? -1;
  const [first] = state.conversations.filter((held) => since(held) >= 0).sort((one, other) => since(other) - since(one));
  return first === undefined ? state : turned(state, first.id);
}

/** @param {readonly string[]} words */
function joined(words) {
  return words.filter(Boolean).join(" · ");
}
