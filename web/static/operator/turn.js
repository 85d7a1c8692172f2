// SPDX-License-Identifier: EUPL-1.2
// Whose turn it is in a conversation, and how long she has waited for an answer. Pure.

import { isLive } from "./conversation.js";
import { languageName, minutesOpen, placeName, say } from "./words.js";

/** @typedef {import("./types.js").Conversation} Conversation */
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
 * @param {"head" | "tab"} where
 */
export function turnShown(page, minutes, where) {
  if (minutes === null) return "";
  return minutes === 0 ? say(page, `turn.${where}_now`) : say(page, `turn.${where}`, { n: minutes });
}

/**
 * What tells one tab from another, without telling who it is: first what is to be done, then what it is.
 * @param {Page} page
 * @param {Conversation} held
 * @param {string} draft
 * @param {number} now
 * @returns {{first: string, second: string}}
 */
export function tabLines(page, held, draft, now) {
  const minutes = say(page, "minutes", { n: minutesOpen(held, now) });
  const about = [languageName(page, held.language), placeName(page, held)];
  if (!isLive(held)) return { first: say(page, held.phase === "ended" ? "tab_ended" : "tab_lost"), second: joined(about) };
  const unsent = draft.trim() === "" ? "" : say(page, "tab_draft");
  const first = joined([turnShown(page, waitsFor(held, now), "tab"), unsent]);
  return { first: first || minutes, second: joined(first === "" ? about : [...about, minutes]) };
}

/** @param {readonly string[]} words */
function joined(words) {
  return words.filter(Boolean).join(" · ");
}
