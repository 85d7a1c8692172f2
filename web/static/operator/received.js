// SPDX-License-Identifier: EUPL-1.2
// What a frame from the server changes. Pure; what the operator does herself is `state.js`.

import { alarmsOf } from "./alarms.js";
import { TYPING_MS, acknowledged, asOpen, changedEntry, closed, isHeld, isLive, merged, reached } from "./conversation.js";
import { added, dismissed, find, isBefore, replaced, turned } from "./desk.js";
import { seenNow } from "./last_seen.js";
import { entryOf, questioned, refusedQuestion, settledBy } from "./question.js";
import { toldApart } from "./warm_entries.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Frame} Frame */

/**
 * @param {State} state
 * @param {Frame} frame
 * @returns {State}
 */
export function received(state, frame) {
  switch (frame.type) {
    case "ready":
      return readied(state, frame.held);
    case "duty": {
      const dropped = state.duty.on && !frame.on && !state.duty.pending;
      const { on, services, alias = "", capacity = null, paused = null } = frame;
      const duty = { on, services, alias: alias ?? "", capacity, paused, pending: false, refusal: "", taken: false };
      return { ...state, duty: { ...duty, dropped }, ...(frame.on ? {} : { waiting: [], waitingMore: 0, joins: [], offers: [], alarms: [] }) };
    }
    case "waiting":
      return {
        ...state,
        waiting: frame.conversations.filter((one) => one.joins !== true && one.offered === undefined),
        waitingMore: frame.more ?? 0,
        joins: frame.conversations.filter((one) => one.joins === true),
        offers: frame.conversations.filter((one) => one.offered !== undefined),
        waitingAt: state.now,
      };
    case "alerts":
      return { ...state, alarms: alarmsOf(frame) };
    case "accepted":
      return accepted(state, frame);
    case "nack":
      return refused(state, frame);
    case "beat":
    case "drain":
    case "degraded":
      return state;
    default:
      return "conversation" in frame ? heard(state, frame) : state;
  }
}

/**
 * A frame about one conversation that is held here.
 * @param {State} state
 * @param {Extract<Frame, {conversation: string}>} frame
 * @returns {State}
 */
function heard(state, frame) {
  const id = frame.conversation;
  const conversation = find(state, id);
  // Over before the answer to our claim came: nothing is on its way any more.
  if (conversation === undefined && frame.type === "ended") return unclaimed(state, id);
  if (conversation === undefined || !isLive(conversation)) return state;
  switch (frame.type) {
    case "acute":
      return replaced(state, id, (held) => ({ ...held, acute: true, acuteAt: isoMinute(state.now), deniedAt: null }));
    case "not_acute":
      return replaced(state, id, (held) => ({ ...held, deniedAt: isoMinute(state.now) }));
    case "said": {
      const isNew = !conversation.entries.some((entry) => entry.seq === frame.seq);
      return replaced(state, id, (held) => {
        const next = merged(held, [frame]);
        const unread = held.unread + (isNew && frame.from === "visitor" && !isBefore(state, id) ? 1 : 0);
        return { ...next, seq: reached(next), unread, typingUntil: frame.from === "visitor" ? 0 : held.typingUntil };
      });
    }
    case "ack":
      return replaced({ ...state, spoken: true }, id, (held) =>
        acknowledged(held, frame.id, frame.seq, isoMinute(state.now)),
      );
    case "noted":
      // For those who look elsewhere it is something new in this conversation; what it says is for `notes.js` alone.
      if (frame.own === true || isBefore(state, id)) return state;
      return replaced(state, id, (held) => ({ ...held, unread: held.unread + 1 }));
    case "typing":
      return replaced(state, id, (held) => ({ ...held, typingUntil: state.now + TYPING_MS }));
    case "presence":
      return replaced(state, id, (held) => ({
        ...held,
        ...seenNow(held, frame, state.now),
        aside: held.aside && !frame.connected,
        typingUntil: frame.connected ? held.typingUntil : 0,
      }));
    case "proposal":
    case "taken_back":
    case "answered":
      return asked(state, frame, conversation);
    case "guest_joined":
    case "supervisor_came":
    case "guest_left":
    case "uninvited":
    case "stayed":
      return replaced(state, id, (held) => {
        const next = merged(held, [frame]);
        return { ...next, seq: reached(next) };
      });
    case "yours":
      return replaced(state, id, (held) => {
        const { seq, alias, relieved } = frame;
        const told = [{ type: /** @type {const} */ ("relieved"), seq: seq - 1, alias: relieved }, { type: /** @type {const} */ ("joined"), seq, alias }];
        const next = merged({ ...held, as_guest: null }, told);
        return { ...next, seq: reached(next) };
      });
    case "lost":
      return frame.by === undefined ? replaced(state, id, (held) => closed(held, "lost", lostBy(held))) : handedOver(state, id, frame.by);
    case "ended":
      return replaced(state, id, (held) => closed(held, "ended", frame.reason));
    default:
      return state;
  }
}

/**
 * Somebody else has it: what was said, and what was being written, is theirs alone to see.
 * @param {State} state
 * @param {string} id
 * @param {string} alias
 * @returns {State}
 */
function handedOver(state, id, alias) {
  const { [id]: _draft, ...drafts } = state.drafts;
  return replaced({ ...state, drafts }, id, (held) => ({
    ...closed(held, "lost", "transferred"),
    by: alias,
    entries: [],
    intake: null,
  }));
}

/**
 * She is asked, or what became of it: about a handover, or about a guest.
 * @param {State} state
 * @param {Extract<Frame, {type: "proposal" | "taken_back" | "answered"}>} frame
 * @param {import("./types.js").Conversation} conversation
 * @returns {State}
 */
function asked(state, frame, conversation) {
  const at = isoMinute(state.now);
  const entry = entryOf(frame, at);
  const earlier = conversation.entries.filter(({ seq }) => seq !== null && seq < frame.seq);
  const [told] = toldApart(earlier, [entry]);
  if (told === undefined || told.type === entry.type) return questioned(state, frame, at);
  return replaced(state, conversation.id, (held) => {
    const next = merged(held, [told]);
    return { ...next, seq: reached(next) };
  });
}

/**
 * @param {State} state
 * @param {{conversation: string, service: string}[]} held
 * @returns {State}
 */
function readied(state, held) {
  const ids = new Set(held.map((one) => one.conversation));
  /** @type {State} */
  let next = {
    ...state,
    met: true,
    ready: true,
    conversations: state.conversations.map((one) =>
      isHeld(one) && !ids.has(one.id) ? closed(one, "lost", "gone") : one,
    ),
  };
  for (const one of held) {
    const known = find(next, one.conversation);
    if (known !== undefined && !isLive(known)) next = dismissed(next, one.conversation);
    if (known === undefined || !isLive(known)) next = added(next, one.conversation, one.service);
  }
  return next;
}

/**
 * @param {State} state
 * @param {Extract<Frame, {type: "accepted"}>} frame
 * @returns {State}
 */
function accepted(state, frame) {
  const claimed = state.claiming.includes(frame.conversation);
  const before = find(state, frame.conversation);
  let next = before !== undefined && !isLive(before) ? dismissed(state, frame.conversation) : state;
  if (find(next, frame.conversation) === undefined) next = added(next, frame.conversation, frame.service);
  const entries = toldApart(find(next, frame.conversation)?.entries ?? [], frame.entries);
  next = replaced(next, frame.conversation, (held) => {
    // What she said after the last answer; a reloaded page cannot know what was read.
    const answered = Math.max(held.seq, ...frame.entries.map((entry) => (entry.from === "operator" ? entry.seq : 0)));
    const news = frame.entries.filter((entry) => entry.from === "visitor" && entry.seq > answered).length;
    const full = merged({ ...held, as_guest: frame.as_guest ?? null }, entries);
    // A long conversation comes in parts: an answer in this one is an answer to what came before it too.
    const unread = answered > held.seq ? 0 : held.unread;
    const counts = !isBefore(state, held.id);
    return {
      ...full,
      seq: frame.readable ? Math.max(frame.seq, held.seq) : held.seq,
      readable: frame.readable,
      ...seenNow(held, frame, state.now),
      acute: frame.acute,
      started: frame.started ?? held.started,
      language: frame.language,
      intake: frame.intake ?? held.intake,
      unread: unread + (counts ? news : 0),
    };
  });
  next = settledBy(unclaimed(next, frame.conversation), frame.conversation, entries);
  // Whoever has begun to write elsewhere in the meantime is left there.
  return claimed && state.pane === "queue" ? turned(next, frame.conversation) : next;
}

/**
 * @param {State} state
 * @param {Extract<Frame, {type: "nack"}>} frame
 * @returns {State}
 */
function refused(state, frame) {
  const { conversation: id, id: message } = frame;
  // It was for colleagues: it is told where it was written, beside nothing that goes to her.
  if (frame.field === "note") return state;
  if (id !== undefined && state.claiming.includes(id)) {
    return { ...unclaimed(state, id), notice: frame.text };
  }
  const asked = refusedQuestion(state, frame);
  if (asked !== undefined) return asked;
  const held = id === undefined ? undefined : find(state, id);
  if (id !== undefined && held !== undefined) {
    if (message !== undefined && held.entries.some((entry) => entry.id === message)) {
      const change = /** @type {const} */ ({ delivery: "failed", retry: frame.retry, why: frame.text });
      return replaced(state, id, (one) => changedEntry(one, message, change));
    }
    return replaced(state, id, (one) => ({
      ...one,
      ...(one.phase === "ending" ? asOpen(one) : one),
      aside: false,
      back: false,
      notice: frame.text,
    }));
  }
  // Of no conversation, and with an id: whoever sent it knows it by that, and says so itself.
  if (id === undefined && message !== undefined) return state;
  if (state.duty.pending) {
    // Where the alias is typed it is said with a proposal.
    const taken = frame.code === "conflict";
    return { ...state, duty: { ...state.duty, pending: false, refusal: taken ? "" : frame.text, taken } };
  }
  return { ...state, notice: frame.text };
}

/**
 * @param {State} state
 * @param {string} id
 * @returns {State}
 */
function unclaimed(state, id) {
  return { ...state, claiming: state.claiming.filter((one) => one !== id) };
}

/** @param {import("./types.js").Conversation} held */
function lostBy({ as_guest, aside, back }) {
  if (as_guest !== null) return "guest";
  if (back) return "handed_back";
  return aside ? "aside" : "lost";
}

/** @param {number} now */
function isoMinute(now) {
  return `${new Date(now).toISOString().slice(0, 16)}Z`;
}
