// SPDX-License-Identifier: EUPL-1.2
// Where the question to the visitor stands: the strip over the talk, and the lines of the log.

import { isLive } from "./conversation.js";
import { block, mark, part, show, write, writeOrHide } from "./dom.js";
import { hers, questionNoted, questionShown, wrongShown } from "./handover_words.js";
import { handoverOf, questionOf } from "./question.js";
import { fillItems } from "./view_preview.js";

/** @typedef {import("./handover_types.js").Hand} Hand */
/** @typedef {import("./handover_types.js").Proposal} Proposal */
/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").State} State */
/** @typedef {import("./words.js").Page} Page */

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {(hand: Hand) => void} hand
 * @returns {{render: (state: State, held: Conversation) => void}}
 */
export function questionView(root, page, hand) {
  let seq = 0;
  const back = part(root, "take-question-back");
  const away = part(root, "put-question-away");
  back.addEventListener("click", () => {
    if (back.getAttribute("aria-disabled") !== "true") hand({ do: "take_back" });
  });
  away.addEventListener("click", () => hand({ do: "put_away", seq }));
  return {
    render(state, held) {
      const question = questionOf(held);
      const { put_away, taking, wrong } = handoverOf(state, held.id);
      const had = root.contains(document.activeElement);
      seq = question.seq;
      const asked = question.state === "asked";
      show(root, isLive(held) && question.state !== "none" && question.seq !== put_away);
      mark(root, "state", question.state);
      write(part(root, "question-text"), questionShown(page, question));
      show(back, asked);
      block(back, taking || state.link !== "open" || !state.ready);
      show(away, !asked);
      writeOrHide(part(root, "question-wrong"), wrong?.field === "question" ? wrongShown(page, wrong) : "");
      // The button that had the focus is gone: what came of it is where it was.
      if (had && !root.hidden && document.activeElement === document.body) part(root, "question-text").focus();
    },
  };
}

/**
 * Fill the line of the log about a question, what became of it, or an answer.
 * @param {HTMLElement} element
 * @param {Page} page
 * @param {Entry} entry
 * @param {Proposal | null} answered what an answer is to
 */
export function fillQuestion(element, page, entry, answered) {
  write(part(element, "noted"), questionNoted(page, entry, answered));
  show(part(element, "asked"), entry.proposal !== null);
  if (entry.proposal === null) return;
  const { purpose, content, asked_by, track = "" } = entry.proposal;
  write(part(element, "why"), hers(page, "items.why", track, { alias: asked_by }));
  write(part(element, "purpose"), purpose);
  fillItems(part(element, "items"), page, content, track, asked_by);
}
