// SPDX-License-Identifier: EUPL-1.2
/**
 * Coming back: a code of hers, a key in this tab, and the word that shows that it is she. Loaded when she first asks
 * for any of it, or is asked for a word.
 *
 * Owns her code while it is on the screen, in memory, and lets go of it when she hides it; and that the tab keeps the
 * token, under a name that tells nothing, when she asks for it. When the page goes and she can come back, with what she
 * has asked to be kept or with a code that she has seen, the conversation is not left with it.
 */

import { choices } from "./dom.js";
import { looked, textsFrom } from "./later.js";
import { button, node } from "./question.js";
import { codeForm } from "./returning_form.js";
import { line } from "./returning_parts.js";
import { isTalking } from "./state.js";
import { speaker } from "./texts.js";
import { wordView } from "./returning_word.js";

/** @typedef {import("./types").State} State */


/**
 * @param {import("./types").ReturningOptions} options
 * @returns {Promise<import("./types").Returning>}
 */
export async function comingBack({ page, given, dispatch, connect, socket }) {
  const [texts] = await Promise.all([
    textsFrom(`/returning/texts?lang=${given.language}`),
    looked("asking"),
    looked("returning"),
  ]);
  const say = speaker(texts, document.documentElement.lang);
  const opener = page.find("keep");
  const panel = node("section", "beside returning");
  panel.id = "returning";
  panel.setAttribute("aria-labelledby", "returning-heading");
  panel.hidden = true;
  page.find("write").before(panel);
  /** @param {import("../shared/connection.js").Frame} frame */
  const send = (frame) => socket()?.send(frame);
  const drawWord = wordView({ page, say, send });
  /** @type {State | null} */
  let state = null;
  /** She has a code. */
  let coded = false;
  /** It has not stood on this screen yet: it is nothing to come back with. */
  let isUnseen = false;
  /** Her code, while it is on the screen or waits to be shown. */
  let words = "";
  let isShown = false;
  /** What she has asked for and not heard of yet. */
  let asks = false;
  /** What there is to say of what she did last, by key. */
  let note = "";
  /** @type {ReturnType<typeof codeForm> | null} */
  let form = null;

  /** @param {string} key */
  const p = (key, values = {}) => node("p", "", say(key, values));

  /** @param {import("./types").Event} event */
  function begin(event) {
    dispatch(event);
    connect();
  }

  /** Nothing is ever kept but the token, because she asked for it and while there is one; `chat.js` takes it away. */
  function keep() {
    if (page.keeps && state?.token) sessionStorage.place = state.token;
  }

  /** @param {import("../shared/connection.js").Frame} frame */
  function ask(frame) {
    asks = true;
    note = "";
    send(frame);
    drawPanel();
  }

  function code() {
    if (words !== "" && isShown) {
      const list = node("ol", "code");
      list.setAttribute("aria-label", say("code.yours"));
      list.lang = "sv";
      list.append(...words.split(" ").map((word) => node("li", "", word)));
      return [
        list,
        p("code.once"),
        p("code.where", { back: page.find("back").textContent ?? "" }),
        choices(button("strong", say("code.hide"), () => {
          words = "";
          close();
        })),
      ];
    }
    const key = coded ? "code.again" : "code.ask";
    return [
      ...(coded ? [p("code.has")] : []),
      choices(
        button("plain", say(key), () => ask({ type: "ask_return_code" })),
        ...(coded ? [button("inline", say("code.drop"), () => ask({ type: "drop_return_code" }))] : []),
      ),
    ];
  }

  function place() {
    const act = button("plain", say(page.keeps ? "keep.off" : "keep.on"), () => {
      note = "";
      try {
        page.keeps = !page.keeps && Boolean(state?.token);
        keep();
        if (!page.keeps) delete sessionStorage.place;
      } catch {
        page.keeps = false;
        note = "keep.cannot";
      }
      drawPanel();
    });
    const ends = page.stays ? [] : [p("keep.ends")];
    const is = page.keeps ? [p("keep.is")] : [];
    return [...ends, node("h3", "", say("keep.heading")), p("keep.what"), ...is, choices(act)];
  }

  function drawPanel() {
    if (words !== "" && isShown && !panel.hidden) isUnseen = false;
    page.stays = !state?.ending && (page.keeps || (coded && !isUnseen && !asks));
    if (panel.hidden) return;
    const answered = state?.phase === "active" || state?.lost !== null;
    const about = answered ? [p("code.what"), p("code.front"), p("code.ends"), ...code()] : [p("code.wait")];
    // Back with a code she came to talk: the new one waits, in a line and a button.
    const waits = words !== "" && !isShown;
    panel.classList.toggle("waits", waits);
    const heading = node("h2", waits ? "short" : "", say(waits ? "back.is" : "heading"));
    heading.id = "returning-heading";
    heading.tabIndex = -1;
    const heard = line(asks ? say("sending") : note && say(note));
    const shut = button("inline close", say("close"), close);
    const had = panel.contains(document.activeElement);
    // Her code alone: what she has to learn is all there is to see.
    const isCode = words !== "" && isShown;
    if (waits) panel.replaceChildren(shut, heading, choices(button("plain", say("back.show"), show)));
    else panel.replaceChildren(shut, heading, ...(isCode ? code() : [...about, heard, ...place()]));
    if (had) heading.focus({ preventScroll: true });
    if (isCode) panel.scrollTop = 0;
  }

  function open() {
    panel.hidden = false;
    drawPanel();
    panel.querySelector("h2")?.focus({ preventScroll: true });
    panel.scrollTop = 0;
  }

  function show() {
    isShown = true;
    open();
  }

  function close() {
    panel.hidden = true;
    panel.replaceChildren();
    note = "";
    if (!opener.hidden) opener.focus({ preventScroll: true });
  }
  panel.addEventListener("keydown", ({ key }) => key === "Escape" && close());

  /** @param {import("../shared/connection.js").Frame} frame */
  function hear(frame) {
    if (frame.type === "welcome") coded = frame.code === true;
    if (frame.type === "return_code") {
      coded = frame.words !== undefined;
      // Asked for here, it is what she waits for; after a return it comes by itself, and waits for her.
      isShown = asks;
      words = typeof frame.words === "string" ? frame.words : "";
      isUnseen = words !== "";
      note = words === "" ? "code.none" : "";
      if (words !== "" && !asks) panel.hidden = false;
      asks = false;
    } else if (frame.type === "nack" && asks && frame.id === undefined) {
      asks = false;
      note = "later";
    } else if (frame.type === "welcome") {
      asks = false;
    }
  }

  return {
    open,
    ask() {
      form ??= codeForm({ page, say, onCode: (code) => begin({ type: "start", held: { code } }) });
      form.focus();
    },
    draw(now, event) {
      state = now;
      keep();
      if (event?.type === "frame") hear(event.frame);
      form?.draw(now);
      if (!isTalking(now)) {
        coded = false;
        words = "";
        panel.hidden = true;
        panel.replaceChildren();
      }
      if (now.token === null) asks = false;
      drawWord(now, event);
      drawPanel();
    },
  };
}
