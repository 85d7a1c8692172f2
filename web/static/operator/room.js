// SPDX-License-Identifier: EUPL-1.2
// How many conversations this operator may hold at once, by the service's rule and by what was chosen for the shift, and
// whether there is room for one more. Pure.

import { isLive } from "./conversation.js";
import { waited } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./words.js").Page} Page */

/** Whoever has waited for so long is not about to be taken by somebody else. */
const LONG_S = 30;

/** @param {State} state */
export function heldNow({ conversations }) {
  return conversations.filter(isLive).length;
}

/**
 * How many at once a service lets one of its volunteers hold.
 * @param {Page} page
 * @param {string} service
 */
export function mostOf({ services }, service) {
  return services.find(({ id }) => id === service)?.capacity ?? Infinity;
}

/**
 * Whether one more of this service would be one too many.
 * @param {State} state
 * @param {(service: string) => number} most how many at once a service lets one of its volunteers hold
 * @param {string} service
 */
export function isFull(state, most, service) {
  return heldNow(state) >= Math.min(state.duty.capacity ?? Infinity, most(service));
}

/**
 * Whether somebody has just waited for long whom this operator has no room for: a desk that is full is not rung at, and
 * all of them may be full. In danger no time is long enough to wait for that.
 * @param {State} before
 * @param {State} state
 * @param {(service: string) => number} most
 */
export function waitsInVain(before, state, most) {
  if (!state.duty.on || state.duty.paused !== null) return false;
  const long = (/** @type {State} */ at) => new Set(at.waiting
    .filter((one) => one.connected && (one.acute || waited(at, one) >= LONG_S)).map(({ conversation }) => conversation));
  const known = long(before);
  const now = long(state);
  return state.waiting.some(({ conversation, service }) =>
    now.has(conversation) && !known.has(conversation) && isFull(state, most, service));
}
