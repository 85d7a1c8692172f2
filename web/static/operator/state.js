// SPDX-License-Identifier: EUPL-1.2
// What the console knows, as one value: frames from the server and acts of the operator in, the next value out.
// Pure: no page, no socket, no clock (time comes with each act).

import { asOpen, changedEntry, isLive, sending, withoutUnsent } from "./conversation.js";
import { alarmOf } from "./danger.js";
import { dismissed, find, isInFront, replaced, seen, turned } from "./desk.js";
import { handing } from "./question.js";
import { received } from "./received.js";
import { longestFirst } from "./turn.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Act} Act */
/** @typedef {import("./types.js").Link} Link */

const ENDING = new Set(["ask_end", "ask_unsafe", "end"]);

/**
 * @param {number} now milliseconds
 * @param {State["receivers"]} [receivers]
 * @returns {State}
 */
export function initial(now, receivers = {}) {
  return {
    link: "connecting",
    met: false,
    ready: false,
    duty: { on: false, services: [], alias: "", capacity: null, paused: null, pending: false, refusal: "", taken: false, dropped: false },
    waiting: [],
    waitingMore: 0,
    joins: [],
    offers: [],
    alarms: [],
    waitingAt: now,
    claiming: [],
    notice: "",
    conversations: [],
    numbers: {},
    recent: [],
    drafts: {},
    handovers: {},
    receivers,
    rules: {},
    pane: "queue",
    spoken: false,
    focused: true,
    now,
  };
}

/**
 * @param {State} state
 * @param {Act} act
 * @returns {State}
 */
export function reduce(state, act) {
  return withoutOver(done(state, act));
}

/**
 * No draft of a handover outlives its conversation.
 * @param {State} state
 * @returns {State}
 */
function withoutOver(state) {
  const ids = Object.keys(state.handovers);
  const live = new Set(state.conversations.filter(isLive).map(({ id }) => id));
  if (ids.every((id) => live.has(id))) return state;
  return { ...state, handovers: Object.fromEntries(Object.entries(state.handovers).filter(([id]) => live.has(id))) };
}

/**
 * @param {State} state
 * @param {Act} act
 * @returns {State}
 */
function done(state, act) {
  switch (act.type) {
    case "frame":
      return received({ ...state, now: act.now }, act.frame);
    case "link":
      return linked(state, act.link);
    case "tick":
      return { ...state, now: act.now };
    case "focused":
      return act.focused ? seen({ ...state, focused: true }) : { ...state, focused: false };
    case "duty":
      return { ...state, duty: { ...state.duty, pending: true, refusal: "", taken: false, dropped: false } };
    case "claim":
      return { ...state, claiming: [...state.claiming, act.conversation], notice: "" };
    case "quiet":
      return { ...state, notice: "", duty: { ...state.duty, refusal: "", dropped: false } };
    case "queue":
      return { ...state, pane: "queue" };
    case "turn":
      return turned(state, act.conversation);
    case "draft":
      return { ...state, drafts: { ...state.drafts, [act.conversation]: act.text } };
    case "uncover":
      return replaced(state, act.conversation, (held) => ({
        ...held,
        uncovered: [...new Set([...held.uncovered, ...act.keys])],
      }));
    case "cover":
      return replaced(state, act.conversation, (held) => ({
        ...held,
        uncovered: held.uncovered.filter((key) => !act.keys.includes(key)),
      }));
    case "aside":
      return replaced(state, act.conversation, (held) => ({ ...held, aside: true }));
    case "hand_back":
      return replaced(state, act.conversation, (held) => ({ ...held, back: true }));
    case "dismiss":
      return isInFront(state, act.conversation)
        ? longestFirst(dismissed(state, act.conversation))
        : dismissed(state, act.conversation);
    case "rules":
      return { ...state, rules: { ...state.rules, [act.key]: act.rules } };
    case "receivers": {
      const known = state.receivers[act.service];
      const told = act.receivers ?? (known === undefined ? { receivers: [], lines: [] } : known);
      const stale = act.receivers === null;
      return { ...state, receivers: { ...state.receivers, [act.service]: { ...told, stale } } };
    }
    default:
      return inConversation(state, act);
  }
}

/**
 * @param {State} state
 * @param {Extract<Act, {type: "send" | "retry" | "edit" | "fold" | "unfold" | "ask_end" | "ask_unsafe" | "keep" | "end" | "hand"}>} act
 * @returns {State}
 */
function inConversation(state, act) {
  const conversation = find(state, act.conversation);
  if (conversation === undefined || !isLive(conversation)) return state;
  // Whoever holds it ends it; a guest leaves.
  if (conversation.as_guest !== null && ENDING.has(act.type)) return state;
  switch (act.type) {
    case "send": {
      const next = replaced(turned(state, act.conversation), act.conversation, (held) =>
        sending(held, act.id, act.text, act.now),
      );
      return { ...next, drafts: { ...next.drafts, [act.conversation]: "" } };
    }
    case "retry":
      return replaced(state, act.conversation, (held) =>
        changedEntry(held, act.id, { delivery: "sending", why: "", sentAt: act.now }),
      );
    case "edit": {
      const text = conversation.entries.find((entry) => entry.id === act.id)?.text ?? "";
      const draft = [text, state.drafts[act.conversation] ?? ""].filter((part) => part !== "").join("\n");
      const next = replaced(state, act.conversation, (held) => withoutUnsent(held, act.id));
      return { ...next, drafts: { ...next.drafts, [act.conversation]: draft } };
    }
    case "ask_end":
      return replaced(turned(state, act.conversation), act.conversation, (held) =>
        held.phase === "ending" ? held : { ...asOpen(held), phase: "asking", notice: "" },
      );
    case "ask_unsafe":
      return replaced(turned(state, act.conversation), act.conversation, (held) =>
        held.phase === "ending" ? held : { ...held, phase: "asking", choosing: true, unsafe: act.unsafe ?? null, notice: "" },
      );
    case "keep":
      return replaced(state, act.conversation, asOpen);
    case "end":
      return replaced(state, act.conversation, (held) => ({ ...held, phase: "ending", unsafe: act.unsafe ?? null }));
    case "hand":
      return handing(state, act.conversation, act.hand);
    case "fold":
      return replaced(state, act.conversation, (held) => ({ ...held, folded: alarmOf(held) }));
    case "unfold":
      return replaced(state, act.conversation, (held) => ({ ...held, folded: null }));
  }
}

/**
 * @param {State} state
 * @param {Link} link
 * @returns {State}
 */
function linked(state, link) {
  const next = { ...state, link, ready: link === "doubtful" || link === "open" ? state.ready : false };
  if (link === "open" || link === "doubtful") return next;
  const cut = {
    ...next,
    claiming: [],
    duty: { ...next.duty, pending: false },
    handovers: Object.fromEntries(Object.entries(next.handovers).map(([id, one]) => [id, { ...one, taking: false }])),
    conversations: next.conversations.map((held) =>
      held.phase === "ending" ? asOpen(held) : held,
    ),
  };
  // Another tab or nobody has them now: no word of theirs stays in this page.
  return link === "taken" || link === "signed_out" ? { ...cut, waiting: [], joins: [], offers: [], alarms: [], conversations: [], recent: [] } : cut;
}
