// SPDX-License-Identifier: EUPL-1.2
// Giving a conversation to somebody else: what its frames have told, by conversation, and what there is to say of it.
// Pure; knows no page.

import { moveTo } from "./warm_entries.js";

/** @typedef {import("./types.js").Frame} Frame */

/** @typedef {{to: string, alias: string, free: number}} Person */
/**
 * @typedef {{service: string, name: string, organisation: string, here: boolean, own?: boolean, crosses?: boolean,
 *   people?: Person[]}} Place somewhere it could go
 * @typedef {{name: string, alias?: string, crosses?: boolean, left_s?: number, ended?: string}} Shown as `transfer` tells
 * @typedef {{service: string, to?: string, name: string, crosses: boolean}} Choice to whom, before it is confirmed
 */

/**
 * @typedef {object} Told what is known of giving one conversation away
 * @property {readonly Place[] | null} places null while nobody has asked
 * @property {boolean} open the list of them is shown
 * @property {Choice | null} choice what is to be confirmed
 * @property {string | null} asked the organisation that she is asked about
 * @property {Shown | null} offer to whom it is offered, or what came of that
 * @property {number} offerAt milliseconds: when that was told
 * @property {string} put_away what came of the last offer, once it has been read: told again, it is not shown
 * @property {boolean} declined her last answer was a no
 * @property {boolean} since what was written before it came here is not theirs to read
 */

/** @type {Told} */
export const NOTHING = { places: null, open: false, choice: null, asked: null, offer: null, offerAt: 0, put_away: "", declined: false, since: false };

/**
 * What one frame changes.
 * @param {Told} told
 * @param {Frame} frame
 * @param {number} now milliseconds
 * @returns {Told}
 */
export function after(told, frame, now) {
  switch (frame.type) {
    case "transfers":
      return { ...told, places: frame.places };
    case "transfer": {
      const offer = frame.transfer ?? null;
      const isOpen = offer !== null && offer.ended === undefined;
      // What one has taken back oneself needs no telling, and what has been read no second one.
      const isKnown = offer?.ended === "taken_back" || (!isOpen && nameOf(offer) === told.put_away);
      const known = { ...told, offer: isKnown ? null : offer, offerAt: now, declined: false };
      return isOpen ? { ...known, open: false, choice: null, put_away: "" } : known;
    }
    case "accepted": {
      const known = { ...told, since: frame.since_transfer === true };
      return frame.entries.reduce((so, entry) => ("type" in entry ? following(so, entry) : so), known);
    }
    default:
      return following(told, frame);
  }
}

/**
 * @param {Told} told
 * @param {{type: string, proposal?: unknown, invited?: string}} heard a frame or an entry
 * @returns {Told}
 */
function following(told, heard) {
  switch (heard.type) {
    case "proposal":
    case "proposed": {
      const asked = moveTo(heard.proposal);
      return { ...told, asked, declined: false, ...(asked !== null && { open: false, choice: null, offer: null }) };
    }
    case "taken_back":
      return { ...told, asked: null };
    case "answered":
      return told.asked === null ? told : { ...told, asked: null, declined: !heard.invited };
    default:
      return told;
  }
}

/** @param {Shown | null} offer */
function nameOf(offer) {
  return offer === null ? "" : [offer.ended, offer.alias, offer.name].join(" ");
}

/**
 * What came of it has been read.
 * @param {Told} told
 * @returns {Partial<Told>}
 */
export function putAway({ offer }) {
  return { offer: null, declined: false, put_away: nameOf(offer) };
}

/** @param {Told} told */
export function isOffered({ offer }) {
  return offer !== null && offer.ended === undefined;
}

/**
 * Seconds that it is offered yet.
 * @param {Told} told
 * @param {number} now milliseconds
 */
export function left({ offer, offerAt }, now) {
  return Math.max(0, Math.round((offer?.left_s ?? 0) - (now - offerAt) / 1000));
}

/**
 * The sentence about it, as the id of a text and its values; null when there is nothing to say.
 * @param {Told} told
 * @returns {{text: string, values: Record<string, string>} | null}
 */
export function lineOf({ asked, offer, declined }) {
  if (asked !== null) return { text: "transfer.asked", values: { to: asked } };
  if (offer !== null) {
    const values = { to: offer.alias || offer.name };
    if (offer.ended !== undefined) return { text: `returned.${offer.ended}`, values };
    return { text: offer.crosses === true ? "transfer.offered_hers" : "transfer.offered", values };
  }
  return declined ? { text: "transfer.stays", values: {} } : null;
}

/**
 * Whether anybody could take it.
 * @param {readonly Place[]} places
 */
export function isAnybodyThere(places) {
  return places.some(({ here, own, people = [] }) => people.length > 0 || (here && own !== true));
}

/**
 * What is said beside the question whether it is the right one: how long she has been here, and her last words, unless
 * they are covered.
 * @param {import("./types.js").Conversation} held
 * @param {number} now milliseconds
 * @returns {{minutes: number, words: string}}
 */
export function whichOne(held, now) {
  const start = Date.parse(held.started ?? "") || held.since;
  const last = held.entries.findLast(({ type, from, seq }) => type === "said" && from === "visitor" && seq !== null);
  const words = last === undefined || last.seen?.cover !== undefined ? "" : last.text.trim();
  const short = words.length > 60 ? `${[...words].slice(0, 60).join("")}…` : words;
  return { minutes: Math.max(0, Math.floor((now - start) / 60_000)), words: short };
}
