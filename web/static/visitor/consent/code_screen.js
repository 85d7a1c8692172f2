// SPDX-License-Identifier: EUPL-1.2
/** The code: shown here and nowhere else, until she says that she has it. */

import { button, choices, node } from "./dom.js";

/**
 * @param {import("./types").ViewOptions} options
 * @param {import("./types").Learning} learning
 * @returns {import("./types").Screen}
 */
export function codeScreen({ say, language, act }, { receivers, words, unsure }) {
  const list = new Intl.ListFormat(language, { type: "conjunction" });
  const code = node("ol", "code");
  code.setAttribute("aria-label", say("code.yours"));
  code.lang = "sv";
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
      node("p", "", unsure ? say("code.unsure") : say("code.to", { receivers: list.format(receivers) })),
      node("p", "strong-words", say("code.learn")),
      code,
      node("p", "", say("code.use", { address: `${location.host}/ticket` })),
      choices(button("strong wide", say("code.have"), () => act({ type: "learnt" }))),
      clipboard,
    ],
  };
}
