// SPDX-License-Identifier: EUPL-1.2
// One open conversation: its head, its log, its composer, and what it says when it is over.

import { codePoints, excess } from "../shared/characters.js";
import { isLive, supervises } from "./conversation.js";
import { block, clone, isBlocked, mark, markHue, part, partOf, show, write, writeOrHide } from "./dom.js";
import { handoverOf, hasUnsent, questionOf } from "./question.js";
import { focusTool, toolbarView } from "./toolbar.js";
import { alarmView } from "./view_alarm.js";
import { ticksView } from "./view_chosen.js";
import { askedOf, endView } from "./view_end.js";
import { handoverView } from "./view_handover.js";
import { renderHead } from "./view_head.js";
import { logView } from "./view_log.js";
import { questionView } from "./view_question.js";
import { closing, connectionShown, say } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./words.js").Page} Page */

/** The server's limit, in code points. */
export const LONGEST = 2000;
const COUNT_FROM = 1800;

/** @typedef {import("./types.js").Unsafe} Unsafe */
/** @typedef {import("./view_end.js").Ending | "dismiss" | "fold" | "unfold"} Decision */

/**
 * @typedef {object} Hands what may be done in a pane
 * @property {(id: string) => void} turn
 * @property {(id: string, text: string) => void} draft
 * @property {(id: string, text: string) => void} send
 * @property {(id: string, message: string) => void} retry
 * @property {(id: string, message: string) => void} edit
 * @property {(act: Decision, id: string, unsafe?: Unsafe) => void} decide
 * @property {(id: string, hand: import("./handover_types.js").Hand) => void} hand
 * @property {(id: string) => void} ask what stands in the panel of the handover
 * @property {(act: "uncover" | "cover", id: string, keys: string[]) => void} cover
 */

/**
 * @typedef {object} PaneView
 * @property {HTMLElement} element
 * @property {(state: State, conversation: Conversation, front: boolean) => void} render
 * @property {() => void} focus
 * @property {() => void} send what stands in the composer
 * @property {() => void} toMenu to what else can be done
 * @property {() => void} seen what is told about danger
 */

/**
 * @param {string} id
 * @param {Page} page
 * @param {Hands} hands
 * @returns {PaneView}
 */
export function paneView(id, page, hands) {
  const element = clone("pane");
  const composer = partOf(element, "composer", HTMLTextAreaElement);
  const sendButton = part(element, "send");
  const over = part(element, "over");
  const log = logView(part(element, "scroll"), part(element, "log"), part(element, "newer"), page, () => ticks.render(handover));
  const alarm = alarmView(part(element, "alarm"), page, {
    fold: seen,
    unfold: () => hands.decide("unfold", id),
    jump: log.jump,
  });
  const ticks = ticksView(part(element, "log"), (seq) => hands.hand(id, { do: "message", seq }));
  const question = questionView(part(element, "question"), page, (hand) => hands.hand(id, hand));
  const handButton = part(element, "hand");
  const toolbar = toolbarView(element);
  const ending = endView(element, page, (act, unsafe) => hands.decide(act, id, unsafe));
  /** @type {import("./handover_types.js").Handover | undefined} */
  let handover;
  /** @type {import("./view_handover.js").HandoverView | null} made when it is opened for the first time */
  let panel = null;
  /** A supervisor is in it for whoever holds it: what she begins to write must not go to the visitor by chance. */
  let beside = false;
  const toWriting = () => (beside ? element : composer).focus();

  function seen() {
    hands.decide("fold", id);
    toWriting();
  }

  const overLong = () => codePoints(composer.value) > LONGEST;

  function send() {
    const text = composer.value.trim();
    if (text === "" || overLong() || isBlocked(sendButton)) return;
    hands.send(id, text);
    composer.focus();
  }

  function measure() {
    const length = codePoints(composer.value);
    // Beyond the limit it tells how many characters must go: an emoji is one, however it is made.
    const n = length > LONGEST ? LONGEST + excess(composer.value, LONGEST) : length;
    writeOrHide(part(element, "length"), length > COUNT_FROM ? say(page, "length", { n, of: LONGEST }) : "");
    mark(part(element, "length"), "over", String(length > LONGEST));
  }

  element.addEventListener("focusin", () => hands.turn(id));
  element.addEventListener("pointerdown", () => hands.turn(id));
  composer.addEventListener("input", () => {
    measure();
    hands.draft(id, composer.value);
  });
  sendButton.addEventListener("click", send);
  handButton.addEventListener("click", () => {
    if (!isBlocked(handButton)) hands.hand(id, { do: element.dataset["handover"] ? "close" : "open" });
  });
  part(element, "dismiss").addEventListener("click", () => hands.decide("dismiss", id));
  part(element, "log").addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const line = button?.closest("li")?.dataset ?? {};
    const message = line["id"];
    if (button === null || message === undefined) return;
    if (button.dataset["part"] === "unsafe-end") {
      hands.decide("ask_unsafe", id);
      return;
    }
    if (button.dataset["part"] === "uncover") {
      hands.cover(line["covered"] === "true" ? "uncover" : "cover", id, (line["keys"] ?? "").split(" "));
      return;
    }
    if (button.dataset["part"] === "retry") hands.retry(id, message);
    else hands.edit(id, message);
    composer.focus();
  });

  /** @param {Conversation} held */
  function renderNames(held) {
    const n = held.number;
    const name = say(page, "conversation", { n });
    element.setAttribute("aria-label", name);
    part(element, "scroll").setAttribute("aria-label", name);
    const holder = held.as_guest?.holder ?? "";
    const whose = say(page, supervises(held) ? "supervision.write_to" : "write_to", { n, holder });
    composer.setAttribute("aria-label", whose);
    composer.placeholder = whose;
    mark(part(element, "compose"), "beside", String(supervises(held)));
  }

  /**
   * @param {State} state
   * @param {Conversation} held
   */
  function renderFoot(state, held) {
    const live = isLive(held);
    const fine = state.link === "open" && state.ready;
    const typing = live && fine && held.typingUntil > state.now;
    show(part(element, "typing"), typing);
    show(part(element, "unreadable"), live && !held.readable);
    const link = connectionShown(state);
    writeOrHide(part(element, "trouble"), live && link !== "fine" ? say(page, `trouble.${link}`) : "");
    writeOrHide(part(element, "pane-notice"), held.notice);
    show(part(element, "compose"), live);
    show(part(element, "ask_end"), live && held.as_guest === null);
    block(sendButton, !held.readable || held.phase === "ending");
    show(part(element, "draft-waits"), held.phase === "asking" && hasUnsent(state, id));
    show(part(element, "question-waits"), held.phase === "asking" && questionOf(held).state === "asked");
    ending.render(held, fine);
    show(part(element, "identity-hint"), live && !state.spoken);
    show(over, !live);
    if (live) return;
    const { heading, body } = closing(page, held);
    write(part(over, "over-heading"), heading);
    write(part(over, "over-body"), body);
    // What was not sent is not lost without a word.
    const unsent = state.drafts[id] ?? "";
    show(part(over, "over-unsent"), unsent.trim() !== "");
    write(part(over, "over-draft"), unsent);
  }

  /**
   * @param {State} state
   * @param {Conversation} held
   */
  function renderHandover(state, held) {
    const hand = handoverOf(state, id);
    const open = hand.open && isLive(held);
    show(handButton, isLive(held) && held.as_guest === null);
    block(handButton, !held.readable);
    handButton.setAttribute("aria-expanded", String(open));
    mark(element, "handover", open ? hand.step : "");
    question.render(state, held);
    handover = state.handovers[id];
    ticks.render(handover);
    if (open && panel === null) {
      panel = handoverView(id, held.number, page, {
        hand: (done) => hands.hand(id, done),
        ask: () => hands.ask(id),
        toTicks: () => (log.stay(), ticks.focus()),
        // Not the composer: whoever goes on writing would send notes about a visitor to her.
        toButton: () => focusTool(handButton),
      });
      part(element, "below").before(panel.element);
    }
    panel?.render(state, held);
    if (isLive(held)) return;
    // No word of a draft stays in a page whose conversation is over.
    panel?.element.remove();
    panel = null;
  }

  /** What of the end is asked: it may be left for another question while it is open. */
  let asked = "";
  /** @type {Conversation["phase"]} */
  let phase = "open";
  return {
    element,
    send,
    seen,
    toMenu: toolbar.toMenu,
    focus() {
      if (asked.startsWith("unsafe")) part(element, "unsafe-heading").focus();
      else if (composer.closest("[hidden]") === null) toWriting();
      else part(element, "over-heading").focus();
    },
    render(state, held, front) {
      const inside = element.contains(document.activeElement);
      const taken = beside && isLive(held) && held.as_guest === null;
      beside = supervises(held);
      mark(element, "front", String(front));
      // Only the log in front is read aloud; the others are announced by number.
      part(element, "scroll").setAttribute("aria-live", front ? "polite" : "off");
      markHue(element, held.number);
      mark(element, "phase", held.phase);
      mark(element, "reason", held.reason);
      const draft = state.drafts[id] ?? "";
      if (composer.value !== draft) {
        composer.value = draft;
        measure();
      }
      renderNames(held);
      renderHead(element, page, state, held);
      renderFoot(state, held);
      alarm.render(held);
      log.render(state, held);
      renderHandover(state, held);
      const [turned, other] = [phase !== held.phase, asked !== askedOf(held)];
      // Before the focus moves: that turns to this conversation, and draws it again.
      phase = held.phase;
      asked = askedOf(held);
      if (!inside) return;
      if (other && asked.startsWith("unsafe")) part(element, "unsafe-heading").focus();
      else if (other && asked === "plain") part(element, "keep").focus();
      // Not the button: a key that was meant for the composer must not wipe the log.
      else if (turned && !isLive(held)) part(element, "over-heading").focus();
      else if (turned && phase === "open") toWriting();
      else if (taken && document.activeElement === element) composer.focus();
    },
  };
}
