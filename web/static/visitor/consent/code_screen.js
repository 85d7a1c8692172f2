// SPDX-License-Identifier: EUPL-1.2
/** The code: shown here and nowhere else, until she says twice that she has it. */

import { button, choices, node } from "../dom.js";

/**
 * @param {import("./types").ViewOptions} options
 * @param {import("./types").Learning} learning
 * @returns {import("./types").Screen}
 */
export function codeScreen(options, learning) {
  return learning.known ? asksOnceMore(options) : shown(options, learning);
}

/**
 * @param {import("./types").ViewOptions} options
 * @param {import("./types").Learning} learning
 * @returns {import("./types").Screen}
 */
function shown({ say, language, act }, { receivers, words, unsure }) {
  const list = new Intl.ListFormat(language, { type: "conjunction" });
  const code = node("ol", "code");
  code.setAttribute("aria-label", say("code.yours"));
  // Swedish words: in their own order also on a page that runs from right to left.
  Object.assign(code, { lang: "sv", dir: "ltr" });
  code.append(...words.split(" ").map((word) => node("li", "", word)));
  const heard = node("p", "quiet", say("code.copy.more"));
  heard.setAttribute("role", "status");
  const copy = button("inline", say("code.copy"), async () => {
    try {
      await navigator.clipboard.writeText(words);
      heard.textContent = say("code.copied");
    } catch {
      heard.textContent = say("code.not_copied");
    }
  });
  const clipboard = node("div", "clipboard");
  clipboard.append(copy, heard);
  return {
    heading: say(unsure ? "code.unsure.heading" : "code.heading"),
    nodes: [
      ...(unsure ? [node("p", "", say("code.unsure"))] : []),
      node("p", "strong-words", say("code.learn")),
      code,
      node("p", "", say("code.use", { address: `${location.host}/ticket` })),
      node("p", "", say("code.gone")),
      choices(button("strong wide", say("code.have"), () => act({ type: "know", known: true }))),
      ...(unsure ? [] : [node("p", "quiet", say("code.to", { receivers: list.format(receivers) }))]),
      clipboard,
    ],
  };
}

/**
 * The words are out of sight: whether she has them is seen before they are gone for good.
 * @param {import("./types").ViewOptions} options
 * @returns {import("./types").Screen}
 */
function asksOnceMore({ say, act }) {
  return {
    heading: say("code.sure.heading"),
    nodes: [
      node("p", "", say("code.sure")),
      choices(
        button("plain", say("code.sure.no"), () => act({ type: "know", known: false })),
        button("plain", say("code.sure.yes"), () => act({ type: "learnt" })),
      ),
    ],
  };
}
