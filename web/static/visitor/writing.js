// SPDX-License-Identifier: EUPL-1.2
/**
 * The field she writes in: when it sends, how much still fits, and that nothing leaves it before Send.
 */

import { codePoints, excess } from "../shared/frames.js";

const MOST = 2000;
const TOLD_FROM = 1800;
const TYPING_EVERY_MS = 3000;

/** @param {import("./types").WritingOptions} options */
export function installWriting({ page: { find, text }, say, onSend, onTyping }) {
  const count = find("count");
  // With a keyboard Enter sends; on a phone's keyboard Enter is a new line, and the button sends.
  const keyboard = matchMedia("(hover: hover) and (pointer: fine)").matches;
  let told = -TYPING_EVERY_MS;

  function measure() {
    const length = codePoints(text.value);
    const over = length > MOST && say("write.over", { n: excess(text.value, MOST) });
    const words = length < TOLD_FROM ? "" : over || say("write.left", { n: MOST - length });
    if (count.textContent !== words) count.textContent = words;
    text.setAttribute("aria-invalid", String(length > MOST));
    return length;
  }

  function send() {
    const written = text.value;
    text.focus();
    if (written.trim() === "" || measure() > MOST) return;
    text.value = "";
    measure();
    onSend(written);
  }

  text.addEventListener("input", (event) => {
    measure();
    if (event.timeStamp - told < TYPING_EVERY_MS || text.value === "") return;
    told = event.timeStamp;
    onTyping();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !keyboard) return;
    event.preventDefault();
    send();
  });
  find("write").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  find("keys").hidden = !keyboard;

  return {
    /** @param {string} words */
    put(words) {
      text.value = text.value === "" ? words : `${words}\n${text.value}`;
      measure();
      text.focus();
    },
  };
}
