// SPDX-License-Identifier: EUPL-1.2
// A raised hand in a conversation: asking for a supervisor, and as one taking it over. Owns where each hand is, by
// conversation, and draws it in the panes. Who has come is a guest like others (`warm.js`).

import { isLive } from "./conversation.js";
import { block, clone, isBlocked, mark, part, show, write, writeOrHide } from "./dom.js";
import { focusTool } from "./toolbar.js";
import { clock, say } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Frame} Frame */
/** @typedef {import("./types.js").Conversation} Conversation */

/**
 * @typedef {object} Hand
 * @property {string | null} since since when it is up
 * @property {boolean} here false: no supervisor was on duty to see it
 */

/** @type {Hand} */
const DOWN = { since: null, here: true };

/**
 * What one frame changes. Pure.
 * @param {Hand} hand
 * @param {Frame} frame
 * @returns {Hand}
 */
export function after(hand, frame) {
  switch (frame.type) {
    case "accepted":
      return { since: frame.hand ?? null, here: frame.hand === hand.since ? hand.here : true };
    case "hand":
      return { since: frame.since ?? null, here: frame.here !== false };
    case "supervisor_came":
      return DOWN;
    default:
      return hand;
  }
}

/**
 * @param {import("./pieces.js").PieceOptions} options
 * @returns {import("./pieces.js").Piece}
 */
export function raisingHands({ page, state, send, pane, panels, focus }) {
  /** @type {Map<string, Hand>} */
  const hands = new Map();
  /** @type {Set<string>} where it is asked whether to take over */
  const asking = new Set();
  /** @type {Set<string>} where it is asked whether to raise the hand */
  const raising = new Set();
  /** @type {WeakMap<HTMLElement, HTMLElement>} */
  const sections = new WeakMap();

  /** @param {string} id */
  const of = (id) => hands.get(id) ?? DOWN;

  /**
   * Ask whether to take over, or to raise the hand, or no more.
   * @param {Set<string>} questions
   * @param {string} id
   * @param {boolean} asked
   */
  function askWhether(questions, id, asked) {
    if (asked) {
      questions.add(id);
      panels.opens(pane(id), questions === asking ? "take" : "hand", {
        isOpen: () => questions.has(id),
        close: () => askWhether(questions, id, false),
      });
    } else questions.delete(id);
    render(state());
  }

  /**
   * Down at once; up only after the question what it means: a supervisor may come in and read.
   * @param {string | undefined} id
   */
  function turn(id) {
    const element = id === undefined ? undefined : pane(id);
    if (id === undefined || element === undefined) return;
    if (of(id).since !== null) send({ type: "hand", conversation: id, up: false });
    else if (part(element, "raise").hidden || isBlocked(part(element, "raise"))) return;
    else {
      askWhether(raising, id, true);
      part(element, "raise-yes").focus();
    }
  }

  /**
   * The parts of one pane: a button in its bar for whoever holds it, one for a supervisor, and a section over its log.
   * @param {HTMLElement} element
   * @param {string} id
   */
  function sectionOf(element, id) {
    const made = sections.get(element);
    if (made !== undefined) return made;
    const section = clone("hand");
    sections.set(element, section);
    part(element, "scroll").before(section);
    part(element, "tools").append(part(section, "raise"), part(section, "take-over"));
    part(element, "raise").addEventListener("click", () => turn(id));
    const lower = part(section, "lower");
    lower.addEventListener("click", () => {
      if (isBlocked(lower) || !send({ type: "hand", conversation: id, up: false })) return;
      focus(id);
    });
    part(section, "raise-no").addEventListener("click", () => {
      askWhether(raising, id, false);
      focus(id);
    });
    const raises = part(section, "raise-yes");
    raises.addEventListener("click", () => {
      if (isBlocked(raises) || !send({ type: "hand", conversation: id, up: true })) return;
      askWhether(raising, id, false);
      focus(id);
    });
    part(element, "take-over").addEventListener("click", () => {
      askWhether(asking, id, true);
      part(section, "take-no").focus();
    });
    part(section, "take-no").addEventListener("click", () => {
      askWhether(asking, id, false);
      focusTool(part(element, "take-over"));
    });
    const yes = part(section, "take-yes");
    yes.addEventListener("click", () => {
      if (isBlocked(yes) || !send({ type: "take_over", conversation: id })) return;
      askWhether(asking, id, false);
      focus(id);
    });
    return section;
  }

  /** @param {State} now @param {Conversation} held */
  function renderPane(now, held) {
    const element = pane(held.id);
    if (element === undefined) return;
    const section = sectionOf(element, held.id);
    const { since, here } = of(held.id);
    const guest = held.as_guest;
    const live = isLive(held);
    const up = since !== null;
    const supervises = live && guest?.supervisor === true;
    const asks = supervises && asking.has(held.id);
    const cannot = now.link !== "open" || !now.ready;
    const mine = live && guest === null;
    const raises = mine && !up && raising.has(held.id);
    show(part(element, "raise"), mine && !up);
    show(part(section, "lower"), mine && up);
    show(part(section, "raise-asking"), raises);
    write(part(section, "raise-which"), say(page, "hand.sure", { n: held.number }));
    for (const name of ["raise", "lower", "raise-yes"]) block(part(element, name), cannot);
    mark(element, "raised", String(live && up));
    const line = since === null ? "" : `${say(page, "hand.up", { at: clock(page, since) })} ${say(page, here ? "hand.seen" : "hand.nobody")}`;
    writeOrHide(part(section, "hand-line"), live ? line : "");
    show(part(element, "take-over"), supervises && !asks);
    show(part(section, "take-asking"), asks);
    write(part(section, "take-text"), guest === null ? "" : say(page, "supervision.take_text", { holder: guest.holder }));
    block(part(section, "take-yes"), cannot || !held.readable);
    show(section, (live && up) || asks || raises);
  }

  /** @param {State} now */
  function render(now) {
    for (const held of now.conversations) renderPane(now, held);
    const ids = new Set(now.conversations.map(({ id }) => id));
    for (const id of [...hands.keys(), ...asking, ...raising]) {
      if (ids.has(id)) continue;
      hands.delete(id);
      raising.delete(id);
      asking.delete(id);
    }
  }

  return {
    render,
    hear(frame) {
      if (!("conversation" in frame) || frame.conversation === undefined) return;
      const before = of(frame.conversation);
      const next = after(before, frame);
      if (next === before) return;
      hands.set(frame.conversation, next);
      render(state());
    },
    // A supervisor's own key leads to the list of those who ask for one.
    keys: page.supervises === true ? {} : { KeyR: { does: "hand.key", press: turn } },
  };
}
