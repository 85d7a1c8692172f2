// SPDX-License-Identifier: EUPL-1.2
/**
 * The field for her six words, under the button that asks for it.
 *
 * Owns the code that she has typed until it has let her in. A code belongs to this page from its first try on: should
 * the network go before she hears that she is in, the very same lets her in again. Where many are trying, it tries once
 * more by itself, at another moment than the others.
 */

import { clientId } from "../shared/connection.js";
import { choices } from "./dom.js";
import { button, node } from "./question.js";
import { line } from "./returning_parts.js";
import { isTalking } from "./state.js";

const WORDS = 6;
const TRIES = 8;
const PAUSE_MS = 1_500;

/**
 * @param {{ page: import("./types").ReturningOptions["page"], say: import("./types").Say,
 *   onCode: (code: import("./types").Code) => void }} options
 */
export function codeForm({ page, say, onCode }) {
  const opener = page.find("back");
  const form = node("form", "back-form");
  const name = Object.assign(document.createElement("label"), { textContent: say("back.label"), htmlFor: "back-code" });
  const input = Object.assign(document.createElement("input"), { id: "back-code", type: "text", spellcheck: false });
  Object.assign(input, { autocomplete: "off", autocapitalize: "none", maxLength: 400, dir: "auto" });
  input.setAttribute("autocorrect", "off");
  const heard = line("");
  input.setAttribute("aria-describedby", (heard.id = "back-heard"));
  const go = Object.assign(button("strong", say("back.go"), () => {}), { type: "submit" });
  /** @type {import("./types").Code | null} */
  let code = null;
  let isTrying = false;
  let left = TRIES;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let again;

  form.append(name, input, heard, choices(go));
  opener.after(form);
  opener.hidden = true;

  /** @param {import("./types").Code} typed */
  function attempt(typed) {
    isTrying = true;
    onCode(typed);
  }

  /** Only while she still waits for it: not once she has left, begun otherwise, or typed something else. */
  function tryAgain() {
    if (code === null || !form.isConnected || page.find("before").hidden || input.value !== code.code) return;
    attempt(code);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(again);
    heard.textContent = "";
    // Written together they may still be six.
    const n = input.value.match(/\p{L}+/gu)?.length ?? 0;
    if (n > 1 && n !== WORDS) heard.textContent = say("back.count", { n });
    if (n === 0 || (n > 1 && n !== WORDS)) return;
    if (code?.code !== input.value) {
      code = { code: input.value, nonce: clientId((bytes) => crypto.getRandomValues(bytes)) };
    }
    left = TRIES;
    attempt(code);
  });

  return {
    focus: () => input.focus(),
    /** @param {import("./types").State} state */
    draw(state) {
      if (isTalking(state)) {
        heard.textContent = "";
        if (state.token !== null) {
          code = null;
          input.value = "";
        }
        return;
      }
      if (!isTrying || state.phase !== "before" || state.refusal === null) return;
      isTrying = false;
      if (state.refusal.retry && left > 0) {
        left -= 1;
        heard.textContent = say("sending");
        again = setTimeout(tryAgain, PAUSE_MS * (1 + Math.random()));
        return;
      }
      heard.textContent = say(state.refusal.code === "wrong_code" ? "back.wrong" : "later");
      input.focus();
    },
  };
}
