// SPDX-License-Identifier: EUPL-1.2
// Whether the server is surely there: what was heard, what was asked and not answered, and what a sleep makes doubtful.
// Pure: from what happened to what is now believed, with the time as an argument. Knows neither socket nor page.

/** Beats come every 24 s at most; who hears nothing for longer has no right to say "connected". */
export const SILENT_MS = 28_000;
/** A page that is seen ticks every second. One that missed so many was asleep, and so was its network perhaps. */
export const GAP_MS = 5000;
/** Browsers let a hidden page tick once a minute. */
export const HIDDEN_GAP_MS = 75_000;
/** An answer takes no longer, or there is reason to doubt; after twice that it is not waited for. */
export const PATIENCE_MS = 6000;
export const DROP_MS = 2 * PATIENCE_MS;
/** What is heard is answered so often at most. The server takes a console that says nothing for a minute for gone. */
export const EVERY_MS = 10_000;

/**
 * @typedef {object} Contact
 * @property {number} heardAt
 * @property {number} tickAt
 * @property {number} toldAt when the last question was asked
 * @property {number} number of the last question
 * @property {number | null} askedAt since when an answer is awaited
 * @property {boolean} doubt
 *
 * @typedef {{type: "heard", id: number | null, now: number} | {type: "tick", now: number, hidden: boolean}
 *   | {type: "seen" | "woken" | "offline" | "online", now: number}} Happening
 * `heard`: any frame, `id` of an answer. `seen`: the page is looked at again. `woken`: it was frozen.
 *
 * @typedef {{contact: Contact, ask: boolean, drop: boolean}} Step ask: send `contact.number` and await its answer.
 *   drop: give this connection up
 */

/**
 * On a connection that has just been answered.
 * @param {number} now
 * @param {number} number where to go on counting
 * @returns {Contact}
 */
export function answered(now, number = 0) {
  return { heardAt: now, tickAt: now, toldAt: now - EVERY_MS, number, askedAt: null, doubt: false };
}

/**
 * @param {Contact} contact
 * @param {Happening} happening
 * @returns {Step}
 */
export function follow(contact, happening) {
  const { now } = happening;
  switch (happening.type) {
    case "heard":
      return heard({ ...contact, heardAt: now }, happening.id, now);
    case "tick":
      return ticked(contact, now, happening.hidden);
    case "seen":
      return asking(now - contact.heardAt > SILENT_MS ? { ...contact, doubt: true } : contact, now);
    case "online":
      return asking(contact, now);
    case "woken":
    case "offline":
      return asking({ ...contact, doubt: true }, now);
  }
}

/**
 * What lay in the network before a sleep is heard after it: only an answer to the newest question ends a doubt.
 * @param {Contact} contact
 * @param {number | null} id
 * @param {number} now
 * @returns {Step}
 */
function heard(contact, id, now) {
  if (id === contact.number) return still({ ...contact, askedAt: null, doubt: false });
  return contact.askedAt === null && now - contact.toldAt >= EVERY_MS ? asking(contact, now) : still(contact);
}

/**
 * @param {Contact} contact
 * @param {number} now
 * @param {boolean} hidden
 * @returns {Step}
 */
function ticked(contact, now, hidden) {
  const gap = now - contact.tickAt;
  const next = { ...contact, tickAt: now };
  // A clock that was set back is as good a reason: nothing that was measured with it holds.
  if (gap < 0 || gap > (hidden ? HIDDEN_GAP_MS : GAP_MS)) return asking({ ...next, heardAt: now, doubt: true }, now);
  if (contact.askedAt !== null) {
    const waited = now - contact.askedAt;
    return { contact: { ...next, doubt: contact.doubt || waited > PATIENCE_MS }, ask: false, drop: waited > DROP_MS };
  }
  return now - contact.heardAt > SILENT_MS ? asking({ ...next, doubt: true }, now) : still(next);
}

/**
 * @param {Contact} contact
 * @param {number} now
 * @returns {Step}
 */
function asking(contact, now) {
  return {
    contact: { ...contact, tickAt: now, toldAt: now, askedAt: now, number: contact.number + 1 },
    ask: true,
    drop: false,
  };
}

/**
 * @param {Contact} contact
 * @returns {Step}
 */
function still(contact) {
  return { contact, ask: false, drop: false };
}
