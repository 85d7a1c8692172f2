// SPDX-License-Identifier: EUPL-1.2
/** Asks her for a yes: loaded when the first question comes, with all that any question may need. */

import { clientId } from "../../shared/connection.js";
import { looked, textsFrom } from "../later.js";
import { isOver } from "../state.js";
import { speaker } from "../texts.js";
import { answerOf, due } from "./answer.js";
import { cardsView } from "./cards.js";
import { leftView } from "./left.js";
import { START, reduce } from "./model.js";
import { sheetView } from "./sheet.js";
import { besideUs } from "../warm.js";
import { sorted } from "../warm_model.js";

/** @typedef {import("./types").Act} Act */

const LOOKED_FOR_MS = 1000;

/**
 * @param {import("./types").Options} options
 * @returns {Promise<import("./types").Consent>}
 */
export async function asksHer({ page, given, look, load, send }) {
  const [texts] = await Promise.all([
    textsFrom(`/consent/texts?lang=${given.language}&service=${given.service}`),
    looked("consent/consent"),
  ]);
  const language = document.documentElement.lang;
  const say = speaker(texts, language);
  let model = START;
  /** @type {import("../types").State | null} */
  let state = null;
  /** @type {readonly import("../types").Entry[]} */
  let entries = [];
  /** @type {Promise<Awaited<ReturnType<typeof besideUs>> | void> | null} */
  let warm = null;

  // Never in her way: what is not here within a second is not waited for.
  const ready = () => Promise.race([load(), new Promise((go) => void setTimeout(go, LOOKED_FOR_MS))]);
  const view = { page, say, language, look, ready, act, onAnswer };
  const drawCards = cardsView(view);
  const drawLeft = leftView(view);
  const drawSheet = sheetView(view);

  /** @param {Act} done */
  function act(done) {
    model = reduce(model, done);
    const frame = due(model);
    if (frame !== null && send(frame) === true) model = reduce(model, { type: "sent", what: frame.type });
    show();
  }

  function show() {
    if (state === null) return;
    drawCards(state, model);
    drawLeft(state);
    drawSheet(state, model);
  }

  /** @param {boolean} isYes */
  function onAnswer(isYes) {
    const id = clientId((bytes) => crypto.getRandomValues(bytes));
    const answer = answerOf(model, isYes, id, (text) => look(text)?.left ?? text);
    if (answer !== null) act({ type: "answer", answer });
    if (!isYes) act({ type: "back" });
  }

  return {
    draw(now, event) {
      const { handovers, guests } = sorted(now.entries);
      if (guests.some(({ frame }) => frame)) {
        warm ??= besideUs({ page, given, send }).catch(() => void (warm = null));
      }
      warm?.then((loaded) => loaded?.draw(now, guests, event));
      state = { ...now, entries: handovers };
      if (event?.type === "frame") hear(event.frame);
      // Nothing is said any more, or all of it is cleared from the screen: nothing is left of it here either.
      if (now.entries.length === 0) act({ type: "forget" });
      // She is in danger: what happens about that is told in the chat.
      else if (event?.type === "acute") act({ type: "back" });
      else if (now.phase === "over") act({ type: "over" });
      else if (now.entries !== entries) act({ type: "entries", entries: handovers });
      else if (isOver(now) && model.open) act({ type: "back" });
      else show();
      entries = now.entries;
    },
  };

  /** @param {import("../../shared/connection.js").Frame} frame */
  function hear(frame) {
    if (frame.type === "welcome") act({ type: "welcome" });
    if (frame.type === "code") act({ type: "code", words: String(frame.words) });
    if (frame.type === "nack") act({ type: "refused", id: frame.id ?? undefined, code: String(frame.code) });
  }
}
