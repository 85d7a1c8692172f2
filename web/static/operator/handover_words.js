// SPDX-License-Identifier: EUPL-1.2
// How a handover is told: the items as the visitor is shown them, where the question stands, what is missing. Pure.

import { codePoints, excess } from "../shared/frames.js";
import { find } from "./desk.js";
import { LONGEST, MOST_MESSAGES, MOST_RECEIVERS } from "./handover.js";
import { questionOf } from "./question.js";
import { say } from "./words.js";

/** @typedef {import("./handover_types.js").Content} Content */
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
 * The items that are there, each with its label, in the order of the page that the visitor sees.
 * @param {Page} page
 * @param {Content} content
 * @returns {{item: string, label: string, texts: string[]}[]}
 */
export function itemsShown(page, content) {
  const { want, summary, forms, relation, children, danger, called_112, messages, contact } = content;
  /** @type {[string, string[]][]} */
  const all = [
    ["want", want === undefined ? [] : [want]],
    ["summary", summary === undefined ? [] : [summary]],
    ["forms", forms === undefined || forms.length === 0 ? [] : [forms.map((form) => say(page, `form.${form}`)).join(", ")]],
    ["relation", relation === undefined ? [] : [say(page, `relation.${relation}`)]],
    ["children", children === undefined ? [] : [say(page, `yesno.${children}`)]],
    ["danger", danger === undefined ? [] : [danger]],
    ["called_112", called_112 === undefined ? [] : [say(page, `yesno.${called_112}`)]],
    ["messages", (messages ?? []).map(({ by, text }) => `${say(page, `by.${by}`)}: ${text}`)],
    ["contact", contact === undefined ? [] : [say(page, `way.${contact.way}`), contact.times ?? ""].filter(Boolean)],
  ];
  return all
    .filter(([, texts]) => texts.length > 0)
    .map(([item, texts]) => ({ item, label: say(page, `item.${item}`), texts }));
}

/**
 * Where the question stands, in one sentence; empty when there is none.
 * @param {Page} page
 * @param {Question} question
 */
export function questionShown(page, { state, at, receivers }) {
  switch (state) {
    case "none":
      return "";
    case "asked": {
      const time = new Intl.DateTimeFormat(page.language, { hour: "2-digit", minute: "2-digit" });
      const since = Date.parse(at ?? "");
      return say(page, "question.asked", { at: Number.isNaN(since) ? "" : time.format(since) });
    }
    case "yes":
      return unmarked(page, "question.yes", receivers);
    default:
      return say(page, `question.${state}`);
  }
}

/**
 * The line of the log about a question, its answer, or that it was taken back.
 * @param {Page} page
 * @param {Pick<Entry, "type" | "proposal" | "receivers">} entry
 */
export function questionNoted(page, { type, proposal, receivers }) {
  if (type === "answered" && receivers.length === 0) return say(page, "noted.no");
  if (type === "answered") return unmarked(page, "noted.yes", receivers);
  if (type !== "proposed" || proposal === null) return say(page, "noted.taken_back");
  const names = proposal.offers.map(({ name }) => name);
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
  if (wrong.code === "bad_frame") return say(page, "wrong.too_much");
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
