// SPDX-License-Identifier: EUPL-1.2
// How a handover is told: the items as the visitor is shown them, where the question stands, what is missing. Pure.

import { codePoints, excess } from "../shared/characters.js";
import { find } from "./desk.js";
import { LONGEST, MOST_MESSAGES, MOST_RECEIVERS } from "./handover.js";
import { questionOf } from "./question.js";
import { clock, say } from "./words.js";

/** @typedef {import("./handover_types.js").Content} Content */
/** @typedef {import("./handover_types.js").Proposal} Proposal */
/** @typedef {import("./handover_types.js").Question} Question */
/** @typedef {import("./handover_types.js").TextField} TextField */
/** @typedef {import("./handover_types.js").Wrong} Wrong */
/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").State} State */
/** @typedef {import("./words.js").Page} Page */

/** From this share of what fits, the length is told. */
const COUNT_FROM = 0.9;

/**
 * @param {Page} page
 * @param {readonly string[]} names
 */
export function listed(page, names) {
  return new Intl.ListFormat(page.language, { type: "conjunction" }).format(names.map((name) => `\u2068${name}\u2069`));
}

/**
 * A text in the words that the visitor reads. Some speak otherwise to who uses violence.
 * @param {Page} page
 * @param {string} name
 * @param {string} track
 * @param {Record<string, string>} [values]
 */
export function hers(page, name, track, values) {
  const own = `her.${name}.${track}`;
  return say(page, own in page.texts ? own : `her.${name}`, values);
}

/**
 * The items that are there, in the words and the order of the page that the visitor sees.
 * @param {Page} page
 * @param {Content} content
 * @param {string} track
 * @param {string} alias of whoever asks
 * @returns {{item: string, label: string, texts: string[]}[]}
 */
export function itemsShown(page, content, track, alias) {
  const { want, summary, forms, relation, children, danger, called_112, messages, contact } = content;
  const told = (/** @type {string} */ name) => hers(page, name, track);
  const times = contact?.times ?? "";
  /** @type {[string, string[]][]} */
  const all = [
    ["want", want === undefined ? [] : [want]],
    ["summary", summary === undefined ? [] : [summary]],
    ["forms", (forms ?? []).map((form) => told(`form.${form}`))],
    ["relation", relation === undefined ? [] : [told(`relation.${relation}`)]],
    ["children", children === undefined ? [] : [told(`answer.${children}`)]],
    ["danger", danger === undefined ? [] : [danger]],
    ["called_112", called_112 === undefined ? [] : [told(`answer.${called_112}`)]],
    ["messages", (messages ?? []).map(({ by, text }) => `${hers(page, `message.${by}`, track, { alias })}: ${text}`)],
    ["contact", contact === undefined ? [] : [told(`way.${contact.way}`)]],
    ["times", times === "" ? [] : [times]],
  ];
  return all
    .filter(([, texts]) => texts.length > 0)
    .map(([item, texts]) => ({ item, label: told(`item.${item}`), texts }));
}

/**
 * Receivers as this page names them: what the visitor was shown may be in another language.
 * @param {Page} page
 * @param {readonly string[]} names as the visitor was shown them
 * @param {Proposal | null} proposal in which they were
 */
function inOurs(page, names, proposal) {
  const known = Object.values(page.receivers ?? {}).flatMap(({ receivers }) => receivers);
  return names.map((name) => {
    const id = proposal?.offers.find((offer) => offer.name === name)?.receiver;
    return known.find((one) => one.id === id)?.name ?? name;
  });
}

/**
 * Where the question stands, in one sentence; empty when there is none.
 * @param {Page} page
 * @param {Question} question
 */
export function questionShown(page, { state, at, receivers, proposal }) {
  switch (state) {
    case "none":
      return "";
    case "asked": {
      const since = Date.parse(at ?? "");
      return say(page, "question.asked", { at: Number.isNaN(since) ? "" : clock(page, since) });
    }
    case "yes":
      return unmarked(page, "question.yes", inOurs(page, receivers, proposal));
    default:
      return say(page, `question.${state}`);
  }
}

/**
 * The line of the log about a question, its answer, or that it was taken back.
 * @param {Page} page
 * @param {Pick<Entry, "type" | "proposal" | "receivers">} entry
 * @param {Proposal | null} answered what an answer is to
 */
export function questionNoted(page, { type, proposal, receivers }, answered = null) {
  if (type === "answered" && receivers.length === 0) return say(page, "noted.no");
  if (type === "answered") return unmarked(page, "noted.yes", inOurs(page, receivers, answered));
  if (type !== "proposed" || proposal === null) return say(page, "noted.taken_back");
  const names = inOurs(page, proposal.offers.map(({ name }) => name), proposal);
  return unmarked(page, "noted.asked", names, { alias: proposal.asked_by });
}

/**
 * A sentence with a list of names in it: each name is isolated already.
 * @param {Page} page
 * @param {string} name
 * @param {readonly string[]} names
 * @param {Record<string, string>} [values]
 */
function unmarked(page, name, names, values = {}) {
  const [before, after = ""] = say(page, name, values).split("%(receivers)s");
  return `${before}${listed(page, names)}${after}`;
}

/**
 * How long a text is, from where it matters; empty before that. Beyond the limit it tells how much must go.
 * @param {Page} page
 * @param {TextField} field
 * @param {string} text
 * @returns {{text: string, over: boolean}}
 */
export function lengthShown(page, field, text) {
  const [length, most] = [codePoints(text), LONGEST[field]];
  if (length <= most * COUNT_FROM) return { text: "", over: false };
  const n = length > most ? most + excess(text, most) : length;
  return { text: say(page, "hand.length", { n, of: most }), over: length > most };
}

/**
 * @param {Page} page
 * @param {{field: string, code: string}} problem
 */
export function problemShown(page, { field, code }) {
  const of = field in LONGEST ? LONGEST[/** @type {TextField} */ (field)] : field === "receivers" ? MOST_RECEIVERS : MOST_MESSAGES;
  return say(page, `problem.${code}`, { of });
}

/**
 * What the server refused, in the words of this panel where it has some.
 * @param {Page} page
 * @param {Wrong | null} wrong
 */
export function wrongShown(page, wrong) {
  if (wrong === null) return "";
  if (wrong.field === "question") return wrong.code === "not_now" ? say(page, "wrong.answered") : wrong.text;
  if (wrong.code === "identity") return say(page, "wrong.identity");
  if (wrong.code === "too_long") return say(page, "wrong.too_much");
  if (wrong.code === "bad_frame") return say(page, "wrong.incomplete");
  if (wrong.code === "rate") return say(page, "wrong.rate");
  return wrong.code === "not_now" ? say(page, "wrong.not_now") : wrong.text;
}

/**
 * What a screen reader is told when a question has been asked, answered or taken back.
 * @param {Page} page
 * @param {State} before
 * @param {State} state
 */
export function handoverTold(page, before, state) {
  return state.conversations
    .flatMap((held) => {
      const old = find(before, held.id);
      // What was there when the conversation came is in its log, and is no news.
      if (old === undefined || old.entries === held.entries || old.seq === 0) return [];
      const question = questionOf(held);
      if (question.seq === 0 || question.seq === questionOf(old).seq) return [];
      return [`${say(page, "conversation", { n: held.number })}. ${questionShown(page, question)}`];
    })
    .join(" ");
}
