// SPDX-License-Identifier: EUPL-1.2
/**
 * The strip about danger: asks, says what the chat cannot do, and where help is. It takes no focus and stands in the
 * way of nothing. When it is closed a small line stays, with 112 and a way to say so later.
 */

import { button, node } from "./question.js";

/** @typedef {import("./types").State} State */

/** After a no it does not ask at every word. */
const AGAIN_AFTER_MS = 180_000;

/**
 * @param {import("./types").DangerOptions} options
 */
export function dangerStrip(options) {
  const { page, say, call, now = () => performance.now(), onYes, onNo } = options;
  const { find, help, scroll, text: field } = page;
  const strip = node("section", "strip in-danger");
  strip.setAttribute("role", "group");
  strip.setAttribute("aria-labelledby", "in-danger");
  strip.hidden = true;
  const said = node("div", "");
  const choices = node("div", "choices");
  strip.append(said, choices);
  const small = node("div", "strip near");
  small.hidden = true;
  // Never hidden, and empty: what comes into it is read aloud.
  const heard = node("div", "unseen");
  heard.setAttribute("role", "status");
  find("page").prepend(heard, strip, small);
  let subject = "visitor";
  let closedAt = -Infinity;
  let told = "";
  let drawn = "";
  /** She said it here, with a button. */
  let isPressed = false;

  /** @param {string} words @param {string} id */
  function first(words, id) {
    const line = node("p", "", `${words} `);
    line.id = id;
    if (call !== null) {
      line.append(Object.assign(document.createElement("a"), { href: call.href, textContent: call.text }), ".");
    }
    return line;
  }

  /** @param {HTMLElement[]} lines */
  function tell(...lines) {
    strip.hidden = false;
    small.hidden = true;
    said.replaceChildren(...lines);
    heard.textContent = lines.map((line) => line.textContent).join(" ");
  }

  /** Other ways to get help are hidden while she talks with somebody; and nothing stands before them. */
  function showLines() {
    close();
    field.blur();
    help.hidden = false;
    help.open = true;
    scroll.scrollTop = help.offsetTop;
    help.querySelector("summary")?.focus({ preventScroll: true });
  }

  function close() {
    strip.hidden = true;
    small.hidden = false;
    heard.textContent = "";
    said.replaceChildren();
    choices.replaceChildren();
    told = "";
    closedAt = now();
  }

  function answered() {
    close();
    field.focus();
  }

  function press() {
    isPressed = true;
    onYes();
  }

  const lines = () => (subject === "self" ? [button("plain", say("danger.lines"), showLines)] : []);

  /** @param {boolean} acute */
  function drawSmall(acute) {
    small.hidden = !strip.hidden;
    const key = `${subject} ${acute}`;
    if (drawn === key) return;
    drawn = key;
    const yes = button("inline", say(`near.${subject}`), () => {
      strip.hidden = false;
      press();
    });
    small.replaceChildren(first(say("near"), "near"), ...(acute ? [] : [yes]));
  }

  return {
    /** @param {string} about who is in danger, as the server's frame says */
    open(about) {
      if (told !== "" || !strip.hidden || now() - closedAt < AGAIN_AFTER_MS) return;
      subject = about === "self" || about === "other" ? about : "visitor";
      const warm = subject === "self" ? [node("p", "warm", say("danger.self.warm"))] : [];
      tell(...warm, first(say(`danger.${subject}`), "in-danger"), node("p", "", say("danger.cannot")));
      choices.replaceChildren(
        button("strong", say(subject === "visitor" ? "danger.yes" : `danger.yes.${subject}`), press),
        button("plain", say("danger.no"), () => {
          answered();
          onNo();
        }),
        ...lines(),
      );
    },
    /** @param {State} state */
    draw(state) {
      // She said so before the start: it stands open until she has closed it.
      if (state.acute && closedAt === -Infinity) strip.hidden = false;
      drawSmall(state.acute);
      if (!state.acute || strip.hidden) return;
      const words = what(state);
      const line = say(words, { alias: state.alias ?? "" });
      if (told === line) return;
      const begins = told === "";
      told = line;
      tell(first(line, "in-danger"), node("p", "", say("danger.cannot")));
      if (!begins) return;
      choices.replaceChildren(...lines(), button("plain", say("close"), answered));
      // The button that she pressed is gone: the emergency line is what comes next.
      if (isPressed) said.querySelector("a")?.focus({ preventScroll: true });
      isPressed = false;
      strip.scrollTop = 0;
    },
    /** It is over. */
    end() {
      close();
      small.hidden = true;
      closedAt = -Infinity;
    },
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
