// SPDX-License-Identifier: EUPL-1.2
// Who rings at this console, how urgent that is and how loud, and what makes one soft tone. Pure: knows neither sound
// nor page.

import { isLive } from "./conversation.js";
import { isFull, waitsInVain } from "./room.js";
import { connectionShown } from "./words.js";

/** @typedef {import("./types.js").State} State */

/**
 * @typedef {{conversation: string, acute: boolean, mine: boolean, joins?: boolean, offered?: string}} Call
 * @typedef {(service: string) => number} MostOf how many at once a service lets one of its volunteers hold
 */

/**
 * What a volunteer has chosen for this page.
 * @typedef {object} Choice
 * @property {"low" | "middle" | "high"} volume
 * @property {boolean} quiet no sound tonight
 * @property {readonly string[]} hushed what was silenced by hand, until something else rings
 *
 * @typedef {object} Ring
 * @property {"" | "waiting" | "mine" | "acute"} kind how urgent the most urgent of them is; empty: nothing rings
 * @property {readonly string[]} calls who rings, whether it is heard or not
 * @property {number} level from 0 to 1
 */

/** How loud, as a share of what the machine can do: soft on purpose, in a room where somebody may sleep. */
const LEVELS = { low: 0.05, middle: 0.12, high: 0.3 };
/** Whoever writes with somebody hears it half as loud: it must not frighten. */
const BUSY = 0.5;
const ACUTE = 1.3;
const TONE = 0.6;

/**
 * Who rings: those who wait and are there, whoever has let one of us in, what a colleague offers us, and at a
 * supervisor's whatever calls for one. It goes on until somebody has taken them.
 * Nobody rings for one who could not accept: off duty, pausing, or with as many conversations as agreed. A raised hand
 * rings all the same: nobody else is told of it.
 * @param {State} state
 * @param {MostOf} [mostOf]
 * @returns {readonly Call[]}
 */
export function callsOf(state, mostOf = () => Infinity) {
  const { duty, claiming } = state;
  const reached = state.ready && (state.link === "open" || state.link === "doubtful");
  if (!reached || !duty.on) return [];
  const alarms = state.alarms.filter(({ of }) => !claiming.includes(of));
  const called = alarms.map(({ key, acute }) => ({ conversation: key, acute, mine: true }));
  if (Boolean(duty.paused) || isFull(state, () => Infinity, "")) return called;
  // One who has lost her connection is in the queue, and rings when she is back.
  const waiting = [...state.waiting, ...state.joins, ...state.offers].filter(
    ({ conversation, connected, service, joins }) =>
      connected && !claiming.includes(conversation) && (joins === true || !isFull(state, mostOf, service)),
  );
  return [...called, ...waiting];
}

/**
 * @param {State} state
 * @param {Choice} choice
 * @param {MostOf} [mostOf]
 * @returns {Ring}
 */
export function ringOf(state, { volume, quiet, hushed }, mostOf) {
  const all = callsOf(state, mostOf);
  const calls = all.map(({ conversation }) => conversation);
  const heard = quiet ? [] : all.filter(({ conversation }) => !hushed.includes(conversation));
  if (heard.length === 0) return { kind: "", calls, level: 0 };
  const acute = heard.some((one) => one.acute);
  const kind = acute ? "acute" : heard.some(({ mine, joins, offered }) => mine || joins || offered !== undefined) ? "mine" : "waiting";
  const busy = state.focused && state.pane === "conversation" && state.conversations.some(isLive);
  return { kind, calls, level: LEVELS[volume] * (busy ? BUSY : 1) * (acute ? ACUTE : 1) };
}

/**
 * The one tone that a change makes: something new where nobody looks, somebody who waits for a desk that is full, or the
 * connection is gone.
 * @param {State} before
 * @param {State} state
 * @param {MostOf} [mostOf]
 * @returns {"" | "message" | "lost"}
 */
export function toneOf(before, state, mostOf = () => Infinity) {
  const atWork = before.duty.on || before.conversations.some(isLive);
  if (atWork && connectionShown(before) !== "lost" && connectionShown(state) === "lost") return "lost";
  const old = new Map(before.conversations.map((held) => [held.id, held.unread]));
  // What a reload brings is no news.
  const isNews = state.conversations.some(
    (held) => isLive(held) && old.has(held.id) && held.unread > (old.get(held.id) ?? 0),
  );
  return isNews || waitsInVain(before, state, mostOf) ? "message" : "";
}

/**
 * @param {Choice} choice
 * @returns {number}
 */
export function toneLevel({ volume, quiet }) {
  return quiet ? 0 : LEVELS[volume] * TONE;
}
