// SPDX-License-Identifier: EUPL-1.2
// The draft of a handover: what may stand in it, what is missing, and what is sent. Pure; knows no word of the screen.

import { codePoints } from "../shared/characters.js";

/** @typedef {import("./handover_types.js").Content} Content */
/** @typedef {import("./handover_types.js").Draft} Draft */
/** @typedef {import("./handover_types.js").Hand} Hand */
/** @typedef {import("./handover_types.js").Handover} Handover */
/** @typedef {import("./handover_types.js").Proposal} Proposal */
/** @typedef {import("./handover_types.js").Quoted} Quoted */
/** @typedef {import("./handover_types.js").Receivers} Receivers */
/** @typedef {import("./handover_types.js").TextField} TextField */
/** @typedef {import("./types.js").Entry} Entry */

/** The server's limits, in code points. @type {Readonly<Record<TextField, number>>} */
export const LONGEST = { want: 1000, summary: 2000, danger: 1000, times: 200, purpose: 1000 };
export const MOST_MESSAGES = 20;
export const MOST_RECEIVERS = 6;
/** Bytes of a question that fit one frame, with something left for what the server adds. */
export const ROOM = 22_000;
const OF_EACH_RECEIVER = 500;

export const FORMS = /** @type {const} */ ([
  "physical", "psychological", "sexual", "material", "economic", "digital", "neglect", "latent", "after_separation",
]);
/** What a choice is made among, in order. */
export const CHOICES = {
  relation: ["partner", "family", "honour", "casual"],
  children: ["yes", "no", "unsure"],
  called_112: ["yes", "no", "unsure"],
  way: ["code", "chat", "meeting", "none"],
};

/** @type {Draft} */
export const BLANK = {
  want: "", summary: "", danger: "", times: "", purpose: "",
  forms: [], relation: "", children: "", called_112: "", way: "", messages: [], receivers: [],
};

/** @returns {Handover} */
export function untouched() {
  return {
    open: false, step: "draft", draft: BLANK, sent: null, asking: null, taking: false, checked: false, wrong: null,
    put_away: 0,
  };
}

/**
 * @param {Handover} held
 * @param {Hand} hand
 * @returns {Handover}
 */
export function handled(held, hand) {
  switch (hand.do) {
    case "open":
      return { ...held, open: true };
    case "close":
      return { ...held, open: false, step: "draft" };
    case "choose":
    case "draft":
      return { ...held, step: hand.do };
    case "check":
      return { ...held, step: "draft", checked: true, wrong: null };
    case "preview":
      return { ...held, step: "preview", checked: false, wrong: null };
    case "again":
      return { ...held, draft: draftOf(hand.proposal), wrong: null };
    case "ask":
      return { ...held, asking: hand.id, sent: held.draft, wrong: null };
    case "take_back":
      return { ...held, taking: true, wrong: null };
    case "put_away":
      return { ...held, put_away: hand.seq };
    default:
      return drafted(held, hand);
  }
}

/**
 * @param {Handover} held
 * @param {Extract<Hand, {do: "write" | "pick" | "tick" | "message"}>} hand
 * @returns {Handover}
 */
function drafted(held, hand) {
  const { draft } = held;
  switch (hand.do) {
    case "write": {
      // What was refused in a field is told until that field is written in again.
      const wrong = held.wrong?.field === hand.field ? null : held.wrong;
      return { ...held, wrong, draft: { ...draft, [hand.field]: hand.text } };
    }
    case "pick":
      return { ...held, draft: { ...draft, [hand.field]: hand.value } };
    case "tick":
      return { ...held, draft: { ...draft, [hand.field]: toggled(draft[hand.field], hand.value) } };
    case "message":
      return { ...held, draft: { ...draft, messages: toggled(draft.messages, hand.seq).slice(0, MOST_MESSAGES) } };
  }
}

/**
 * @template T
 * @param {readonly T[]} list
 * @param {T} value
 * @returns {readonly T[]}
 */
function toggled(list, value) {
  return list.includes(value) ? list.filter((one) => one !== value) : [...list, value];
}

/**
 * Whether anything stands in a draft.
 * @param {Draft} draft
 */
export function isBlank(draft) {
  return Object.values(draft).every((value) => (typeof value === "string" ? value.trim() === "" : value.length === 0));
}

/**
 * Whether leaving the page would lose what nobody has been asked yet.
 * @param {Handover | undefined} held
 */
export function isUnsaved(held) {
  return held !== undefined && held.draft !== held.sent && !isBlank(held.draft);
}

/**
 * The items of a draft as they would reach the visitor, with the messages as they were said, in order.
 * @param {Draft} draft
 * @param {readonly Entry[]} entries
 * @returns {Content}
 */
export function contentOf(draft, entries) {
  const { forms, relation, children, called_112, way } = draft;
  const [want, summary, danger] = [draft.want.trim(), draft.summary.trim(), draft.danger.trim()];
  const messages = quoted(draft, entries);
  return {
    ...(want !== "" && { want }),
    ...(summary !== "" && { summary }),
    ...(forms.length > 0 && { forms: FORMS.filter((form) => forms.includes(form)) }),
    ...(relation !== "" && { relation }),
    ...(children !== "" && { children }),
    ...(danger !== "" && { danger }),
    ...(called_112 !== "" && { called_112 }),
    ...(messages.length > 0 && { messages }),
    ...(way !== "" && { contact: contactOf(draft) }),
  };
}

/** @param {Draft} draft */
function contactOf({ way, times }) {
  return way === "none" || times.trim() === "" ? { way } : { way, times: times.trim() };
}

/**
 * @param {Draft} draft
 * @param {readonly Entry[]} entries
 * @returns {Quoted[]}
 */
function quoted(draft, entries) {
  return entries.flatMap(({ type, seq, from, text }) => {
    if (type !== "said" || seq === null || !draft.messages.includes(seq)) return [];
    return from === "visitor" || from === "operator" ? [{ seq, by: from, text }] : [];
  });
}

/**
 * A draft as the frame `ask` carries it.
 * @param {Draft} draft
 */
export function toSend(draft) {
  const { messages: _, ...items } = contentOf(draft, []);
  return {
    ...items,
    ...(draft.messages.length > 0 && { messages: [...draft.messages].sort((one, other) => one - other) }),
    purpose: draft.purpose.trim(),
    receivers: [...draft.receivers],
  };
}

/**
 * The draft that an earlier question came from.
 * @param {Proposal} proposal
 * @returns {Draft}
 */
export function draftOf({ content, offers, purpose }) {
  const { messages = [], contact, ...items } = content;
  return {
    ...BLANK,
    ...items,
    purpose,
    way: contact?.way ?? "",
    times: contact?.times ?? "",
    messages: messages.map(({ seq }) => seq),
    receivers: offers.map(({ receiver }) => receiver),
  };
}

/**
 * What keeps a draft from being asked, in the order of the panel.
 * @param {Draft} draft
 * @param {readonly Entry[]} entries
 * @param {Receivers} known
 * @returns {{field: string, code: string}[]}
 */
export function problems(draft, entries, known) {
  const content = contentOf(draft, entries);
  const found = [];
  if (Object.keys(content).length === 0) found.push({ field: "want", code: "no_item" });
  for (const field of /** @type {const} */ (["want", "summary", "danger", "times"])) {
    if (codePoints(draft[field].trim()) > LONGEST[field]) found.push({ field, code: "too_long" });
  }
  if (sizeOf(draft, content, known) > ROOM) {
    found.push({ field: content.messages === undefined ? "summary" : "messages", code: "too_much" });
  }
  if (draft.purpose.trim() === "") found.push({ field: "purpose", code: "no_purpose" });
  else if (codePoints(draft.purpose.trim()) > LONGEST.purpose) found.push({ field: "purpose", code: "too_long" });
  if (draft.receivers.length === 0) found.push({ field: "receivers", code: "no_receiver" });
  else if (draft.receivers.length > MOST_RECEIVERS) found.push({ field: "receivers", code: "many_receivers" });
  else if (chosen(draft, known).some((one) => one.why !== "")) found.push({ field: "receivers", code: "shut_receiver" });
  return found;
}

/**
 * @param {Draft} draft
 * @param {Receivers} known
 */
export function chosen(draft, known) {
  return known.receivers.filter(({ id }) => draft.receivers.includes(id));
}

/**
 * About how many bytes the question takes: what a receiver says of itself goes along with it.
 * @param {Draft} draft
 * @param {Content} content
 * @param {Receivers} known
 */
function sizeOf(draft, content, known) {
  const notices = chosen(draft, known).map(({ notice }) => notice);
  const text = JSON.stringify([content, draft.purpose, notices]);
  return new TextEncoder().encode(text).length + OF_EACH_RECEIVER * notices.length;
}
