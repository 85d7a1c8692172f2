// SPDX-License-Identifier: EUPL-1.2
// What the server has told of each service that lies at hand while one writes: asked for when a conversation is taken
// and when it is opened, never on the way of a key. Owns how old it may be.

import { isLive } from "./conversation.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./words.js").Worded} Worded */

/**
 * @typedef {object} Place somewhere to turn
 * @property {"emergency" | "chat" | "web" | "phone" | "service" | "referral"} kind
 * @property {string} name
 * @property {string} address
 * @property {string} number its digits, where it is a telephone number
 * @property {string} note
 * @property {boolean | null} open null: not known
 * @property {string} when
 * @property {string | null} checked ISO date
 * @property {Record<string, string>} say the sentence about it, by language
 */

/**
 * @typedef {object} Card
 * @property {string} about
 * @property {string} heading
 * @property {Worded | null} own
 * @property {Worded | null} duty
 * @property {string[]} do
 * @property {Record<string, string[]>} say
 * @property {string[]} avoid
 * @property {string[]} lines digits of the numbers that belong to it
 */

/** @typedef {import("./reply_search.js").Replies & {edit: string, lines: Place[], cards: Card[], routine: string}} Told routine: its version */
/** @typedef {{told: Told | null, at: number, failed: boolean}} Known */

const PATIENCE_MS = 4000;
const AGAIN_MS = 2000;

/**
 * Whose replies and lines belong to a conversation. A guest has those of their own place.
 * @param {State} state
 * @param {readonly {id: string}[]} services of this sign-in
 * @param {Conversation | undefined} held
 */
export function serviceOf(state, services, held) {
  const mine = services.map(({ id }) => id);
  return [held?.service ?? "", ...state.duty.services, ...mine].find((id) => mine.includes(id)) ?? "";
}

/**
 * Whether something can be put into what is written there.
 * @param {Conversation | undefined} held
 */
export function isWritable(held) {
  return held !== undefined && isLive(held) && held.phase !== "ending";
}

/**
 * @param {{ask: (service: string) => Promise<Told>, now: () => number, heard: () => void}} options `heard`: there is news
 */
export function atHand({ ask, now, heard }) {
  /** @type {Map<string, Known>} */
  const known = new Map();
  /** @type {Map<string, number>} when each was last asked for */
  const asked = new Map();

  /** @param {string} service */
  async function refresh(service) {
    asked.set(service, now());
    const told = await ask(service).catch(() => null);
    const before = known.get(service);
    // What was told before is better than nothing: its age is shown.
    known.set(service, told === null
      ? { told: before?.told ?? null, at: before?.at ?? 0, failed: true }
      : { told, at: now(), failed: false });
    heard();
  }

  return {
    /** @param {string} service @returns {Known | undefined} */
    of: (service) => known.get(service),
    /**
     * Ask, unless it is known and no older than this.
     * @param {string} service
     * @param {number} oldest milliseconds
     */
    want(service, oldest) {
      const one = known.get(service);
      if (service === "" || now() - (asked.get(service) ?? -Infinity) < AGAIN_MS) return;
      if (one?.told == null || one.failed || now() - one.at > oldest) void refresh(service);
    },
  };
}

/**
 * @param {string} language
 * @returns {(service: string) => Promise<Told>}
 */
export function askServer(language) {
  return async (service) => {
    const address = `/console/at-hand/${encodeURIComponent(service)}?lang=${encodeURIComponent(language)}`;
    const answer = await fetch(address, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };
}
