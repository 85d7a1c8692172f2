// SPDX-License-Identifier: EUPL-1.2
/**
 * The word that she and her operator agree on: asked for calmly above her field, once to choose and later to tell.
 * Her page learns that what she wrote has come, and never what came of it.
 */

import { choices } from "./dom.js";
import { button, node } from "./question.js";
import { line } from "./returning_parts.js";
import { isTalking } from "./state.js";

const MOST = 64;
const HEARD_SHOWN_MS = 6000;

/**
 * @param {{ page: import("./types").ReturningOptions["page"], say: import("./types").Say,
 *   send: (frame: import("../shared/connection.js").Frame) => unknown }} options
 * @returns {(state: import("./types").State, event?: import("./types").Event) => void}
 */
export function wordView({ page, say, send }) {
  const panel = node("section", "beside agreed");
  panel.setAttribute("aria-live", "polite");
  panel.hidden = true;
  page.find("write").before(panel);
  let timer = 0;

  function close() {
    clearTimeout(timer);
    panel.hidden = true;
    panel.replaceChildren();
  }

  /** @param {"choose" | "tell"} step */
  function ask(step) {
    clearTimeout(timer);
    const isNew = step === "choose";
    const form = node("form", "word-form");
    const input = Object.assign(document.createElement("input"), { id: "agreed-word", type: "text", maxLength: MOST });
    Object.assign(input, { autocomplete: "off", autocapitalize: "none", spellcheck: false, dir: "auto" });
    input.setAttribute("autocorrect", "off");
    const name = Object.assign(document.createElement("label"), { textContent: say("word.yours"), htmlFor: input.id });
    /** @param {string | null} word */
    const answer = (word) => {
      send({ type: `${step}_word`, word });
      for (const one of form.querySelectorAll("button")) one.disabled = true;
      // A button that is out of use loses the focus.
      page.text.focus({ preventScroll: true });
    };
    form.append(
      name,
      input,
      choices(
        Object.assign(button("plain", say(isNew ? "word.save" : "word.send"), () => {}), { type: "submit" }),
        button("inline", say(isNew ? "word.no" : "word.skip"), () => answer(null)),
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (input.value.trim() !== "") answer(input.value);
    });
    panel.replaceChildren(node("p", "", say(isNew ? "word.choose" : "word.tell")), form);
    panel.hidden = false;
  }

  function takenBack() {
    const had = panel.contains(document.activeElement);
    close();
    if (had) page.text.focus();
  }

  function thank() {
    if (panel.hidden) return;
    const had = panel.contains(document.activeElement);
    panel.replaceChildren(line(say("word.heard")));
    if (had) page.text.focus();
    timer = setTimeout(close, HEARD_SHOWN_MS);
  }

  return (state, event) => {
    if (!isTalking(state)) close();
    if (event?.type !== "frame") return;
    const { frame } = event;
    // Asked again on a new socket, if it is still asked.
    if (frame.type === "welcome") close();
    if (frame.type === "nack" && frame.id === undefined) for (const one of panel.querySelectorAll("button")) one.disabled = false;
    if (frame.type !== "word") return;
    if (frame.step === "no_more") takenBack();
    else if (frame.step === "heard") thank();
    else if (frame.step === "choose" || frame.step === "tell") ask(frame.step);
  };
}
