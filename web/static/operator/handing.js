// SPDX-License-Identifier: EUPL-1.2
// What the panel asks of the server: the receivers as they are now, what tells who somebody is, and the question itself.
// Decides nothing.

import { isLive } from "./conversation.js";
import { find } from "./desk.js";
import { toSend } from "./handover.js";

/** @typedef {import("./handover_types.js").Hand} Hand */
/** @typedef {import("./handover_types.js").Receivers} Receivers */
/** @typedef {import("./handover_seen.js").Rules} Rules */
/** @typedef {import("./types.js").Act} Act */
/** @typedef {import("./types.js").State} State */

const PATIENCE_MS = 4000;

/**
 * @typedef {object} House what surrounds the panel
 * @property {() => State} state
 * @property {(act: Act) => void} act
 * @property {(frame: {type: string, [field: string]: unknown}) => boolean} send false: not connected
 * @property {(service: string) => Promise<Receivers>} fetch
 * @property {(service: string, language: string) => Promise<Rules>} fetchRules
 * @property {() => string} newId
 */

/**
 * @param {House} house
 * @returns {{hand: (conversation: string, hand: Hand) => void, ask: (conversation: string) => void,
 *   askAgain: (conversation: string) => void}}
 */
export function handingOver({ state, act, send, fetch, fetchRules, newId }) {
  /** @param {string} service */
  async function refresh(service) {
    const receivers = await fetch(service).catch(() => null);
    act({ type: "receivers", service, receivers });
  }

  /** @param {string} service @param {string} language the visitor's: what is taken out is named in it */
  async function learn(service, language) {
    const key = rulesKey(service, language);
    if (state().rules[key] !== undefined) return;
    // Without them the preview says what is taken out, and shows it as it stands.
    const rules = await fetchRules(service, language).catch(() => null);
    if (rules !== null) act({ type: "rules", key, rules });
  }

  /** @param {string} conversation */
  function askAgain(conversation) {
    const [held, hand] = [find(state(), conversation), state().handovers[conversation]];
    if (held === undefined || !held.readable || !isLive(held) || hand?.asking == null || hand.sent === null) return;
    send({ type: "ask", conversation, id: hand.asking, draft: toSend(hand.sent) });
  }

  return {
    hand(conversation, hand) {
      if (hand.do === "take_back" && !send({ type: "take_back", conversation })) return;
      act({ type: "hand", conversation, hand });
      const held = find(state(), conversation);
      // A console stays open for a whole shift: an agreement may have ended, or a unit have got its key.
      if (hand.do !== "open" || held === undefined) return;
      void refresh(held.service);
      void learn(held.service, held.language);
    },
    ask(conversation) {
      if (state().handovers[conversation]?.asking != null) return;
      act({ type: "hand", conversation, hand: { do: "ask", id: newId() } });
      askAgain(conversation);
    },
    askAgain,
  };
}

/**
 * @param {string} service
 * @param {string} language
 */
export function rulesKey(service, language) {
  return `${service} ${language}`;
}

/**
 * @param {string} language
 * @returns {House["fetch"]}
 */
export function receiversFrom(language) {
  return (service) => told("/console/receivers/", service, language);
}

/** @type {House["fetchRules"]} */
export function rulesFrom(service, language) {
  return told("/rules/", service, language);
}

/**
 * @param {string} path
 * @param {string} service
 * @param {string} language
 */
async function told(path, service, language) {
  const address = `${path}${encodeURIComponent(service)}?lang=${encodeURIComponent(language)}`;
  const answer = await fetch(address, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}
