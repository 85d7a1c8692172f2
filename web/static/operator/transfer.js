// SPDX-License-Identifier: EUPL-1.2
// Giving a conversation to somebody else: choosing whom, confirming that it is the right one, and following what comes
// of it. Draws it in the panes. Knows nothing of what is said but the last words that tell which talk it is.

import { isLive } from "./conversation.js";
import { block, clone, isBlocked, mark, part, show, write, writeOrHide } from "./dom.js";
import { offersView } from "./transfer_offers.js";
import { NOTHING, after, isAnybodyThere, isOffered, left, lineOf, putAway, whichOne } from "./transfer_told.js";
import { say } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Frame} Frame */
/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./transfer_told.js").Told} Told */
/** @typedef {import("./transfer_told.js").Place} Place */

/**
 * @param {import("./pieces.js").PieceOptions} options
 */
export function transferHands({ root, page, send, act, newId, accept, pane, panels, pressing, focus }) {
  /** @type {Map<string, Told>} */
  const known = new Map();
  /** @type {WeakMap<HTMLElement, HTMLElement>} */
  const sections = new WeakMap();
  /** @type {WeakMap<HTMLElement, Told["places"]>} */
  const listed = new WeakMap();
  const offers = offersView({ root, page, send, act, accept });
  /** @type {State | null} */
  let drawn = null;

  /** @param {string} id */
  const of = (id) => known.get(id) ?? NOTHING;

  /** @param {string} id @param {Partial<Told>} change */
  function set(id, change) {
    known.set(id, { ...of(id), ...change });
    if (drawn !== null) render(drawn);
  }

  /** @param {HTMLElement} element @param {string} id */
  function sectionOf(element, id) {
    const made = sections.get(element);
    if (made !== undefined) return made;
    const section = clone("transfer");
    sections.set(element, section);
    part(element, "scroll").before(section);
    part(element, "tools").append(part(section, "transfer-open"));
    const open = part(element, "transfer-open");
    open.addEventListener("click", () => {
      if (isBlocked(open)) return;
      send({ type: "transfers", conversation: id });
      set(id, { open: !of(id).open, choice: null, ...putAway(of(id)) });
      if (!of(id).open) return;
      panels.opens(element, "transfer", { isOpen: () => of(id).open, close: () => set(id, { open: false, choice: null }) });
      part(section, "transfer-heading").focus();
    });
    on(section, "transfer-close", () => {
      set(id, { open: false, choice: null });
      focus(id);
    });
    on(section, "transfer-keep", () => send({ type: "keep_transfer", conversation: id }));
    on(section, "transfer-unask", () => send({ type: "take_back", conversation: id }));
    on(section, "transfer-hide", () => {
      set(id, putAway(of(id)));
      focus(id);
    });
    on(section, "transfer-other", () => {
      set(id, { choice: null });
      part(section, "transfer-heading").focus();
    });
    on(section, "transfer-yes", () => {
      const { choice } = of(id);
      if (choice === null) return;
      const to = choice.to === undefined ? {} : { to: choice.to };
      send({ type: "transfer", conversation: id, id: newId(), service: choice.service, ...to });
      set(id, { open: false, choice: null });
      focus(id);
    });
    part(section, "transfer-list").addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      const { service, to, name, crosses } = button?.dataset ?? {};
      if (button === null || service === undefined || isBlocked(button)) return;
      const choice = { service, name: name ?? "", crosses: crosses === "true", ...(to !== undefined && { to }) };
      set(id, { choice });
      part(section, "transfer-sure").focus();
    });
    section.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || !of(id).open) return;
      event.preventDefault();
      event.stopPropagation();
      part(section, of(id).choice === null ? "transfer-close" : "transfer-other").click();
    });
    return section;
  }

  /** @param {HTMLElement} section @param {string} name @param {() => void} done */
  function on(section, name, done) {
    const button = part(section, name);
    button.addEventListener("click", () => {
      if (!isBlocked(button)) done();
    });
  }

  /**
   * @param {string} label
   * @param {string} more
   * @param {Record<string, string>} data
   * @param {boolean} blocked
   */
  function choice(label, more, data, blocked) {
    const item = clone("transfer-choice");
    const button = part(item, "transfer-to");
    for (const [name, value] of Object.entries(data)) mark(button, name, value);
    write(button, label);
    writeOrHide(part(item, "transfer-more"), more);
    block(button, blocked);
    return item;
  }

  /** @param {Place} place */
  function choicesOf({ service, name, organisation, here, own, crosses, people = [] }) {
    const one = people.map(({ to, alias, free }) => {
      const more = free > 0 ? say(page, "transfer.free", { n: free }) : say(page, "transfer.full");
      return choice(alias, more, { service, to, name: alias }, free === 0);
    });
    if (own === true) return one;
    const label = say(page, "transfer.anybody", { service: crosses === true ? organisation : name });
    const more = here ? (crosses === true ? say(page, "transfer.crosses") : "") : say(page, "transfer.nobody_here");
    const data = { service, name: crosses === true ? organisation : name, crosses: String(crosses === true) };
    return [...one, choice(label, more, data, !here)];
  }

  /** @param {HTMLElement} section @param {Told["places"]} places */
  function renderPlaces(section, places) {
    if (listed.get(section) === places) return;
    listed.set(section, places);
    const groups = (places ?? []).flatMap((place) => {
      const { name, organisation, own, crosses } = place;
      const choices = choicesOf(place);
      if (choices.length === 0) return [];
      const group = clone("transfer-place");
      // Where both have one name it is said once.
      const apart = crosses === true && organisation !== name;
      const text = own === true ? "transfer.own" : apart ? "transfer.other" : "transfer.place";
      write(part(group, "transfer-name"), say(page, text, { service: name, organisation }));
      part(group, "transfer-choices").append(...choices);
      return [group];
    });
    part(section, "transfer-list").replaceChildren(...groups);
    // Where nobody is there is nothing to choose from either.
    const nobody = places !== null && !isAnybodyThere(places);
    show(part(section, "transfer-none"), nobody);
    for (const name of ["transfer-about", "transfer-list"]) show(part(section, name), !nobody);
  }

  /** @param {HTMLElement} section @param {Told} told @param {Conversation} held @param {number} now */
  function renderSure(section, { choice: chosen }, held, now) {
    show(part(section, "transfer-confirm"), chosen !== null);
    show(part(section, "transfer-choose"), chosen === null);
    if (chosen === null) return;
    const { minutes, words } = whichOne(held, now);
    const n = held.number;
    write(part(section, "transfer-sure"), say(page, chosen.crosses ? "transfer.sure_ask" : "transfer.sure", { n, to: chosen.name }));
    const more = words === "" ? "transfer.sure_alone" : "transfer.sure_more";
    write(part(section, "transfer-which"), say(page, more, { n, minutes, words }));
    write(part(section, "transfer-yes"), say(page, chosen.crosses ? "transfer.yes_ask" : "transfer.yes"));
  }

  /** @param {State} state @param {Conversation} held */
  function renderPane(state, held) {
    const element = pane(held.id);
    if (element === undefined) return;
    const section = sectionOf(element, held.id);
    const told = of(held.id);
    const mine = isLive(held) && held.as_guest === null;
    const offered = isOffered(told);
    const fine = state.link === "open" && state.ready;
    const open = told.open && mine && !offered;
    show(part(element, "transfer-open"), mine);
    block(part(element, "transfer-open"), !held.readable || !fine || offered || told.asked !== null);
    part(element, "transfer-open").setAttribute("aria-expanded", String(open));
    const line = lineOf(told);
    const words = line === null ? "" : say(page, line.text, { ...line.values, left: offered ? say(page, "transfer.left", { n: left(told, state.now) }) : "" });
    show(section, mine && (line !== null || open || told.since));
    // The seconds tick in sight alone: read aloud it is once.
    writeOrHide(part(section, "transfer-line"), words);
    writeOrHide(part(section, "transfer-said"), line === null ? "" : say(page, line.text, { ...line.values, left: "" }));
    show(part(section, "transfer-keep"), offered);
    show(part(section, "transfer-unask"), told.asked !== null);
    show(part(section, "transfer-hide"), line !== null && !offered && told.asked === null);
    show(part(section, "transfer-since"), told.since);
    show(part(section, "transfer-panel"), open);
    block(part(section, "transfer-yes"), !fine);
    if (!open) return;
    renderPlaces(section, told.places);
    renderSure(section, told, held, state.now);
  }

  /** @param {State} state */
  function render(state) {
    drawn = state;
    offers.render(state);
    for (const held of state.conversations) renderPane(state, held);
    const ids = new Set(state.conversations.map(({ id }) => id));
    for (const id of [...known.keys()]) if (!ids.has(id)) known.delete(id);
  }

  return {
    render,
    /** @param {Frame} frame */
    hear(frame) {
      // Somebody has come, gone or paused: what an open list says is no longer so.
      if (frame.type === "colleagues") {
        for (const [id, { open }] of known) if (open) send({ type: "transfers", conversation: id });
      }
      if (!("conversation" in frame) || frame.conversation === undefined) return;
      const before = of(frame.conversation);
      const next = after(before, frame, Date.now());
      if (next !== before) set(frame.conversation, next);
    },
    keys: {
      KeyT: {
        does: "transfer.key",
        // What is offered to one waits for an answer: that comes first.
        /** @param {string | undefined} front */
        press: (front) => offers.focus() || pressing("transfer-open")(front),
      },
    },
  };
}
