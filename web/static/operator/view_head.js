// SPDX-License-Identifier: EUPL-1.2
// The head of an open conversation: which one it is, whose turn it is, whether she is there, what she told at the start.

import { isLive } from "./conversation.js";
import { mark, part, show, write, writeOrHide } from "./dom.js";
import { LONG_WAIT, turnShown, waitsFor } from "./turn.js";
import { languageName, minutesOpen, placeName, presenceShown, say } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./words.js").Page} Page */

/** Minutes from which on it is told how long a conversation has gone on. */
const LONG_TALK = 5;

/**
 * @param {HTMLElement} pane
 * @param {Page} page
 * @param {State} state
 * @param {Conversation} held
 */
export function renderHead(pane, page, state, held) {
  write(part(pane, "number"), String(held.number));
  write(part(pane, "name"), say(page, "conversation", { n: held.number }));
  write(part(pane, "service"), placeName(page, held));
  const open = minutesOpen(held, state.now);
  // Beside how long she has waited it would be a second clock that says the same.
  writeOrHide(part(pane, "minutes"), open < LONG_TALK ? "" : say(page, "going_on", { n: open }));
  // While it goes on the banner says so.
  show(part(pane, "acute"), held.acute && !isLive(held));
  writeOrHide(part(pane, "language"), languageName(page, held.language));
  writeOrHide(part(pane, "presence"), presenceShown(page, state, held));
  mark(part(pane, "presence"), "here", String(held.connected));
  writeOrHide(part(pane, "unread"), held.unread > 0 ? say(page, "unread", { n: held.unread }) : "");
  const waits = waitsFor(held, state.now);
  writeOrHide(part(pane, "turn"), turnShown(page, waits));
  mark(part(pane, "turn"), "long", String((waits ?? 0) >= LONG_WAIT));
  renderIntake(part(pane, "intake"), intakeShown(page, held));
}

/**
 * What she answered before the start.
 * @param {Page} page
 * @param {Conversation} held
 */
function intakeShown(page, held) {
  const { acute: _inTheBanner, ...told } = held.intake ?? {};
  const answers = Object.entries(told).filter(([, answer]) => typeof answer === "string" && answer !== "");
  return answers.map(([name, answer]) => `${say(page, `intake.${name}`)}: ${answerShown(page, name, answer)}`);
}

/**
 * Each answer in a box of its own: it may be anything, and what turns the direction of writing ends with the box.
 * @param {HTMLElement} element
 * @param {readonly string[]} answers
 */
function renderIntake(element, answers) {
  show(element, answers.length > 0);
  if (element.textContent === answers.join("")) return;
  element.replaceChildren(
    ...answers.map((answer) => Object.assign(document.createElement("span"), { textContent: answer, dir: "auto" })),
  );
}

/**
 * @param {Page} page
 * @param {string} name
 * @param {string} answer
 */
function answerShown(page, name, answer) {
  const known = page.texts[`answers.${name}_${answer}`];
  return typeof known === "string" ? known : answer;
}
