// SPDX-License-Identifier: EUPL-1.2
/**
 * What she is asked when it is over: a few taps, each sent at once, none needed. Loaded with the end, and only when
 * somebody had answered.
 */

import { button, choices, node } from "./dom.js";
import { looked, textsFrom } from "./later.js";
import { speaker } from "./texts.js";

/**
 * @param {{ page: ReturnType<typeof import("./view.js").parts>, given: import("./types").Given, handle: string }} options
 */
export async function askAfter({ page, given, handle }) {
  const address = `/asked/${given.service}?lang=${given.language}`;
  const [{ texts, questions, answers }] = await Promise.all([textsFrom(address), looked("more")]);
  const say = speaker(texts, document.documentElement.lang);
  const box = node("div", "after");
  const words = node("p", "");
  words.setAttribute("role", "status");
  page.find("over-text").after(box);
  box.append(node("p", "quiet", say("intro")), words);
  ask(0);

  /** @param {number} turn */
  function ask(turn) {
    const question = questions[turn];
    const had = box.contains(document.activeElement);
    box.querySelector(".choices")?.remove();
    if (question === undefined) {
      box.firstChild?.remove();
      words.textContent = say("thanks");
    } else {
      words.textContent = say(question);
      const buttons = answers.map((/** @type {string} */ answer) => button("plain", worded(question, answer), () => {
        tell(question, answer);
        ask(turn + 1);
      }));
      box.append(choices(...buttons, button("inline", say("skip"), () => box.remove())));
    }
    if (!had) return;
    words.tabIndex = -1;
    words.focus();
  }

  /**
   * @param {string} question
   * @param {string} answer
   */
  function worded(question, answer) {
    return say(answer === "some" ? `${question}.some` : answer);
  }

  /**
   * Nothing comes of it but a number, so nobody is told whether it arrived.
   * @param {string} question
   * @param {string} answer
   */
  function tell(question, answer) {
    const body = JSON.stringify({ handle, question, answer });
    fetch("/asked", { method: "POST", body, credentials: "omit", keepalive: true }).catch(() => {});
  }
}
