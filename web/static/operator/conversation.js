// SPDX-License-Identifier: EUPL-1.2
// One open conversation as the console holds it: pure functions from frames and acts to the next value.
// Knows no page, no socket and no other conversation.

/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./types.js").OperatorEntry} OperatorEntry */

/** The id of the conversation with nobody, in which one practises; the server gives no such id. */
export const PRACTICE = "practice";

/** How long "is writing" is shown: the server's own time. */
export const TYPING_MS = 6000;

/**
 * @param {string} id
 * @param {number} number
 * @param {string} service
 * @param {number} now
 * @returns {Conversation}
 */
export function opened(id, number, service, now) {
  return {
    id,
    number,
    service,
    seq: 0,
    entries: [],
    readable: true,
    connected: true,
    awaySince: null,
    backAt: null,
    acute: false,
    acuteAt: null,
    deniedAt: null,
    started: null,
    language: "",
    intake: null,
    as_guest: null,
    since: now,
    typingUntil: 0,
    unread: 0,
    phase: "open",
    reason: "",
    by: "",
    notice: "",
    folded: null,
    uncovered: [],
    choosing: false,
    aside: false,
    back: false,
    unsafe: null,
  };
}

/**
 * Whether it can still be written in.
 * @param {Conversation} conversation
 */
export function isLive(conversation) {
  return conversation.phase !== "ended" && conversation.phase !== "lost";
}

/**
 * Whether this operator has come to it as a supervisor, for the colleague who holds it.
 * @param {Conversation} conversation
 */
export function supervises(conversation) {
  return isLive(conversation) && conversation.as_guest?.supervisor === true;
}

/**
 * Whether somebody real is in it, whom one must not forget.
 * @param {Conversation} conversation
 */
export function isHeld(conversation) {
  return isLive(conversation) && conversation.id !== PRACTICE;
}

/**
 * Put entries that the server has among those held: deduplicated, in the server's order, unsent ones last.
 * @param {Conversation} conversation
 * @param {readonly OperatorEntry[]} incoming
 * @returns {Conversation}
 */
export function merged(conversation, incoming) {
  /** @type {Map<number, Entry>} */
  const bySeq = new Map();
  for (const entry of conversation.entries) if (entry.seq !== null) bySeq.set(entry.seq, entry);
  /** @type {Map<string, Entry>} */
  const unsent = new Map();
  for (const entry of conversation.entries) if (entry.seq === null) unsent.set(entry.id ?? entry.key, entry);
  for (const entry of incoming) {
    if (bySeq.has(entry.seq)) continue;
    const own = unsent.get(entry.id ?? "");
    unsent.delete(entry.id ?? "");
    bySeq.set(entry.seq, settled(entry, own?.key));
  }
  const known = [...bySeq.entries()].sort(([one], [other]) => one - other).map(([, entry]) => entry);
  return { ...conversation, entries: [...attributed(known, conversation.as_guest?.holder ?? null), ...unsent.values()] };
}

/**
 * @param {OperatorEntry} entry
 * @param {string | undefined} key
 * @returns {Entry}
 */
function settled(entry, key) {
  return {
    key: key ?? `seq-${entry.seq}`,
    type: entry.type,
    seq: entry.seq,
    from: entry.from ?? null,
    text: entry.text ?? "",
    at: entry.at ?? null,
    id: entry.id ?? null,
    alias: entry.alias ?? null,
    delivery: "sent",
    retry: false,
    why: "",
    sentAt: 0,
    seen: entry.seen ?? null,
    proposal: entry.proposal ?? null,
    receivers: entry.receivers ?? [],
    guest: entry.type === "said" && typeof entry.alias === "string",
    organisation: entry.organisation ?? null,
  };
}

/**
 * Name the operator of each message after whoever joined last before it; a guest may not have seen that.
 * @param {readonly Entry[]} entries
 * @param {string | null} holder
 * @returns {Entry[]}
 */
function attributed(entries, holder) {
  let alias = holder;
  return entries.map((entry) => {
    if (entry.type === "joined") alias = entry.alias;
    if (entry.from !== "operator" || entry.guest || entry.alias === alias) return entry;
    return { ...entry, alias };
  });
}

/**
 * How far the entries reach without a hole, from what had been read before.
 * @param {Conversation} conversation
 * @returns {number}
 */
export function reached(conversation) {
  let seq = conversation.seq;
  for (const entry of conversation.entries) if (entry.seq === seq + 1) seq += 1;
  return seq;
}

/**
 * Whether an entry is known to be missing: something later is here, and it is not one of ours on its way.
 * @param {Conversation} conversation
 */
export function hasHole(conversation) {
  let seen = 0;
  let newest = 0;
  let unsent = 0;
  for (const entry of conversation.entries) {
    if (entry.seq === null) unsent += entry.delivery === "sending" ? 1 : 0;
    else if (entry.seq > conversation.seq) {
      seen += 1;
      newest = Math.max(newest, entry.seq);
    }
  }
  const missing = newest === 0 ? 0 : newest - conversation.seq - seen;
  return isLive(conversation) && missing > unsent;
}

/**
 * @param {Conversation} conversation
 * @param {string} id
 * @param {string} text
 * @param {number} now
 * @returns {Conversation}
 */
export function sending(conversation, id, text, now) {
  /** @type {Entry} */
  const entry = {
    key: `own-${id}`,
    type: "said",
    seq: null,
    from: "operator",
    text,
    at: null,
    id,
    alias: null,
    delivery: "sending",
    retry: false,
    why: "",
    sentAt: now,
    seen: null,
    proposal: null,
    receivers: [],
    guest: conversation.as_guest !== null,
    organisation: null,
  };
  return { ...conversation, entries: [...conversation.entries, entry], notice: "" };
}

/**
 * The server has our message: it takes its place in the order.
 * @param {Conversation} conversation
 * @param {string} id
 * @param {number} seq
 * @param {string} at
 * @returns {Conversation}
 */
export function acknowledged(conversation, id, seq, at) {
  const own = conversation.entries.find((entry) => entry.id === id && entry.seq === null);
  if (own === undefined) return conversation;
  const alias = own.guest ? { alias: "" } : {};
  const next = merged(conversation, [{ type: "said", seq, from: "operator", text: own.text, at, id, ...alias }]);
  return { ...next, seq: reached(next) };
}

/**
 * @param {Conversation} conversation
 * @param {string} id
 * @param {Partial<Entry>} change
 * @returns {Conversation}
 */
export function changedEntry(conversation, id, change) {
  return {
    ...conversation,
    entries: conversation.entries.map((entry) =>
      entry.id === id && entry.seq === null ? { ...entry, ...change } : entry,
    ),
  };
}

/**
 * @param {Conversation} conversation
 * @param {string} id
 * @returns {Conversation}
 */
export function withoutUnsent(conversation, id) {
  return {
    ...conversation,
    entries: conversation.entries.filter((entry) => entry.id !== id || entry.seq !== null),
  };
}

/**
 * Nobody is ending it any more.
 * @param {Conversation} conversation
 * @returns {Conversation}
 */
export function asOpen(conversation) {
  return { ...conversation, phase: "open", choosing: false, unsafe: null };
}

/**
 * It is over for this console, by the visitor, by time or by us. Nothing more is on its way.
 * @param {Conversation} conversation
 * @param {"ended" | "lost"} phase
 * @param {string} reason
 * @returns {Conversation}
 */
export function closed(conversation, phase, reason) {
  return {
    ...conversation,
    phase,
    reason,
    // A reason that was only chosen when it ended in another way has ended nothing.
    unsafe: conversation.phase === "ending" ? conversation.unsafe : null,
    typingUntil: 0,
    notice: "",
    entries: conversation.entries.map((entry) =>
      entry.delivery === "sending" ? { ...entry, delivery: "failed", retry: false, why: "" } : entry,
    ),
  };
}

/**
 * What was written in conversations that go on and could not be kept just now, in its order.
 * @param {{conversations: readonly Conversation[]}} state
 */
export function refusedForNow({ conversations }) {
  return conversations.filter(isLive).flatMap(({ id: conversation, entries }) =>
    entries.flatMap(({ id, text, seq, delivery, retry }) =>
      seq === null && id !== null && delivery === "failed" && retry ? [{ conversation, id, text }] : [],
    ),
  );
}
