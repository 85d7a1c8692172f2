// SPDX-License-Identifier: EUPL-1.2
/**
 * Draws a state on the page that the server rendered. Thin: which parts are seen, and the words in them.
 */

import { items, logView } from "./log.js";
import { isOver, isTalking } from "./state.js";
import { aboutPlace } from "./texts.js";

/** @typedef {import("./types").State} State */
/** @typedef {import("./types").Say} Say */

const NEAR_END_PX = 80;

/**
 * The parts of the page that the scripts touch, by their ids.
 * @param {Document} page
 */
export function parts(page) {
  /** @param {string} id */
  const find = (id) => {
    const element = page.getElementById(id);
    if (element === null) throw new Error(`the page has no #${id}`);
    return element;
  };
  return {
    find,
    exit: /** @type {HTMLAnchorElement} */ (find("exit")),
    text: /** @type {HTMLTextAreaElement} */ (find("text")),
    help: /** @type {HTMLDetailsElement} */ (find("help")),
    scroll: find("scroll"),
    /** She can come back when the page is gone. */
    stays: false,
    /** This tab keeps her place. */
    keeps: false,
  };
}

/**
 * @param {import("./types").ViewOptions} options
 * @returns {(state: State) => void}
 */
export function createView({ page, say, language, name, onRetry, onEdit }) {
  const { find, scroll, text, help } = page;
  const drawLog = logView({ log: find("log"), say: sayOf(say, name), language, onRetry, onEdit });
  const spoken = find("talk");
  const write = find("write");
  // Held, not looked for: a page that was left in a hurry is empty, and may still scroll.
  const newer = find("newer");
  /** @type {State["phase"] | null} */
  let drawnPhase = null;
  let count = 0;
  let wasAlone = false;
  /** She reads at the end, so what is new is scrolled to; higher up nothing moves under her eyes. */
  let atEnd = true;

  /** The scroll at which the newest is seen. While she waits, other ways to get help come after it. */
  function end() {
    return (help.hidden ? scroll.scrollHeight : spoken.offsetTop + spoken.offsetHeight) - scroll.clientHeight;
  }
  function toEnd() {
    scroll.scrollTop = end();
  }
  scroll.addEventListener("scroll", () => {
    atEnd = end() - scroll.scrollTop < NEAR_END_PX;
    if (atEnd) newer.hidden = true;
  });
  newer.addEventListener("click", toEnd);
  // The keyboard, a longer text or a word about the queue takes room from below or above.
  new ResizeObserver(() => {
    if (atEnd && !write.hidden && end() > scroll.scrollTop) toEnd();
  }).observe(scroll);

  /**
   * Change a live region only when its words change, else it is read aloud again.
   * @param {HTMLElement} element
   * @param {readonly string[]} lines
   */
  function words(element, lines) {
    element.hidden = lines.length === 0;
    if (element.dataset.said === lines.join("\n")) return;
    element.dataset.said = lines.join("\n");
    element.replaceChildren(
      ...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })),
    );
  }

  /** @param {State} state */
  function talk(state) {
    const shown = items(state);
    drawLog(shown);
    if (shown.length > count) {
      const own = shown[shown.length - 1]?.from === "visitor";
      if (atEnd || own) toEnd();
      else newer.hidden = false;
    }
    count = shown.length;
    // Nothing to read, nothing to stop at.
    find("log").tabIndex = count === 0 ? -1 : 0;
    const { typing, alias } = state;
    find("typing").textContent = typing && alias !== null ? say("typing", { alias: typing === true ? alias : typing }) : "";
  }

  /** @param {State} state */
  function enterPhase(state) {
    const first = drawnPhase === null;
    drawnPhase = state.phase;
    document.documentElement.dataset.phase = state.phase;
    help.hidden = state.phase === "active";
    if (first) return;
    if (state.phase === "before") document.getElementById("start")?.focus({ preventScroll: true });
    help.open = state.phase === "before" || isOver(state);
    if (state.phase === "connecting") scroll.scrollTop = 0;
    // On a phone the keyboard would cover what she should read first.
    if (state.phase === "connecting") (matchMedia("(pointer: fine)").matches ? text : spoken).focus({ preventScroll: true });
    if (isOver(state)) {
      newer.hidden = true;
      find("over").focus({ preventScroll: true });
      // Only this part may move: the way out stays where it is.
      scroll.scrollTop = find("over").offsetTop - scroll.clientHeight / 3;
    }
  }

  return (state) => {
    const talking = isTalking(state);
    find("before").hidden = state.phase !== "before";
    spoken.hidden = state.phase === "before";
    find("over").hidden = !isOver(state);
    write.hidden = !talking;
    find("end").hidden = find("keep").hidden = !talking;
    if (!talking) find("ending").hidden = true;
    words(find("refusal"), refusal(say, state));
    words(find("state"), standing(say, state, name));
    words(find("banner"), isLost(state) ? [say("lost")] : []);
    talk(state);
    if (state.phase !== drawnPhase) enterPhase(state);
    // Nobody can answer: what else there is stands open before her.
    const alone = state.paused || (state.phase === "waiting" && state.place?.here === false);
    if (alone && !wasAlone) help.open = true;
    wasAlone = alone;
  };
}

/** @param {State} state */
function isLost(state) {
  return isTalking(state) && !state.connected;
}

/**
 * @param {Say} say
 * @param {State} state
 * @param {string} name
 * @returns {string[]}
 */
function standing(say, state, name) {
  if (state.ending && isTalking(state)) return [say("ending")];
  // Without contact a place in the queue is yesterday's news.
  if (isLost(state)) return [];
  if (state.phase === "connecting") return [...(state.holdup ?? say("connecting")).split("\n"), say("waiting.write")];
  if (state.phase === "active") return [say("with", { alias: state.alias ?? name })];
  if (state.phase !== "waiting") return [];
  const place = state.place === null ? [say("waiting")] : aboutPlace(say, state.place, state.lost !== null);
  return [...place, say(state.lost === null ? "waiting.write" : "waiting.lost")];
}

/**
 * @param {Say} say
 * @param {State} state
 * @returns {string[]}
 */
function refusal(say, { refusal: refused }) {
  // Beside the field that she typed it in (`returning.js`).
  if (refused === null || refused.code === "wrong_code") return [];
  if (refused.code === "conflict") return [say("refused.notice")];
  if (refused.code === "closed") return [say("refused.closed")];
  return [say("refused.later")];
}

/**
 * @param {Say} say
 * @param {string} service
 * @returns {Say}
 */
function sayOf(say, service) {
  return (key, values = {}) => say(key, { service, ...values });
}
