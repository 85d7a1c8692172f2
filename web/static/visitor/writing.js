// SPDX-License-Identifier: EUPL-1.2
/**
 * What she writes: the field, with how much still fits, and the way of her words once she has pressed Send. Nothing
 * leaves the field before.
 */

import { codePoints, excess } from "../shared/characters.js";
import { clientId } from "../shared/connection.js";
import { isTalking } from "./state.js";

const MOST = 2000;
const TOLD_FROM = 1800;
const TYPING_EVERY_MS = 3000;
const LOOKED_FOR_MS = 1000;

/** @param {import("./types").WritingOptions} options */
export function installWriting({ page, given, say, now, dispatch, tell, language }) {
  const { find, text } = page;
  const count = find("count");
  // With a keyboard Enter sends; on a phone's keyboard Enter is a new line, and the button sends.
  const keyboard = matchMedia("(hover: hover) and (pointer: fine)").matches;
  let told = -TYPING_EVERY_MS;
  /** @type {Promise<void> | null} */
  let loading = null;
  /** @type {import("./types").Beside | null} */
  let beside = null;

  function measure() {
    const length = codePoints(text.value);
    const over = length > MOST && say("write.over", { n: excess(text.value, MOST) });
    const words = length < TOLD_FROM ? "" : over || say("write.left", { n: MOST - length });
    if (count.textContent !== words) count.textContent = words;
    text.setAttribute("aria-invalid", String(length > MOST));
    return length;
  }

  /** @param {string} words */
  function put(words) {
    text.value = text.value === "" ? words : `${words}\n${text.value}`;
    measure();
    text.focus();
  }

  function submit() {
    const written = text.value;
    text.focus();
    if (written.trim() === "" || measure() > MOST) return;
    text.value = "";
    measure();
    askOrSend(written);
  }

  function load() {
    return (loading ??= import("./asking.js")
      .then(({ besideHer }) => besideHer({ page, given, written: language(), put, onSend: send, onDanger }))
      .then((loaded) => (beside = loaded).draw(now()))
      .catch(() => void (loading = null)));
  }

  /** @param {string} words */
  async function askOrSend(words) {
    // Never in her way: what is not here within a second is not waited for.
    if (!beside) await Promise.race([load(), new Promise((go) => setTimeout(go, LOOKED_FOR_MS))]);
    let asks = false;
    try {
      asks = beside?.asks(words) === true;
    } finally {
      // Also when it fails: nothing here may keep her from sending. The server looks too.
      if (!asks) send(words);
    }
  }

  /**
   * @param {string} words
   * @param {boolean} [keep]
   */
  function send(words, keep) {
    if (!isTalking(now())) return;
    const id = clientId((bytes) => crypto.getRandomValues(bytes));
    dispatch({ type: "say", at: new Date().toISOString(), id, text: words, ...(keep && { keep }) });
    // Else it goes out with the greeting. What is older, and could not be kept, goes first.
    if (now().token !== null) for (const each of now().unsent) if (each.id === id || each.delivery === "failed") post(each);
  }

  /** @param {{ id: string, text: string, keep?: boolean }} message */
  function post({ id, text, keep }) {
    tell({ type: "say", id, text, keep });
  }

  /** @param {boolean} is */
  function onDanger(is) {
    tell({ type: is ? "acute" : "not_acute" });
    if (is) dispatch({ type: "acute" });
  }

  /** @param {string} id */
  const unsent = (id) => now().unsent.find((message) => message.id === id);

  text.addEventListener("input", load, { once: true });
  text.addEventListener("input", (event) => {
    measure();
    if (event.timeStamp - told < TYPING_EVERY_MS || text.value === "") return;
    told = event.timeStamp;
    if (now().token !== null) tell({ type: "typing" });
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !keyboard) return;
    event.preventDefault();
    submit();
  });
  find("write").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  find("keys").hidden = !keyboard;

  return {
    load,
    post,
    draw: () => beside?.draw(now()),
    /** @param {string} words */
    look: (words) => beside?.look(words),
    /**
     * @param {import("../shared/connection.js").Frame} frame about her last words
     * @param {string} [mine] as she wrote them
     */
    async hear(frame, mine) {
      if (!beside) await load();
      const line = document.querySelector(".danger");
      if (beside) beside.hear(frame, mine);
      else if (frame.type === "danger" && line) find("page").prepend(line);
    },
    /** @param {string} id */
    retry(id) {
      dispatch({ type: "retry", id });
      const message = unsent(id);
      if (message) post(message);
    },
    /** @param {string} id */
    edit(id) {
      const message = unsent(id);
      dispatch({ type: "drop", id });
      if (message) put(message.text);
    },
  };
}
