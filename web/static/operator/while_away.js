// SPDX-License-Identifier: EUPL-1.2
// What happened while this console was away: asks what became of each conversation that was lost, tells it in the pane
// that stays, and brings the volunteer back on duty with one press. Knows no more than the server tells of them.

import { block, clone, isBlocked, mark, part, show, write, writeOrHide } from "./dom.js";
import { clock, say } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Frame} Frame */
/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./words.js").Page} Page */
/** @typedef {{now: "waits" | "taken" | "gone", since?: string, alias?: string}} Became */

/** Why a conversation is lost that nobody here has given away. */
const MISSED = new Set(["gone", "lost"]);

/**
 * @param {Conversation} held
 * @returns {boolean}
 */
export function wasMissed({ phase, reason }) {
  return phase === "lost" && MISSED.has(reason);
}

/**
 * The lines about one, by the id of their texts and what stands in them. Pure.
 * @param {Became} became
 * @returns {[id: string, values: {alias?: string, since?: string}][]}
 */
export function linesOf({ now, since, alias }) {
  /** @type {[string, {since?: string}][]} */
  const back = since === undefined ? [] : [["away.back_in_queue", { since }]];
  return [...back, now === "taken" && alias !== undefined ? ["away.taken", { alias }] : [`away.${now}`, {}]];
}

/**
 * How to ask for the duty again that one had: what may be wished for of what the server told. Not its pause: whoever
 * presses is back. Pure.
 * @param {Frame & {type: "duty"}} duty
 */
export function sameDuty({ type, services, alias, capacity, languages }) {
  const wished = Object.entries({ alias, capacity, languages }).filter(([, value]) => value !== undefined);
  return { type, on: true, services, own_alias: true, ...Object.fromEntries(wished) };
}

/**
 * @param {import("./pieces.js").PieceOptions} options
 */
export function awayHands({ root, page, state: now, act, send, accept, pane }) {
  /** @type {Map<string, Became>} */
  const known = new Map();
  /** @type {WeakMap<HTMLElement, HTMLElement>} */
  const sections = new WeakMap();
  /** @type {(Frame & {type: "duty"}) | null} the duty that one had last */
  let last = null;
  const banner = part(root, "while-away");
  const again = part(banner, "duty-again");

  function backOnDuty() {
    if (last !== null && send(sameDuty(last))) act({ type: "duty" });
  }

  again.addEventListener("click", () => isBlocked(again) || backOnDuty());

  /** @param {State} state */
  function ask(state) {
    for (const held of state.conversations) {
      if (!wasMissed(held)) continue;
      const { now: last_known } = known.get(held.id) ?? { now: "waits" };
      if (last_known === "waits") send({ type: "what_became", conversation: held.id });
    }
  }

  /** @param {HTMLElement} element @param {string} id */
  function sectionOf(element, id) {
    const made = sections.get(element);
    if (made !== undefined) return made;
    const section = clone("aftermath");
    sections.set(element, section);
    part(element, "over-body").after(section);
    const take = part(section, "aftermath-accept");
    take.addEventListener("click", () => isBlocked(take) || accept(id));
    return section;
  }

  /** @param {State} state @param {Conversation} held */
  function renderPane(state, held) {
    const element = pane(held.id);
    if (element === undefined || !wasMissed(held)) return;
    const section = sectionOf(element, held.id);
    const became = known.get(held.id);
    show(section, became !== undefined);
    show(part(element, "over-body"), became === undefined);
    if (became === undefined) return;
    const lines = linesOf(became).map(([id, values]) => say(page, id, { ...values, ...(values.since && { time: clock(page, values.since) }) }));
    writeOrHide(part(section, "aftermath-first"), lines.length > 1 ? (lines[0] ?? "") : "");
    write(part(section, "aftermath-last"), lines.at(-1) ?? "");
    mark(section, "now", became.now);
    const listed = state.waiting.some(({ conversation }) => conversation === held.id);
    show(part(section, "aftermath-accept"), became.now === "waits" && listed);
    block(part(section, "aftermath-accept"), state.claiming.includes(held.id) || state.link !== "open");
  }

  /** @param {State} state */
  function render(state) {
    const dropped = state.duty.dropped && last !== null;
    show(banner, dropped);
    if (last !== null) write(again, say(page, "away.duty_again", { alias: last.alias ?? "" }));
    block(again, state.duty.pending || state.link !== "open" || !state.ready);
    for (const held of state.conversations) renderPane(state, held);
    const ids = new Set(state.conversations.map(({ id }) => id));
    for (const id of [...known.keys()]) if (!ids.has(id)) known.delete(id);
  }

  return {
    render,
    /** @param {Frame} frame */
    hear(frame) {
      if (frame.type === "duty" && frame.on) last = frame;
      if (frame.type === "became") {
        const { type: _type, conversation, ...became } = frame;
        known.set(conversation, became);
        render(now());
      }
      // The list has changed: one that waited may be somebody's now.
      if (frame.type === "ready" || frame.type === "lost" || frame.type === "waiting") ask(now());
    },
  };
}
