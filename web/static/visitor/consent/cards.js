// SPDX-License-Identifier: EUPL-1.2
/** What the log shows of a question: the question while it is open, then only how it went. */

import { asked } from "./asked.js";
import { button, choices, node } from "./dom.js";

/** @typedef {import("./types").Model} Model */
/** @typedef {import("./types").State} State */

/**
 * @typedef {object} Card what one entry says
 * @property {string} text the key of its words, or empty
 * @property {{ [name: string]: string }} values
 * @property {"ask" | "code" | null} acts
 */

/**
 * What each of these entries says now. Pure.
 * @param {State} state
 * @param {Model} model
 * @param {string} language
 * @returns {Map<import("../types").Entry, Card>}
 */
export function cards(state, model, language) {
  const all = asked(state.entries);
  const list = new Intl.ListFormat(language, { type: "conjunction" });
  const known = new Map();
  let last = "";
  let at = 0;
  for (const entry of state.entries) {
    const { frame } = entry;
    if (frame === undefined) continue;
    const question = all.find(({ seq }) => seq === entry.seq);
    if (question !== undefined) {
      last = question.proposal.asked_by;
      at = question.seq;
      known.set(entry, question.fate === "open" ? open(state, model, last) : EMPTY);
    } else if (frame.type === "taken_back") {
      known.set(entry, { text: "taken_back", values: { alias: last }, acts: null });
    } else if (frame.type === "answered") {
      const receivers = Array.isArray(frame.receivers) ? frame.receivers.map(String) : [];
      const acts = model.learning?.seq === at ? "code" : null;
      const text = receivers.length === 0 ? "declined" : "sent";
      known.set(entry, { text, values: { receivers: list.format(receivers) }, acts });
    }
  }
  return known;
}

/** @type {Card} */
const EMPTY = { text: "", values: {}, acts: null };

/**
 * @param {State} state
 * @param {Model} model
 * @param {string} alias
 * @returns {Card}
 */
function open({ phase }, { answer, trouble }, alias) {
  if (phase === "over") return { text: "asked.over", values: { alias }, acts: null };
  if (answer !== null && trouble === null) return { text: "asked.sending", values: {}, acts: null };
  if (answer !== null) return { text: "asked.trouble", values: { alias }, acts: "ask" };
  return { text: "asked", values: { alias }, acts: "ask" };
}

/**
 * @param {import("./types").ViewOptions} options
 * @returns {(state: State, model: Model) => void}
 */
export function cardsView({ page: { scroll }, say, language, act, onAnswer }) {
  /** @type {Map<HTMLElement, string>} */
  const drawn = new Map();

  return (state, model) => {
    for (const [entry, { text, values, acts }] of cards(state, model, language)) {
      const element = document.getElementById(`e${entry.id ?? entry.seq}`);
      const key = JSON.stringify([text, values, acts]);
      if (element === null || drawn.get(element) === key) continue;
      drawn.set(element, key);
      const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END_PX;
      element.className = acts === "ask" ? "asks-her" : "event";
      element.replaceChildren(...(text === "" ? [] : [node("p", "", say(text, values))]));
      if (acts === "ask") {
        element.append(
          choices(
            button("plain", say("asked.look"), () => act({ type: "look" })),
            button("plain", say("asked.no"), () => onAnswer(false)),
          ),
        );
      }
      if (acts === "code") element.append(button("inline", say("sent.code"), () => act({ type: "look" })));
      if (atEnd) element.scrollIntoView({ block: "nearest" });
    }
  };
}

const NEAR_END_PX = 120;
