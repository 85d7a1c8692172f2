// SPDX-License-Identifier: EUPL-1.2
/**
 * The strip about danger: asks once, says what the chat cannot do, and where help is. It takes no focus and stands in
 * the way of nothing.
 */

import { button, node } from "./question.js";

/** @typedef {import("./types").State} State */

/**
 * @param {import("./types").DangerOptions} options
 */
export function dangerStrip({ page: { find, help, scroll, text: field }, say, call, onYes, onNo }) {
  const strip = node("section", "strip in-danger");
  strip.setAttribute("role", "group");
  strip.setAttribute("aria-labelledby", "in-danger");
  strip.hidden = true;
  const said = node("div", "");
  said.setAttribute("role", "status");
  const choices = node("div", "choices");
  strip.append(said, choices);
  find("page").prepend(strip);
  let subject = "";
  let asked = false;
  let told = "";

  /** @param {string} words */
  function first(words) {
    const line = node("p", "", `${words} `);
    line.id = "in-danger";
    if (call !== null) {
      line.append(Object.assign(document.createElement("a"), { href: call.href, textContent: call.text }), ".");
    }
    return line;
  }

  /** Other ways to get help are hidden while she talks with somebody. */
  function showLines() {
    help.hidden = false;
    help.open = true;
    scroll.scrollTop = help.offsetTop;
    help.querySelector("summary")?.focus({ preventScroll: true });
  }

  function close() {
    strip.hidden = true;
    said.replaceChildren();
    choices.replaceChildren();
    told = "";
  }

  function answered() {
    close();
    field.focus();
  }

  const lines = () => (subject === "self" ? [button("plain", say("danger.lines"), showLines)] : []);

  return {
    /** @param {string} about who is in danger, as the server's frame says */
    open(about) {
      if (asked) return;
      asked = true;
      subject = about === "self" || about === "other" ? about : "visitor";
      const warm = subject === "self" ? [node("p", "warm", say("danger.self.warm"))] : [];
      strip.hidden = false;
      said.replaceChildren(...warm, first(say(`danger.${subject}`)), node("p", "", say("danger.cannot")));
      choices.replaceChildren(
        button("strong", say(subject === "other" ? "danger.yes.other" : "danger.yes"), onYes),
        button("plain", say("danger.no"), () => {
          answered();
          onNo();
        }),
        ...lines(),
      );
    },
    /** @param {State} state */
    draw(state) {
      if (!state.acute || strip.hidden) return;
      const words = what(state);
      const now = say(words, { alias: state.alias ?? "" });
      if (told === now) return;
      const begins = told === "";
      told = now;
      said.replaceChildren(first(now), node("p", "", say("danger.cannot")));
      if (!begins) return;
      choices.replaceChildren(...lines(), button("plain", say("close"), answered));
      // The button that she pressed is gone: the emergency line is what comes next.
      said.querySelector("a")?.focus();
    },
    close,
  };
}

/**
 * What happens now that she has said that she is in danger: nothing that is not so.
 * @param {State} state
 */
export function what({ connected, phase, place }) {
  if (!connected || phase === "connecting") return "told.later";
  if (phase === "active") return "told.active";
  return place?.here === false ? "told.nobody" : "told.waiting";
}
