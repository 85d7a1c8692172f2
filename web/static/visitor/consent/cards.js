// SPDX-License-Identifier: EUPL-1.2
/** What the log shows of a question: the question while it is open, then only how it went. */

import { asked, sentTo } from "./asked.js";
import { button, choices, node } from "../dom.js";
import { namesOf } from "./words.js";

/** @typedef {import("./types").Model} Model */
/** @typedef {import("./types").Say} Say */
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
 * @param {Say} say
 * @returns {Map<import("../types").Entry, Card>}
 */
export function cards(state, model, language, say) {
  const all = asked(state.entries);
  const list = new Intl.ListFormat(language, { type: "conjunction" });
  const known = new Map();
  /** @type {import("./types").Asked | undefined} */
  let last;
  for (const entry of state.entries) {
    const { frame } = entry;
    if (frame === undefined) continue;
    const question = all.find(({ seq }) => seq === entry.seq);
    last = question ?? last;
    if (last === undefined) continue;
    const earlier = sentTo(all.slice(0, all.indexOf(last)));
    // What has gone is not denied: nothing more is sent.
    const more = earlier.length > 0 ? ".more" : "";
    const values = { alias: last.proposal.asked_by, receivers: namesOf(say, language, last.proposal) };
    if (question !== undefined) {
      known.set(entry, question.fate === "open" ? open(state, model, values, more) : EMPTY);
    } else if (frame.type === "taken_back") {
      // Where a newer question stands, it would be read as being about that.
      known.set(entry, last === all[all.length - 1] ? { text: `taken_back${more}`, values, acts: null } : EMPTY);
    } else if (frame.type === "answered" && last.receivers.length === 0) {
      known.set(entry, { text: `declined${more}`, values: { receivers: list.format(earlier) }, acts: null });
    } else if (frame.type === "answered") {
      const acts = model.learning?.seq === last.seq ? "code" : null;
      known.set(entry, { text: "sent", values: { receivers: list.format(last.receivers) }, acts });
    }
  }
  return known;
}

/** @type {Card} */
const EMPTY = { text: "", values: {}, acts: null };

/**
 * @param {State} state
 * @param {Model} model
 * @param {{ [name: string]: string }} values
 * @param {string} more
 * @returns {Card}
 */
function open({ phase }, { answer, trouble }, values, more) {
  if (phase === "over") return { text: `asked.over${more}`, values, acts: null };
  if (answer !== null && trouble === null) return { text: "asked.sending", values: {}, acts: null };
  if (answer !== null) return { text: "asked.trouble", values, acts: "ask" };
  return { text: `asked${more}`, values, acts: "ask" };
}

/**
 * @param {import("./types").ViewOptions} options
 * @returns {(state: State, model: Model) => void}
 */
export function cardsView({ page: { scroll }, say, language, act, onAnswer }) {
  /** @type {Map<HTMLElement, string>} */
  const drawn = new Map();

  return (state, model) => {
    for (const [entry, { text, values, acts }] of cards(state, model, language, say)) {
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
