// SPDX-License-Identifier: EUPL-1.2
/**
 * What her page knows, as one frozen value: `reduce(state, event)` gives the next one. The numbered entries of the
 * conversation are in it in order, each once.
 */

/** @typedef {import("../shared/connection.js").Frame} Frame */
/** @typedef {import("./types").Entry} Entry */
/** @typedef {import("./types").State} State */

/** What is about a question to her, as its own part of the page tells it. */
const ASKED = /^(proposal|taken_back|answered|guest_(joined|left)|uninvited|stayed|handed)$/;

/** @type {State} */
export const START = Object.freeze({
  phase: "before",
  connected: false,
  token: null,
  entries: [],
  unsent: [],
  place: null,
  alias: null,
  lost: null,
  typing: false,
  reason: null,
  refusal: null,
  ending: false,
  holdup: null,
  paused: false,
  work: null,
  acute: false,
  code: null,
});

/**
 * @param {State} state
 * @param {import("./types").Event} event
 * @returns {State}
 */
export function reduce(state, event) {
  switch (event.type) {
    case "start":
      // Taken for connected until it has failed for a moment: no alarm before there is a reason.
      return { ...START, phase: "connecting", connected: true, ...event.held };
    case "connected":
      return { ...state, connected: true };
    case "disconnected":
      return { ...state, connected: false, typing: false };
    case "stopped":
      return stopped(state, event.code);
    case "say": {
      const { id, text, at, keep } = event;
      return { ...state, unsent: [...state.unsent, { id, text, at, keep, delivery: "sending" }] };
    }
    case "retry":
      return deliver(state, event.id, "sending");
    case "drop":
      return { ...state, unsent: state.unsent.filter((message) => message.id !== event.id) };
    case "acute":
      return { ...state, acute: true };
    case "end":
      return state.token === null ? over(state, "visitor") : { ...state, ending: true };
    case "solved":
      return { ...state, work: event.work };
    case "paused":
      return { ...state, holdup: event.text, paused: true };
    case "stillness":
      return { ...state, typing: false };
    case "return":
      return { ...state, phase: "waiting", connected: true };
    case "clear":
      return { ...state, entries: [], unsent: [] };
    case "frame":
      return isOver(state) ? state : received(state, event.frame);
  }
}

/**
 * The first frame of a socket: a known token is always resumed, so that nothing begins anew in silence.
 * @param {State} state
 * @param {{ service: string, language: string, notice: string, intake?: import("./types").Said["intake"] }} page
 * @returns {Frame}
 */
export function firstFrame(state, page) {
  const { service, language, notice, intake } = page;
  const { code, token, work } = state;
  if (code !== null) return { type: "come_back", ...code };
  if (token === null) return { type: "start", service, language, notice, ...(intake && { intake }), ...(work && { work }) };
  return { type: "resume", token, after: gapless(state.entries) };
}

/** @param {State} state */
export function isOver(state) {
  return state.phase === "over" || state.phase === "elsewhere" || state.phase === "unreachable";
}

/** @param {State} state */
export function isTalking(state) {
  return state.phase === "connecting" || state.phase === "waiting" || state.phase === "active";
}

/**
 * A refusal that is not the last word: some work, or a while, and she is let in.
 * @param {Frame} frame
 */
export function isHoldup(frame) {
  return frame.type === "nack" && Boolean(frame.challenge || frame.wait_s);
}

/**
 * @param {State} state
 * @param {number} code
 * @returns {State}
 */
function stopped(state, code) {
  if (state.phase === "over") return { ...state, connected: false };
  if (code === 4003) return { ...state, connected: false, phase: "elsewhere" };
  if (code === 4500 || state.token === null) return { ...over(state, null), phase: "unreachable" };
  return over(state, state.ending ? "visitor" : "gone");
}

/**
 * @param {State} state
 * @param {string | null} reason
 * @returns {State}
 */
function over(state, reason) {
  return { ...state, phase: "over", connected: false, token: null, typing: false, place: null, reason };
}

/**
 * @param {State} state
 * @param {Frame} frame
 * @returns {State}
 */
function received(state, frame) {
  switch (frame.type) {
    case "welcome":
      return welcome(state, frame);
    case "queue":
      return { ...state, place: placeIn(frame) };
    case "said": {
      const next = enter(state, read("said", frame));
      return frame.from === "operator" ? { ...next, typing: false } : next;
    }
    case "joined":
    case "left":
      return turned(state, read(frame.type, frame));
    case "ack":
      return acknowledged(state, frame);
    case "nack":
      return refused(state, frame);
    case "typing":
      return { ...state, typing: state.phase === "active" && (frame.alias ? String(frame.alias) : true) };
    case "ended":
      return over(state, String(frame.reason));
    default:
      return ASKED.test(frame.type) ? enter(state, { ...read("asked", frame), frame }) : state;
  }
}

/**
 * @param {Frame} frame
 * @returns {State["place"]}
 */
function placeIn({ ahead, wait = null, here, closed, closes_at: closes = null, understood }) {
  return /** @type {any} */ ({ ahead, wait, here: here !== false, closed: closed === true, closes, understood: understood !== false });
}

/**
 * @param {State} state
 * @param {Frame} frame
 * @returns {State}
 */
function welcome(state, frame) {
  const phase = frame.phase === "active" ? "active" : "waiting";
  const unsent = state.unsent.map((message) =>
    message.delivery === "failed" ? { ...message, delivery: /** @type {const} */ ("sending") } : message,
  );
  return { ...state, token: String(frame.token), phase, unsent, refusal: null, holdup: null, paused: false, work: null, code: null };
}

/**
 * Put an entry in its place; one that is there already changes nothing. Her own message is no longer unsent.
 * @param {State} state
 * @param {Entry} added
 * @returns {State}
 */
function enter(state, added) {
  const mine = state.unsent.find((message) => message.id === added.id);
  const masked = mine !== undefined && mine.text !== added.text;
  const unsent = state.unsent.filter((message) => message !== mine);
  return { ...state, entries: placed(state.entries, { ...added, masked }), unsent };
}

/**
 * Somebody came or left. Only the newest such entry tells who is here: older ones may come later.
 * @param {State} state
 * @param {Entry} added
 * @returns {State}
 */
function turned(state, added) {
  if (state.entries.some((known) => known.seq === added.seq)) return state;
  const newest = state.entries.every((known) => !/joined|left/.test(known.kind) || known.seq < added.seq);
  const next = enter(state, added);
  if (!newest) return next;
  if (added.kind === "joined") {
    return { ...next, phase: "active", alias: added.text, lost: null, place: null, typing: false };
  }
  const before = next.entries.filter(({ kind, seq }) => kind === "joined" && seq < added.seq);
  const lost = before.pop()?.text ?? "";
  return { ...next, phase: "waiting", alias: null, lost, place: null, typing: false };
}

/**
 * @param {State} state
 * @param {Frame} frame
 * @returns {State}
 */
function acknowledged(state, frame) {
  const message = state.unsent.find((known) => known.id === frame.id);
  if (message === undefined) return state;
  const { id, text, at } = message;
  return enter(state, read("said", { text, ...frame, from: "visitor", at, id }));
}

/**
 * @param {State} state
 * @param {Frame} frame
 * @returns {State}
 */
function refused(state, frame) {
  const refusal = { code: String(frame.code), retry: frame.retry === true };
  if (typeof frame.id === "string") return deliver(state, frame.id, refusal.retry ? "failed" : "refused");
  // Room is being made: she stays where she is, with what she has written.
  if (isHoldup(frame)) {
    const { challenge, text } = frame;
    return { ...state, holdup: String(text), paused: false, work: challenge ? null : state.work };
  }
  if (state.token === null) return { ...state, phase: "before", connected: false, refusal, code: null };
  return state;
}

/**
 * @param {State} state
 * @param {string} id
 * @param {import("./types").Unsent["delivery"]} delivery
 * @returns {State}
 */
function deliver(state, id, delivery) {
  const unsent = state.unsent.map((message) => (message.id === id ? { ...message, delivery } : message));
  return { ...state, unsent };
}

/**
 * @param {Entry["kind"]} kind
 * @param {Frame} frame
 * @returns {Entry}
 */
function read(kind, frame) {
  return {
    kind,
    seq: Number(frame.seq),
    from: frame.from === "visitor" || frame.from === "operator" ? frame.from : "service",
    text: String((kind === "joined" ? frame.alias : frame.text) ?? ""),
    at: typeof frame.at === "string" ? frame.at : null,
    id: typeof frame.id === "string" ? frame.id : null,
    masked: false,
    ...(kind === "said" && frame.alias ? { guest: String(frame.alias) } : {}),
    ...(frame.organisation ? { frame } : {}),
  };
}

/**
 * Put an entry in its place. One that is there already changes nothing.
 * @param {readonly Entry[]} entries
 * @param {Entry} added
 * @returns {readonly Entry[]}
 */
function placed(entries, added) {
  if (entries.some((known) => known.seq === added.seq)) return entries;
  return [...entries, added].sort((one, other) => one.seq - other.seq);
}

/**
 * The newest number below which nothing is missing: an ack can overtake an entry before it.
 * @param {readonly Entry[]} entries
 * @returns {number}
 */
function gapless(entries) {
  let seq = 0;
  for (const entry of entries) {
    if (entry.seq !== seq + 1) break;
    seq = entry.seq;
  }
  return seq;
}
