// SPDX-License-Identifier: EUPL-1.2
// What the visitor has been asked for and has answered, from the log; and what that changes in the panel. Pure.

import { merged, reached } from "./conversation.js";
import { find, isBefore, replaced } from "./desk.js";
import { handled, isUnsaved, untouched } from "./handover.js";

/** @typedef {import("./handover_types.js").Hand} Hand */
/** @typedef {import("./handover_types.js").Handover} Handover */
/** @typedef {import("./handover_types.js").Question} Question */
/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").Frame} Frame */
/** @typedef {import("./types.js").OperatorEntry} OperatorEntry */
/** @typedef {import("./types.js").State} State */

/**
 * Where the question stands: the newest entry about it tells.
 * @param {Pick<Conversation, "entries">} held
 * @returns {Question}
 */
export function questionOf({ entries }) {
  const last = entries.findLast(({ type }) => /^(proposed|taken_back|answered|warm_asked|move_asked)$/.test(type));
  const proposal = entries.findLast(({ type }) => type === "proposed")?.proposal ?? null;
  // A question about a guest, or about going on elsewhere, has taken its place.
  if (last === undefined || /^(warm|move)_asked$/.test(last.type)) return { state: "none", seq: 0, at: null, receivers: [], proposal };
  const receivers = last.type === "proposed" ? (proposal?.offers ?? []).map(({ name }) => name) : last.receivers;
  return { state: stateOf(last), seq: last.seq ?? 0, at: last.at, receivers, proposal };
}

/**
 * @param {Entry} last
 * @returns {Question["state"]}
 */
function stateOf({ type, receivers }) {
  if (type === "proposed") return "asked";
  if (type === "taken_back") return "taken_back";
  return receivers.length > 0 ? "yes" : "no";
}

/**
 * The panel of a conversation, as it is or as it begins.
 * @param {State} state
 * @param {string} id
 * @returns {Handover}
 */
export function handoverOf(state, id) {
  return state.handovers[id] ?? untouched();
}

/**
 * Whether something is being written that would be lost.
 * @param {State} state
 * @param {string} id
 */
export function hasUnsent(state, id) {
  return (state.drafts[id] ?? "").trim() !== "" || isUnsaved(state.handovers[id]);
}

/**
 * @param {State} state
 * @param {string} id
 * @param {(held: Handover) => Handover} change
 * @returns {State}
 */
export function withHandover(state, id, change) {
  return { ...state, handovers: { ...state.handovers, [id]: change(handoverOf(state, id)) } };
}

/**
 * @param {State} state
 * @param {string} id of a conversation that is live
 * @param {Hand} hand
 * @returns {State}
 */
export function handing(state, id, hand) {
  const question = questionOf(find(state, id) ?? { entries: [] });
  return withHandover(state, id, (one) => {
    // Whoever opens the panel has read what came of the last question; one that is still asked stays in sight.
    const read = hand.do === "open" && question.state !== "asked" ? { put_away: question.seq } : {};
    return { ...handled(one, hand), ...read };
  });
}

/**
 * A question, or what became of it, has just come.
 * @param {State} state
 * @param {Extract<Frame, {type: "proposal" | "taken_back" | "answered"}>} frame
 * @param {string} at
 * @returns {State}
 */
export function questioned(state, frame, at) {
  const id = frame.conversation;
  const entry = entryOf(frame, at);
  const isNew = find(state, id)?.entries.every(({ seq }) => seq !== frame.seq) ?? false;
  const next = replaced(state, id, (held) => {
    const all = merged(held, [entry]);
    const unread = held.unread + (isNew && frame.type === "answered" && !isBefore(state, id) ? 1 : 0);
    return { ...all, seq: reached(all), unread };
  });
  return settledBy(next, id, [entry]);
}

/**
 * What entries about a question change in the panel: ours has come through, or is no longer asked.
 * @param {State} state
 * @param {string} id
 * @param {readonly OperatorEntry[]} entries
 * @returns {State}
 */
export function settledBy(state, id, entries) {
  const known = state.handovers[id];
  if (known === undefined) return state;
  let next = known;
  for (const entry of entries) {
    if (entry.type === "proposed" && entry.id !== undefined && entry.id === next.asking) {
      // Asked: the talk goes on. The draft stays, to be asked again in other words.
      next = { ...next, asking: null, open: false, step: "draft" };
    } else if (entry.type === "taken_back") next = { ...next, taking: false };
    else if (entry.type === "answered") next = answered(next);
  }
  return next === known ? state : withHandover(state, id, () => next);
}

/**
 * What has been answered is over; what was drafted since then is not.
 * @param {Handover} held
 * @returns {Handover}
 */
function answered(held) {
  const { draft } = untouched();
  return { ...held, taking: false, sent: null, draft: held.draft === held.sent ? draft : held.draft };
}

/**
 * The entry of the log that a frame is about.
 * @param {Extract<Frame, {type: "proposal" | "taken_back" | "answered"}>} frame
 * @param {string} at
 * @returns {OperatorEntry}
 */
export function entryOf(frame, at) {
  switch (frame.type) {
    case "proposal": {
      const { seq, proposal, id } = frame;
      return { type: "proposed", seq, from: "operator", at, proposal, ...(id !== undefined && { id }) };
    }
    case "taken_back":
      return { type: "taken_back", seq: frame.seq, from: "operator", at };
    case "answered":
      return { type: "answered", seq: frame.seq, from: "visitor", at, receivers: frame.receivers ?? [], ...(frame.invited && { invited: frame.invited }) };
  }
}

/**
 * A refusal of our question, or of taking it back; undefined when it is about neither.
 * @param {State} state
 * @param {Extract<Frame, {type: "nack"}>} frame
 * @returns {State | undefined}
 */
export function refusedQuestion(state, frame) {
  const { conversation: id, code, text } = frame;
  const held = id === undefined ? undefined : state.handovers[id];
  if (id === undefined || held === undefined) return undefined;
  if (frame.id !== undefined && frame.id === held.asking) {
    const field = frame.field === "contact" ? "times" : (frame.field ?? "");
    const step = field === "" ? held.step : "draft";
    return withHandover(state, id, () => ({ ...held, asking: null, sent: null, step, wrong: { field, code, text } }));
  }
  if (frame.id === undefined && held.taking) {
    return withHandover(state, id, () => ({ ...held, taking: false, wrong: { field: "question", code, text } }));
  }
  return undefined;
}
