// SPDX-License-Identifier: EUPL-1.2
// "I need to talk to someone": a card below the queue, about no conversation. Owns whether it was asked for and who has
// seen it.

import { block, clone, isBlocked, mark, moved, part, show, write } from "./dom.js";
import { clock, say } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {{at: string | null, alias: string | null, here: boolean}} Talk since when, who will be in touch, who sees it */

/**
 * What there is to say of it, by message id. Pure.
 * @param {Talk} talk
 */
export function shown({ at, alias, here }) {
  if (at === null) return { line: "talk.about", button: "talk.ask" };
  if (alias === null) return { line: here ? "talk.asked" : "talk.asked_nobody", button: "talk.take_back" };
  return { line: "talk.seen", button: "talk.done" };
}

/**
 * @param {import("./pieces.js").PieceOptions} options
 * @returns {import("./pieces.js").Piece}
 */
export function talkCard({ root, page, state, send }) {
  const card = clone("talk");
  const button = part(card, "talk-button");
  /** @type {Talk} */
  let talk = { at: null, alias: null, here: true };
  let known = false;

  button.addEventListener("click", () => {
    if (!isBlocked(button)) send({ type: "talk", on: talk.at === null });
  });

  /** @param {State} now */
  function render(now) {
    // Nobody could tell who asks before there is an alias; after the shift there still is one.
    known ||= now.duty.on || talk.at !== null;
    show(card, known);
    // What was asked for and is answered must be in sight; before that it lies with what is about oneself.
    const [asked, told] = [talk.at !== null, part(card, "talk-line")];
    if (asked) moved(card, part(root, "duty"));
    else moved(card, part(root, "mine-body"), part(root, "alerting"));
    mark(card, "asked", String(asked));
    const { line, button: label } = shown(talk);
    write(told, say(page, line, { at: talk.at === null ? "" : clock(page, talk.at), alias: talk.alias ?? "" }));
    write(button, say(page, label));
    block(button, now.link !== "open" || !now.ready);
  }

  return {
    render,
    hear(frame) {
      if (frame.type !== "talk") return;
      talk = { at: frame.at ?? null, alias: frame.alias ?? null, here: frame.here !== false };
      render(state());
    },
  };
}
