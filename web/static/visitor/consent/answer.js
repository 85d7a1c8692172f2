// SPDX-License-Identifier: EUPL-1.2
/** What a yes consists of and what it lacks, and the frame that carries it. Pure. */

import { IDENTITY, MOST, has } from "./draft.js";

/** @typedef {import("./types").Draft} Draft */
/** @typedef {import("./types").Item} Item */
/** @typedef {import("./types").Model} Model */
/** @typedef {import("./types").Offer} Offer */
/** @typedef {import("./types").Wish} Wish */

/** @type {Wish} */
export const NOTHING = Object.freeze({
  items: [],
  secrecy: false,
  data: false,
  measure: false,
  police: false,
  identity: false,
  coordinate: false,
  goes: false,
});

/**
 * What one receiver gets: what is ticked and not empty.
 * @param {Draft} draft
 * @param {Wish} wish
 * @returns {Item[]}
 */
export function itemsOf(draft, wish) {
  return wish.items.filter((item) => has(draft, item));
}

/** @param {readonly Item[]} items */
export function tellsWho(items) {
  return items.some((item) => IDENTITY.includes(item));
}

/**
 * What is still missing for a yes to a receiver.
 * @param {Draft} draft
 * @param {Offer} offer
 * @param {Wish} wish
 * @returns {import("./types").Lack[]}
 */
export function lacking(draft, offer, wish) {
  const items = itemsOf(draft, wish);
  if (items.length === 0) return ["items"];
  /** @type {[import("./types").Lack, boolean][]} */
  const needed = [
    ["identity", tellsWho(items) && !wish.identity],
    ["police", offer.police && !wish.police],
    ["secrecy", !wish.secrecy],
    ["data", !wish.data],
  ];
  return needed.filter(([, lacks]) => lacks).map(([name]) => name);
}

/**
 * The receivers that get something, as it stands.
 * @param {Model} model
 * @returns {{ offer: Offer, wish: Wish, items: Item[] }[]}
 */
export function going({ question, draft, wishes }) {
  return (question?.proposal.offers ?? []).flatMap((offer) => {
    const wish = wishes[offer.receiver] ?? NOTHING;
    if (!wish.goes || lacking(draft, offer, wish).length > 0) return [];
    return [{ offer, wish, items: itemsOf(draft, wish) }];
  });
}

/**
 * Her answer to the question on the table. Whatever no receiver gets is not in it.
 * @param {Model} model
 * @param {boolean} isYes
 * @param {string} id
 * @param {(words: string) => string} clean takes out what tells who she is
 * @returns {import("./types").Answer | null} null when nothing is asked
 */
export function answerOf(model, isYes, id, clean) {
  if (model.question === null) return null;
  const all = isYes ? going(model) : [];
  const proposal = model.question.seq;
  if (all.length === 0) return { id, proposal, yes: [], content: null, out: false };
  const yes = all.map(({ offer, wish, items }) => {
    const { secrecy, data, measure } = wish;
    const police = offer.police && wish.police;
    const identity = tellsWho(items) && wish.identity;
    const coordinate = offer.may_coordinate && wish.coordinate;
    return { receiver: offer.receiver, notice: offer.notice_version, items, secrecy, data, measure, police, identity, coordinate };
  });
  const items = new Set(all.flatMap((each) => each.items));
  return { id, proposal, yes, content: contentOf(model.draft, items, clean), out: false };
}

/**
 * @param {Draft} draft
 * @param {ReadonlySet<Item>} items
 * @param {(words: string) => string} clean
 */
function contentOf(draft, items, clean) {
  /** @type {{ [item: string]: unknown }} */
  const content = {};
  for (const item of items) {
    if (item === "contact") {
      const times = short(clean(draft.times.trim()), MOST.times);
      content.contact = { way: draft.way, ...(times !== "" && { times }) };
    } else if (item === "want" || item === "summary" || item === "danger") {
      content[item] = short(clean(draft[item].trim()), MOST[item]);
    } else if (item === "name" || item === "reach") {
      content[item] = short(draft[item].trim(), MOST[item]);
    } else {
      content[item] = draft[item];
    }
  }
  return content;
}

/**
 * What stands in the place of a number may be longer than the number was.
 * @param {string} text
 * @param {number} most code points
 */
function short(text, most) {
  return [...text].slice(0, most).join("");
}

/**
 * What must go on the wire now, or null: first the code that a yes needs, then the answer.
 * @param {Model} model
 * @returns {{ type: "code" | "answer", [field: string]: unknown } | null}
 */
export function due({ answer, code, wire, trouble }) {
  if (answer === null || trouble !== null) return null;
  const { id, proposal, yes, content } = answer;
  if (yes.length > 0 && code === null) return wire === null ? { type: "code" } : null;
  if (wire === "answer") return null;
  return { type: "answer", id, proposal, yes, ...(yes.length > 0 && { content, code }) };
}
