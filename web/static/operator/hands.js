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
export function raisingHands({ page, state, send, pane, focus, pressing }) {
  /** @type {Map<string, Hand>} */
  const hands = new Map();
  /** @type {Set<string>} where it is asked whether to take over */
  const asking = new Set();
  /** @type {WeakMap<HTMLElement, HTMLElement>} */
  const sections = new WeakMap();

  /** @param {string} id */
  const of = (id) => hands.get(id) ?? DOWN;

  /** @param {string} id */
  function turnHand(id) {
    send({ type: "hand", conversation: id, up: of(id).since === null });
  }

  /** @param {string} id @param {boolean} asked */
  function askWhether(id, asked) {
    if (asked) asking.add(id);
    else asking.delete(id);
    render(state());
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
    const raise = part(element, "raise");
    raise.addEventListener("click", () => isBlocked(raise) || turnHand(id));
    part(element, "take-over").addEventListener("click", () => {
      askWhether(id, true);
      part(section, "take-no").focus();
    });
    part(section, "take-no").addEventListener("click", () => {
      askWhether(id, false);
      focusTool(part(element, "take-over"));
    });
    const yes = part(section, "take-yes");
    yes.addEventListener("click", () => {
      if (isBlocked(yes) || !send({ type: "take_over", conversation: id })) return;
      askWhether(id, false);
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
    show(part(element, "raise"), live && guest === null);
    write(part(element, "raise"), say(page, up ? "hand.lower" : "hand.raise"));
    block(part(element, "raise"), cannot);
    mark(element, "raised", String(live && up));
    const line = since === null ? "" : `${say(page, "hand.up", { at: clock(page, since) })} ${say(page, here ? "hand.seen" : "hand.nobody")}`;
    writeOrHide(part(section, "hand-line"), live ? line : "");
    show(part(element, "take-over"), supervises && !asks);
    show(part(section, "take-asking"), asks);
    write(part(section, "take-text"), guest === null ? "" : say(page, "supervision.take_text", { holder: guest.holder }));
    block(part(section, "take-yes"), cannot || !held.readable);
    show(section, (live && up) || asks);
  }

  /** @param {State} now */
  function render(now) {
    for (const held of now.conversations) renderPane(now, held);
    const ids = new Set(now.conversations.map(({ id }) => id));
    for (const id of [...hands.keys(), ...asking]) {
      if (ids.has(id)) continue;
      hands.delete(id);
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
    keys: page.supervises === true ? {} : { KeyR: { does: "hand.key", press: pressing("raise") } },
  };
}
