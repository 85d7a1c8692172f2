// SPDX-License-Identifier: EUPL-1.2
/** The last screen before it goes: per receiver exactly what is sent, and what she has said. */

import { going, tellsWho } from "./answer.js";
import { button, choices, node, words } from "../dom.js";
import { ITEMS } from "./draft.js";
import { linesOf } from "./words.js";

/** @typedef {import("./types").Model} Model */
/** @typedef {import("./types").Tick} Tick */

/** Refusals that trying again does not help against: she is told, and her words wait for the next question. */
const FINAL = ["conflict", "not_now", "not_allowed"];

/**
 * @param {import("./types").ViewOptions} options
 * @param {Model} model
 * @param {import("./types").Proposal} proposal
 * @returns {import("./types").Screen}
 */
export function summaryScreen(options, model, proposal) {
  const { say, act, onAnswer } = options;
  const all = going(model);
  const isSending = model.answer !== null && model.trouble === null;
  const nodes = [];
  if (model.trouble !== null) nodes.push(trouble(options, model.trouble, proposal.asked_by));
  for (const offer of proposal.offers) nodes.push(receiver(options, model, proposal, offer));
  const last = model.step - 1;
  const back = button("inline", say("previous"), () => act({ type: "step", step: last }));
  if (isSending) {
    const wait = node("p", "waits", "");
    wait.setAttribute("role", "status");
    nodes.unshift(wait);
    return {
      heading: say("sending.heading"),
      nodes,
      update(_, { connected }) {
        const line = say(connected ? "sending" : "sending.lost");
        if (wait.textContent !== line) wait.textContent = line;
      },
    };
  }
  const no = button("plain", say("summary.no"), () => onAnswer(false));
  if (model.trouble !== null && FINAL.includes(model.trouble)) {
    nodes.push(choices(button("plain", say("sheet.back"), () => act({ type: "back" })), back));
    return { heading: say("summary.refused"), nodes };
  }
  if (all.length === 0) {
    nodes.unshift(node("p", "", say("summary.none")));
    nodes.push(choices(no, back));
    return { heading: say("summary.heading"), nodes };
  }
  // What may only have been late goes again as it was: the same answer, with the same code.
  const yes = model.trouble === null ? () => onAnswer(true) : () => act({ type: "again" });
  const label = model.trouble === null ? "summary.yes" : "summary.again";
  nodes.unshift(node("p", "", say("summary.lead")));
  nodes.push(
    node("p", "strong-words", say(all.every(({ offer }) => isFinal(offer)) ? "summary.code.final" : "summary.code")),
    node("p", "", say("summary.under_18")),
    choices(button("plain", say(label), yes), no, back),
  );
  return { heading: say("summary.heading"), nodes };
}

/**
 * @param {import("./types").ViewOptions} options
 * @param {string} code
 * @param {string} alias
 */
function trouble({ say }, code, alias) {
  const known = [...FINAL, "bad_frame"].includes(code);
  const line = node("p", "lacks", say(`trouble.${known ? code : "later"}`, { alias }));
  line.setAttribute("role", "alert");
  line.tabIndex = -1;
  return line;
}

/**
 * @param {import("./types").ViewOptions} options
 * @param {Model} model
 * @param {import("./types").Proposal} proposal
 * @param {import("./types").Offer} offer
 */
function receiver({ say, look }, model, proposal, offer) {
  const whole = node("section", "goes");
  const values = { receiver: offer.name, sender: proposal.sender };
  whole.append(node("h3", "", say("summary.to", values)));
  const found = going(model).find((each) => each.offer === offer);
  if (found === undefined) {
    whole.append(node("p", "quiet", say("summary.nothing")));
    return whole;
  }
  const list = node("dl", "");
  for (const item of ITEMS.filter((each) => found.items.includes(each))) {
    const lines = linesOf(say, model.draft, proposal, item, (text) => look(text)?.left ?? text);
    const value = node("dd", "");
    value.append(...lines.map((line) => words(line)));
    list.append(node("dt", "", say(`item.${item}`)), value);
  }
  const { wish } = found;
  const ticks = /** @type {Tick[]} */ (["secrecy", "data", "police", "identity", "measure", "coordinate"]).filter(
    (tick) => wish[tick] && (tick !== "police" || offer.police) && (tick !== "identity" || tellsWho(found.items)),
  );
  const said = node("ul", "");
  said.append(...ticks.map((tick) => node("li", "", say(`yes.${tick}`, values))));
  whole.append(list, node("p", "quiet", say("summary.said")), said);
  if (isFinal(offer)) whole.append(node("p", "strong-words", say("summary.final", values)));
  return whole;
}

/**
 * Theirs as soon as it is there: nothing calls it back.
 * @param {import("./types").Offer} offer
 */
function isFinal({ received_at }) {
  return received_at === "delivery";
}
