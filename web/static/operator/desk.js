// SPDX-License-Identifier: EUPL-1.2
// The conversations on the screen together: which are there, which one is in front, what has been read.
// Pure; knows neither frames nor the page.

import { opened } from "./conversation.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Conversation} Conversation */

/**
 * @param {State} state
 * @param {string} id
 * @param {string} service
 * @returns {State}
 */
export function added(state, id, service) {
  // Never that of another one, also when it is over: who has it in mind or in the ear would write in the wrong talk.
  const number = state.numbers[id] ?? Math.max(0, ...Object.values(state.numbers)) + 1;
  const conversations = [...state.conversations, opened(id, number, service, state.now)];
  conversations.sort((one, other) => one.number - other.number);
  // What one was writing comes first, when all come back at once.
  const recent = (state.drafts[id] ?? "") === "" ? [...state.recent, id] : [id, ...state.recent];
  return { ...state, conversations, recent, numbers: { ...state.numbers, [id]: number } };
}

/**
 * @param {State} state
 * @param {string} id
 * @returns {State}
 */
export function turned(state, id) {
  if (find(state, id) === undefined) return state;
  // Every step of the focus inside a conversation turns to it.
  if (state.recent[0] === id && state.pane === "conversation") return seen(state);
  const recent = [id, ...state.recent.filter((one) => one !== id)];
  return seen({ ...state, recent, pane: "conversation" });
}

/**
 * The conversation in front of the operator has been read.
 * @param {State} state
 * @returns {State}
 */
export function seen(state) {
  const [front] = state.recent;
  if (front === undefined || !isBefore(state, front) || find(state, front)?.unread === 0) return state;
  return replaced(state, front, (held) => ({ ...held, unread: 0 }));
}

/**
 * Whether this conversation is the one before the operator's eyes.
 * @param {State} state
 * @param {string} id
 */
export function isBefore(state, id) {
  return state.focused && isInFront(state, id);
}

/**
 * @param {State} state
 * @param {string} id
 */
export function isInFront(state, id) {
  return state.pane === "conversation" && state.recent[0] === id;
}

/**
 * @param {State} state
 * @param {string} id
 * @returns {State}
 */
export function dismissed(state, id) {
  const { [id]: _draft, ...drafts } = state.drafts;
  const conversations = state.conversations.filter((held) => held.id !== id);
  const recent = state.recent.filter((one) => one !== id);
  return seen({ ...state, drafts, conversations, recent, pane: conversations.length === 0 ? "queue" : state.pane });
}

/**
 * @param {State} state
 * @param {string} id
 * @param {(conversation: Conversation) => Conversation} change
 * @returns {State}
 */
export function replaced(state, id, change) {
  return { ...state, conversations: state.conversations.map((held) => (held.id === id ? change(held) : held)) };
}

/**
 * @param {State} state
 * @param {string} id
 */
export function find(state, id) {
  return state.conversations.find((held) => held.id === id);
}
