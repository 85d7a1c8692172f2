// SPDX-License-Identifier: EUPL-1.2
// The question before a conversation is ended: the usual end, or one for threats, harassment or spam, which asks for the
// reason and then once more. Each question names the conversation; none can be taken for the visitor's own safety.

import { block, isBlocked, mark, part, show, write } from "./dom.js";
import { say } from "./words.js";

/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./types.js").Unsafe} Unsafe */
/** @typedef {"ask_end" | "ask_unsafe" | "keep" | "end"} Ending */

/**
 * What is asked now; "" while nothing is, and while it is being ended. Pure.
 * @param {Pick<Conversation, "phase" | "choosing" | "unsafe">} held
 */
export function askedOf({ phase, choosing, unsafe }) {
  if (phase !== "asking") return "";
  if (!choosing) return "plain";
  return unsafe === null ? "unsafe" : `unsafe ${unsafe}`;
}

/**
 * @param {HTMLElement} element the pane
 * @param {import("./words.js").Page} page
 * @param {(act: Ending, unsafe?: Unsafe) => void} decide
 */
export function endView(element, page, decide) {
  const asking = part(element, "asking");
  const reasons = [...part(asking, "unsafe-reasons").querySelectorAll("button")];
  const yes = part(asking, "unsafe-yes");
  /** @type {Unsafe | null} */
  let chosen = null;

  /** @type {readonly [string, Ending][]} */
  const acts = [["ask_end", "ask_end"], ["ask_unsafe", "ask_unsafe"], ["keep", "keep"], ["end", "end"],
    ["unsafe-hers", "ask_end"]];
  for (const [name, act] of acts) {
    const button = part(element, name);
    button.addEventListener("click", () => isBlocked(button) || decide(act));
  }
  for (const reason of reasons) {
    reason.addEventListener("click", () => {
      if (!isBlocked(reason)) decide("ask_unsafe", /** @type {Unsafe} */ (reason.dataset["unsafe"]));
    });
  }
  yes.addEventListener("click", () => {
    if (!isBlocked(yes) && chosen !== null) decide("end", chosen);
  });

  return {
    /** @param {Conversation} held @param {boolean} fine */
    render(held, fine) {
      const { number: n, phase, choosing } = held;
      const isEnding = phase === "ending";
      chosen = choosing ? held.unsafe : null;
      show(asking, phase === "asking" || isEnding);
      asking.setAttribute("aria-label", say(page, "end_which", { n }));
      mark(element, "choosing", String(choosing));
      write(part(asking, "ask-which"), say(page, "end_which", { n }));
      write(part(asking, "keep"), say(page, "end_keep", { n }));
      write(part(asking, "end"), say(page, isEnding ? "ending" : "end"));
      write(part(asking, "unsafe-heading"), say(page, chosen === null ? "unsafe.heading" : `sure.${chosen}`, { n }));
      write(yes, say(page, isEnding ? "ending" : "unsafe.yes"));
      for (const name of ["ask-plain", "end", "ask_unsafe"]) show(part(asking, name), !choosing);
      show(part(asking, "unsafe"), choosing);
      for (const name of ["unsafe-ask", "unsafe-hers"]) show(part(asking, name), choosing && chosen === null);
      for (const name of ["unsafe-text", "unsafe-yes"]) show(part(asking, name), chosen !== null);
      block(part(element, "ask_end"), phase !== "open");
      for (const button of [...reasons, yes, part(asking, "end")]) block(button, isEnding || !fine);
    },
  };
}
