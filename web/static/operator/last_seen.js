// SPDX-License-Identifier: EUPL-1.2
// How the visitor's connection stands, and since when, as the head of a conversation tells it. Pure.

import { isLive } from "./conversation.js";

/** @typedef {import("./types.js").Conversation} Conversation */

/** So long "came back" is told: after that she is simply here. */
export const BACK_MS = 10 * 60_000;
/** From here on the time of day says more than a number of minutes. */
const LONG_MIN = 60;

/**
 * What a frame tells of her connection. To the minute: at the moment when it happens our own clock is more exact.
 * @param {Pick<Conversation, "connected" | "awaySince" | "backAt">} held
 * @param {{connected: boolean, since?: string}} told
 * @param {number} now milliseconds
 * @returns {Pick<Conversation, "connected" | "awaySince" | "backAt">}
 */
export function seenNow(held, { connected, since }, now) {
  if (connected) return { connected, awaySince: null, backAt: held.connected ? held.backAt : now };
  if (!held.connected && held.awaySince !== null) return { connected, awaySince: held.awaySince, backAt: null };
  const told = Date.parse(since ?? "");
  const exact = Number.isNaN(told) || now - told < 60_000;
  return { connected, awaySince: exact ? now : told, backAt: null };
}

/**
 * Which text says it, by its id, and with what.
 * @param {Conversation} held
 * @param {number} now milliseconds
 * @returns {{text: string, n?: number, at?: number}} `n`: minutes, `at`: the time of day in it
 */
export function lastSeen(held, now) {
  if (held.reason === "left_quickly" && !isLive(held)) return { text: "presence.left_quickly" };
  if (held.connected) {
    if (held.backAt === null || now - held.backAt > BACK_MS) return { text: "presence.here" };
    return { text: "presence.back", at: held.backAt };
  }
  if (held.awaySince === null) return { text: "presence.away" };
  const n = Math.floor((now - held.awaySince) / 60_000);
  if (n >= LONG_MIN) return { text: "presence.away_at", at: held.awaySince };
  return n < 1 ? { text: "presence.away_now" } : { text: "presence.away_for", n };
}
