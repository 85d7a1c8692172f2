// SPDX-License-Identifier: EUPL-1.2
/** Where she is and what she has said, as one frozen value: `reduce(model, act)` gives the next one. Pure. */

import { NOTHING, lacking } from "./answer.js";
import { asked } from "./asked.js";
import { EMPTY, carried, drafted } from "./draft.js";

/** @typedef {import("./types").Model} Model */
/** @typedef {import("./types").Wish} Wish */

/** @type {Model} */
export const START = Object.freeze({
  question: null,
  base: EMPTY,
  draft: EMPTY,
  answered: false,
  wishes: {},
  open: false,
  step: 0,
  news: null,
  lacks: [],
  answer: null,
  code: null,
  wire: null,
  trouble: null,
  learning: null,
});

/**
 * @param {Model} model
 * @param {import("./types").Act} act
 * @returns {Model}
 */
export function reduce(model, act) {
  switch (act.type) {
    case "entries":
      return follow(model, act.entries);
    case "over":
      return over(model);
    case "forget":
      return START;
    case "welcome":
      // Whatever was on the wire may be lost: it goes again, the same.
      return { ...model, wire: null };
    case "code":
      // One a question: an answer that is tried again must carry the same.
      return model.answer === null ? model : { ...model, code: model.code ?? act.words, wire: null };
    case "sent":
      return sent(model, act.what);
    case "refused":
      return isOurs(model, act.id) ? { ...model, trouble: act.code } : model;
    case "look":
      return { ...model, open: true };
    case "back":
      // When she comes back to the code, its words are what she sees.
      return { ...model, open: false, news: null, learning: model.learning && { ...model.learning, known: false } };
    case "step":
      return { ...model, step: act.step, lacks: [], news: null, ...editable(model) };
    case "edit":
      return { ...model, draft: { ...model.draft, ...act.change }, ...editable(model) };
    case "tick":
      return wished(model, act.receiver, { [act.tick]: act.on });
    case "item":
      return ticked(model, act);
    case "settle":
      return settled(model, act.receiver, act.goes);
    case "answer":
      return model.answer === null || model.trouble !== null
        ? { ...model, answer: act.answer, wire: null, trouble: null }
        : model;
    case "again":
      return { ...model, trouble: null, wire: null };
    case "know":
      return { ...model, learning: model.learning && { ...model.learning, known: act.known } };
    case "learnt": {
      const { question, base, draft, answered: isAnswered } = model;
      return { ...START, question, base, draft, answered: isAnswered };
    }
  }
}

/**
 * What she was refused may be changed and answered anew; what may still arrive may not.
 * @param {Model} model
 */
function editable(model) {
  return model.trouble === null ? {} : { answer: null, trouble: null };
}

/**
 * Whether a refusal is about this: asking for a code has no id.
 * @param {Model} model
 * @param {unknown} id
 */
function isOurs({ answer, wire }, id) {
  return answer !== null && (answer.id === id || (id === undefined && wire === "code"));
}

/**
 * @param {Model} model
 * @param {"code" | "answer"} what
 * @returns {Model}
 */
function sent(model, what) {
  const out = what === "answer" || model.answer?.out === true;
  return { ...model, wire: what, answer: model.answer && { ...model.answer, out } };
}

/**
 * @param {Model} model
 * @param {readonly import("../types").Entry[]} entries
 * @returns {Model}
 */
function follow(model, entries) {
  const last = asked(entries).pop();
  if (last === undefined) return model;
  const { seq, proposal, fate } = last;
  const { base: before, draft: mine, open, learning } = model;
  if (fate === "open") {
    if (model.question?.seq === seq) return model;
    const base = drafted(proposal.content);
    const draft = before === EMPTY ? base : carried(base, before, mine, model.answered);
    const news = open && learning === null ? "replaced" : null;
    return { ...START, question: { seq, proposal }, base, draft, open, news, learning };
  }
  if (model.question?.seq !== seq) return model;
  if (fate === "answered") return answered(model, last);
  const news = open && learning === null ? "taken_back" : null;
  return { ...START, base: before, draft: mine, open, news, learning };
}

/**
 * @param {Model} model
 * @param {import("./types").Asked} last
 * @returns {Model}
 */
function answered(model, { seq, receivers }) {
  const { code, learning, base } = model;
  // What she left out is not asked for anew in the next question. Who she is was for this one.
  const rest = { ...START, base, draft: { ...model.draft, name: "", reach: "" }, answered: true };
  if (receivers.length === 0 || code === null) return { ...rest, open: learning !== null && model.open, learning };
  return { ...rest, open: true, learning: { seq, receivers, words: code, unsure: false, known: false } };
}

/**
 * The talk is over. A code that she has not learnt stays: nobody can give it to her again.
 * @param {Model} model
 * @returns {Model}
 */
function over(model) {
  const { answer, code, learning } = model;
  if (learning !== null) return { ...START, open: model.open, learning };
  if (answer === null || !answer.out || answer.yes.length === 0 || code === null) return START;
  return { ...START, open: true, learning: { seq: null, receivers: [], words: code, unsure: true, known: false } };
}

/**
 * @param {Model} model
 * @param {string} receiver
 * @param {Partial<Wish>} change
 * @returns {Model}
 */
function wished(model, receiver, change) {
  const wish = { ...NOTHING, ...model.wishes[receiver], ...change };
  const offer = model.question?.proposal.offers.find((each) => each.receiver === receiver);
  // What she is told is missing is not said longer than it is so.
  const left = offer === undefined ? [] : lacking(model.draft, offer, wish);
  const lacks = model.lacks.filter((lack) => left.includes(lack));
  return { ...model, wishes: { ...model.wishes, [receiver]: wish }, lacks, ...editable(model) };
}

/**
 * @param {Model} model
 * @param {{ receiver: string, item: import("./types").Item, on: boolean }} act
 * @returns {Model}
 */
function ticked(model, { receiver, item, on }) {
  const { items } = model.wishes[receiver] ?? NOTHING;
  const others = items.filter((each) => each !== item);
  return wished(model, receiver, { items: on ? [...others, item] : others });
}

/**
 * The end of a receiver's screen: yes, when nothing is missing, or nothing goes there.
 * @param {Model} model
 * @param {string} receiver
 * @param {boolean} goes
 * @returns {Model}
 */
function settled(model, receiver, goes) {
  const offer = model.question?.proposal.offers.find((each) => each.receiver === receiver);
  if (offer === undefined) return model;
  if (!goes) return onward(wished(model, receiver, NOTHING));
  const lacks = lacking(model.draft, offer, model.wishes[receiver] ?? NOTHING);
  return lacks.length > 0 ? { ...model, lacks } : onward(wished(model, receiver, { goes }));
}

/**
 * @param {Model} model
 * @returns {Model}
 */
function onward(model) {
  return { ...model, step: model.step + 1, lacks: [], news: null };
}
