// SPDX-License-Identifier: EUPL-1.2
/**
 * A guest in her conversation: the question whether somebody may come, who is here, and asking them to leave. Also the
 * question whether somebody elsewhere may take it over, until they do. Loaded
 * with `consent/`; its words come with the first question about a guest.
 *
 * Thin: `warm_model.js` says what there is to show. Her ticks are in the page, in memory, until she has answered.
 */

import { clientId } from "../shared/connection.js";
import { box, button, choices, node } from "./dom.js";
import { looked, textsFrom } from "./later.js";
import { isTalking } from "./state.js";
import { speaker } from "./texts.js";
import { answerOf, isMove, lacks, standing } from "./warm_model.js";

/** @typedef {import("./warm_model.js").Question} Question */
/** @typedef {import("../shared/connection.js").Frame} Frame */
/** @typedef {import("./types").State} State */

/**
 * @param {{ page: ReturnType<typeof import("./view.js").parts>, given: import("./types").Given,
 *   send: (frame: Frame) => unknown }} options
 */
export async function besideUs({ page, given, send }) {
  const [texts] = await Promise.all([
    textsFrom(`/warm/texts?lang=${given.language}&service=${given.service}`),
    looked("warm"),
  ]);
  const say = speaker(texts.guest, document.documentElement.lang);
  const sayMove = speaker(texts.move, document.documentElement.lang);
  const strip = node("section", "guest-strip");
  strip.hidden = true;
  page.find("write").before(strip);
  /** @type {Map<Element, string>} */
  const drawn = new Map();
  /** @type {{ frame: Frame, trouble: string } | null} what the server has not confirmed */
  let pending = null;
  /** @type {(() => void) | null} draws the open question anew */
  let again = null;

  /** @param {Frame} frame */
  function answer(frame) {
    pending = { frame, trouble: "" };
    send(frame);
    again?.();
  }

  /**
   * @param {Element} element
   * @param {Question} question
   */
  function ask(element, question) {
    const { offer, asked_by: alias } = question.invitation;
    const values = { alias, organisation: offer.organisation };
    const ticks = { secrecy: false, history: false, police: false };
    const moves = isMove(question.invitation);
    const words = moves ? sayMove : say;
    const heading = node("h3", "", words("ask", values));
    const notice = node("div", "guest-notice");
    notice.lang = offer.language;
    notice.append(...offer.notice.map((text) => node("p", "", text)));
    const heard = node("p", "lacks");
    heard.setAttribute("role", "alert");
    const boxes = [
      box(words("ask.secrecy", values), false, (on) => void (ticks.secrecy = on)),
      ...(offer.police === true ? [box(say("ask.police", values), false, (on) => void (ticks.police = on))] : []),
      box(words("ask.history", values), false, (on) => void (ticks.history = on), words("ask.history.more", values)),
    ];
    const id = () => clientId((bytes) => crypto.getRandomValues(bytes));
    const yes = button("plain", words("ask.yes"), () => {
      if (lacks(question.invitation, ticks)) {
        heard.textContent = words("ask.lacks", values);
        boxes[ticks.secrecy ? 1 : 0]?.querySelector("input")?.focus();
      } else answer(answerOf(question, id(), { ...ticks }));
    });
    const no = button("plain", words("ask.no"), () => answer(answerOf(question, id(), null)));
    const row = choices(yes, no);
    element.className = "asks-her";
    const by = node("p", "", words("ask.by", values));
    const differs = moves ? [node("p", "", sayMove("ask.differs"))] : [];
    element.replaceChildren(heading, by, ...differs, notice, ...boxes, heard, row);
    again = () => {
      const isOnItsWay = pending !== null && pending.frame.proposal === question.seq && pending.trouble === "";
      for (const one of [yes, no]) one.disabled = isOnItsWay;
      heard.textContent = isOnItsWay ? say("sending") : (pending?.trouble ?? "");
    };
    again();
  }

  /** @param {State} state @param {ReturnType<typeof standing>} now */
  function drawStrip(state, { guest, invited }) {
    const shown = isTalking(state) && state.phase === "active" && (guest ?? invited) !== null;
    const key = shown ? JSON.stringify([guest, invited]) : "";
    if (drawn.get(strip) === key) return;
    drawn.set(strip, key);
    strip.hidden = !shown;
    if (!shown) return;
    const values = { alias: guest?.alias ?? "", organisation: guest?.organisation ?? invited ?? "" };
    // Nobody whom she has let in, so nobody whom she can send away.
    if (guest?.supervisor) return void strip.replaceChildren(node("p", "", say("strip.supervisor", values)));
    strip.replaceChildren(
      node("p", "", say(guest ? "strip.here" : "strip.invited", values)),
      button("inline", say(guest ? "strip.leave" : "strip.undo", values), () => send({ type: "uninvite" })),
    );
  }

  return {
    /**
     * @param {State} state
     * @param {readonly import("./types").Entry[]} entries those about guests
     * @param {import("./types").Event} [event]
     */
    draw(state, entries, event) {
      const now = standing(entries);
      if (event?.type === "frame") hear(event.frame, now.question);
      if (now.question === null || now.question.seq !== pending?.frame.proposal) pending = null;
      for (const [entry, { text, values, moves, question }] of now.lines) {
        const element = page.find("log").querySelector(`#e${CSS.escape(entry.id ?? String(entry.seq))}`);
        const open = question !== undefined && isTalking(state);
        const key = `${text} ${open}`;
        if (element === null || drawn.get(element) === key) continue;
        drawn.set(element, key);
        if (open) {
          ask(element, question);
          element.scrollIntoView({ block: "nearest" });
        } else {
          element.className = "event";
          const words = moves ? sayMove : say;
          element.replaceChildren(node("p", "", words(question === undefined ? text : "over", values)));
        }
      }
      drawStrip(state, now);
    },
  };

  /**
   * @param {Frame} frame
   * @param {Question | null} question
   */
  function hear(frame, question) {
    if (pending === null || question === null) return;
    // With the old id: the server takes each answer once.
    if (frame.type === "welcome") send(pending.frame);
    if (frame.type !== "nack" || frame.id !== pending.frame.id) return;
    const { offer, asked_by: alias } = question.invitation;
    const gone = isMove(question.invitation) ? sayMove("trouble.gone") : say("trouble.gone");
    const later = frame.retry === true ? say("trouble.later") : gone;
    pending.trouble = frame.code === "conflict" ? say("trouble.changed", { alias, organisation: offer.organisation }) : later;
    again?.();
  }
}
