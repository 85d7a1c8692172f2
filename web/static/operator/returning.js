// SPDX-License-Identifier: EUPL-1.2
// Somebody who is away with a code, or has come in with one: what its frames have told, by conversation, and the word
// that was agreed on. Draws it over the log of a pane. Knows neither code nor word, and nothing of what is said.

import { isLive } from "./conversation.js";
import { block, clone, isBlocked, mark, part, show, write, writeOrHide } from "./dom.js";
import { say } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Frame} Frame */
/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./words.js").Page} Page */

/**
 * @typedef {object} Returning
 * @property {string | null} until while she is away: until when she can come back
 * @property {number} returns how often somebody has come in with her code
 * @property {import("./types.js").AgreedWord | null} word where the agreed word stands
 */

/** @type {Returning} */
const NOTHING = { until: null, returns: 0, word: null };
/** So often the word may be told wrong. */
const TRIES = 3;
const THERE_IS_ONE = new Set(["agreed", "matched", "differed", "skipped"]);

/**
 * What one frame changes. Pure.
 * @param {Returning} known
 * @param {Frame} frame
 * @returns {Returning}
 */
export function after(known, frame) {
  switch (frame.type) {
    case "accepted":
      return { until: untilOf(frame), returns: frame.returns ?? 0, word: frame.word ?? null };
    case "presence":
      return { ...known, until: untilOf(frame), returns: frame.returns ?? 0 };
    case "word":
      return { ...known, word: frame.word ?? null };
    default:
      return known;
  }
}

/** @param {{ connected: boolean, until?: string }} told */
function untilOf({ connected, until }) {
  return connected ? null : (until ?? null);
}

/**
 * What there is to say of it, by message id, and what may be asked for. Pure.
 * @param {Returning} known
 */
export function shown({ until, returns, word }) {
  const state = word?.state ?? "none";
  // As the server sees it: asked for, or told wrong and not right since. No yes counts then.
  const isOpen = state === "asked" || (word !== null && word.left < TRIES && state !== "matched");
  const isSpent = isOpen && word?.left === 0;
  const lines = [
    ...(until !== null ? ["returns.away"] : []),
    ...(until === null && returns > 0 ? ["returns.back"] : []),
    ...(word !== null ? [isSpent ? "agreed.out" : `agreed.${state}`] : returns > 0 && until === null ? ["agreed.none"] : []),
    ...(isOpen && !isSpent ? ["agreed.doubt"] : []),
    ...(until === null && returns > 0 && state === "agreed" ? ["returns.suggest"] : []),
  ];
  return {
    lines,
    asks: until === null && THERE_IS_ONE.has(state) && (word?.left ?? 0) > 0,
    offers: until === null && (state === "none" || state === "declined"),
    aside: until !== null,
  };
}

/**
 * @param {import("./pieces.js").PieceOptions} options
 */
export function returningHands({ page, send, act, pane, panels, focus, pressing }) {
  /** @type {Map<string, Returning>} */
  const known = new Map();
  /** @type {Set<string>} where it is asked whether to ask her for a word */
  const asking = new Set();
  /** @type {WeakMap<HTMLElement, HTMLElement>} */
  const sections = new WeakMap();
  /** @type {State | null} */
  let drawn = null;

  /**
   * @param {HTMLElement} element
   * @param {string} id
   */
  function sectionOf(element, id) {
    const made = sections.get(element);
    if (made !== undefined) return made;
    const section = clone("returning");
    sections.set(element, section);
    part(element, "scroll").before(section);
    const offer = part(section, "returns-offer");
    offer.addEventListener("click", () => {
      if (isBlocked(offer)) return;
      ask(id, true);
      panels.opens(element, "word", { isOpen: () => asking.has(id), close: () => ask(id, false) });
      part(section, "word-which").focus();
    });
    part(section, "word-no").addEventListener("click", () => {
      ask(id, false);
      focus(id);
    });
    const acts = { "word-yes": "offer_word", "word-unask": "take_back_word", "returns-ask": "ask_word", "returns-aside": "set_aside" };
    for (const [name, type] of Object.entries(acts)) {
      const button = part(section, name);
      button.addEventListener("click", () => {
        if (isBlocked(button) || !send({ type, conversation: id })) return;
        ask(id, false);
        if (type === "set_aside") act({ type: "aside", conversation: id });
        // The button goes away: what comes next is written.
        else part(element, "composer").focus();
      });
    }
    part(element, "tools").append(part(section, "returns-offer"));
    return section;
  }

  /** @param {string} id @param {boolean} asks */
  function ask(id, asks) {
    if (asks) asking.add(id);
    else asking.delete(id);
    if (drawn !== null) render(drawn);
  }

  /** @param {State} state @param {Conversation} held */
  function renderPane(state, held) {
    const element = pane(held.id);
    if (element === undefined) return;
    const section = sectionOf(element, held.id);
    const now = known.get(held.id) ?? NOTHING;
    const { lines, asks, offers, aside: canGo } = shown(now);
    const mine = isLive(held) && held.as_guest === null;
    const values = { until: clock(page, now.until), n: now.word?.left ?? 0 };
    const isAsked = mine && offers && held.readable && asking.has(held.id);
    show(section, isLive(held) && (lines.length > 0 || isAsked));
    show(part(section, "word-asking"), isAsked);
    write(part(section, "word-which"), say(page, "offer.sure", { n: held.number }));
    show(part(section, "word-unask"), mine && now.word?.state === "offered");
    mark(section, "word", now.word?.state ?? "");
    writeOrHide(part(section, "returns-line"), lines.map((line) => say(page, line, values)).join(" "));
    show(part(section, "returns-ask"), mine && asks);
    show(part(section, "returns-aside"), mine && canGo);
    show(part(element, "returns-offer"), mine && offers && held.readable);
    const blocked = state.link !== "open" || !state.ready;
    for (const name of ["returns-ask", "returns-aside", "word-yes", "word-unask", "returns-offer"]) block(part(element, name), blocked);
  }

  /** @param {State} state */
  function render(state) {
    drawn = state;
    for (const held of state.conversations) renderPane(state, held);
    const ids = new Set(state.conversations.map(({ id }) => id));
    for (const id of [...known.keys()]) if (!ids.has(id)) known.delete(id);
    for (const id of [...asking]) if (!ids.has(id)) asking.delete(id);
  }

  return {
    render,
    keys: { KeyV: { does: "returns.key", press: pressing("returns-offer") } },
    /** @param {Frame} frame */
    hear(frame) {
      if (!("conversation" in frame) || frame.conversation === undefined) return;
      const before = known.get(frame.conversation) ?? NOTHING;
      const next = after(before, frame);
      if (next === before) return;
      known.set(frame.conversation, next);
      if (drawn !== null) render(drawn);
    },
  };
}

/**
 * When, as a clock on the wall shows it, with its day where that is another one.
 * @param {Page} page
 * @param {string | null} at
 */
function clock({ language }, at) {
  if (at === null) return "";
  const day = /** @type {const} */ ({ weekday: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return new Intl.DateTimeFormat(language, { ...day, timeZone: "Europe/Stockholm" }).format(new Date(at));
}
