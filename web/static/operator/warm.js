// SPDX-License-Identifier: EUPL-1.2
// A guest in a conversation: inviting one, who is here, and being one. Owns what its frames have told, by conversation,
// and draws it in the panes and beside the queue. Knows nothing of what is said.

import { isLive } from "./conversation.js";
import { arrange, block, clone, isBlocked, mark, part, show, write, writeOrHide } from "./dom.js";
import { warmFrom } from "./warm_entries.js";
import { languageName, say, ticking, waited } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Frame} Frame */
/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./types.js").WaitingConversation} WaitingConversation */
/** @typedef {import("./words.js").Page} Page */

/**
 * @typedef {object} Warm what is known of guests in one conversation
 * @property {import("./types.js").Possible[] | null} possible who could come; null while nobody has asked
 * @property {boolean} open the list of them is shown
 * @property {string | null} asked from where she is asked to let somebody in
 * @property {string | null} invited from where she has let somebody in
 * @property {string | null} alias who has come
 * @property {boolean} declined her last answer was a no
 * @property {string | null} supervisor who has come to a raised hand: there is one seat for a guest and for them
 */

/** @type {Warm} */
const NOTHING = { possible: null, open: false, asked: null, invited: null, alias: null, declined: false, supervisor: null };

/**
 * What one frame changes. Pure.
 * @param {Warm} warm
 * @param {Frame} frame
 * @returns {Warm}
 */
export function after(warm, frame) {
  switch (frame.type) {
    case "guests":
      return { ...warm, possible: frame.receivers };
    case "accepted": {
      const { organisation = null, alias = null, supervisor = false } = frame.guest ?? {};
      const guest = supervisor ? { invited: null, alias: null } : { invited: organisation, alias };
      const known = { ...warm, ...guest, supervisor: supervisor ? alias : null };
      return frame.entries.reduce((so, entry) => ("type" in entry ? following(so, entry) : so), known);
    }
    default:
      return following(warm, frame);
  }
}

/**
 * @param {Warm} warm
 * @param {{ type: string, alias?: string | null, organisation?: string, invited?: string,
 *   proposal?: unknown }} told a frame or an entry
 * @returns {Warm}
 */
function following(warm, told) {
  switch (told.type) {
    case "proposal":
    case "proposed": {
      const asked = warmFrom(told.proposal);
      return { ...warm, asked, declined: false, open: asked === null ? warm.open : false };
    }
    case "taken_back":
      return { ...warm, asked: null };
    case "answered":
      if (warm.asked === null) return warm;
      return { ...warm, asked: null, invited: told.invited ? told.invited : warm.invited, declined: !told.invited };
    case "guest_joined":
      return { ...warm, invited: told.organisation ?? warm.invited, alias: told.alias ?? null };
    case "supervisor_came":
      return { ...warm, open: false, supervisor: told.alias ?? null };
    case "left":
    case "relieved":
    case "yours":
    case "guest_left":
    case "uninvited":
      return { ...warm, invited: null, alias: null, supervisor: null };
    default:
      return warm;
  }
}

/**
 * @param {import("./pieces.js").PieceOptions} options
 */
export function warmHands({ root, page, send, newId, accept, pane, panels, focus, pressing }) {
  /** @type {Map<string, Warm>} */
  const known = new Map();
  /** @type {WeakMap<HTMLElement, HTMLElement>} */
  const sections = new WeakMap();
  const joins = part(root, "joins");
  const cards = part(root, "joins-list");
  /** @type {State | null} */
  let drawn = null;

  cards.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const id = button?.closest("li")?.dataset["conversation"];
    if (button !== null && id !== undefined && !isBlocked(button)) accept(id);
  });

  /** @param {string} id */
  const of = (id) => known.get(id) ?? NOTHING;

  /** @param {string} id @param {Partial<Warm>} change */
  function set(id, change) {
    known.set(id, { ...of(id), ...change });
    if (drawn !== null) render(drawn);
  }

  /**
   * The parts of one pane: a button in its head, and a section over its log.
   * @param {HTMLElement} element
   * @param {string} id
   */
  function sectionOf(element, id) {
    const made = sections.get(element);
    if (made !== undefined) return made;
    const section = clone("warm");
    sections.set(element, section);
    part(element, "scroll").before(section);
    part(element, "tools").append(part(section, "warm-open"));
    const open = part(element, "warm-open");
    open.addEventListener("click", () => {
      if (isBlocked(open)) return;
      send({ type: "guests", conversation: id });
      set(id, { open: !of(id).open, declined: false });
      if (!of(id).open) return;
      panels.opens(element, "warm", { isOpen: () => of(id).open, close: () => set(id, { open: false }) });
      part(section, "warm-heading").focus();
    });
    part(section, "warm-close").addEventListener("click", () => {
      set(id, { open: false });
      focus(id);
    });
    part(section, "warm-take-back").addEventListener("click", () => send({ type: "take_back", conversation: id }));
    part(section, "warm-leave").addEventListener("click", () => send({ type: "leave", conversation: id }));
    part(section, "warm-list").addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      const receiver = button?.dataset["receiver"];
      if (button === null || receiver === undefined || isBlocked(button)) return;
      send({ type: "invite", conversation: id, id: newId(), receiver });
    });
    return section;
  }

  /** @param {HTMLElement} section @param {Warm} warm */
  function renderPossible(section, { possible }) {
    const items = (possible ?? []).map(({ receiver, name, organisation, here }) => {
      const item = clone("warm-possible");
      const button = part(item, "warm-ask");
      mark(button, "receiver", receiver);
      write(button, say(page, "warm.ask", { organisation }));
      write(part(item, "warm-name"), name);
      writeOrHide(part(item, "warm-away"), here ? "" : say(page, "warm.nobody_here"));
      block(button, !here);
      return item;
    });
    part(section, "warm-list").replaceChildren(...items);
    show(part(section, "warm-none"), possible !== null && possible.length === 0);
  }

  /** @type {WeakMap<HTMLElement, Warm["possible"]>} */
  const listed = new WeakMap();

  /** @param {State} state @param {Conversation} held */
  function renderPane(state, held) {
    const element = pane(held.id);
    if (element === undefined) return;
    const section = sectionOf(element, held.id);
    const warm = of(held.id);
    const live = isLive(held);
    const guest = held.as_guest;
    mark(element, "guest", String(guest !== null));
    show(part(element, "warm-open"), live && guest === null && warm.invited === null && warm.supervisor === null);
    block(part(element, "warm-open"), !held.readable || state.link !== "open" || !state.ready);
    part(element, "warm-open").setAttribute("aria-expanded", String(warm.open));
    const line = lineOf(warm, guest);
    show(section, live && (line !== "" || warm.open));
    writeOrHide(part(section, "warm-line"), line);
    show(part(section, "warm-take-back"), guest === null && warm.asked !== null);
    show(part(section, "warm-leave"), guest !== null);
    show(part(section, "warm-choice"), warm.open && guest === null);
    if (listed.get(section) === warm.possible) return;
    listed.set(section, warm.possible);
    renderPossible(section, warm);
  }

  /** @param {Warm} warm @param {Conversation["as_guest"]} guest */
  function lineOf({ asked, invited, alias, declined, supervisor }, guest) {
    if (guest !== null) {
      const { holder, organisation, history } = guest;
      if (guest.supervisor === true) return say(page, "supervision.guest", { holder });
      const read = say(page, history ? "warm.guest_all" : "warm.guest_later");
      return `${say(page, "warm.guest", { holder, organisation })} ${read}`;
    }
    if (supervisor !== null) return say(page, "supervision.here", { alias: supervisor });
    if (alias !== null) return say(page, "warm.here", { alias, organisation: invited ?? "" });
    if (invited !== null) return say(page, "warm.invited", { organisation: invited });
    if (asked !== null) return say(page, "warm.asked", { organisation: asked });
    return declined ? say(page, "warm.declined") : "";
  }

  /** @param {State} state */
  function renderJoins(state) {
    const shown = state.joins.map((one) => {
      const id = one.conversation;
      const old = [...cards.children].find((card) => card instanceof HTMLElement && card.dataset["conversation"] === id);
      const card = old instanceof HTMLElement ? old : clone("joins-card");
      mark(card, "conversation", id);
      write(part(card, "joins-time"), ticking(waited(state, one)));
      const { holder = "", organisation = "" } = one;
      write(part(card, "joins-by"), say(page, "warm.join_by", { holder, organisation }));
      show(part(card, "joins-acute"), one.acute);
      writeOrHide(part(card, "joins-language"), languageName(page, one.language));
      block(part(card, "joins-accept"), state.claiming.includes(id) || state.duty.paused !== null || state.link !== "open" || !state.ready);
      return card;
    });
    arrange(cards, shown);
    show(joins, shown.length > 0);
  }

  /** @param {State} state */
  function render(state) {
    drawn = state;
    renderJoins(state);
    for (const held of state.conversations) renderPane(state, held);
    const ids = new Set(state.conversations.map(({ id }) => id));
    for (const id of [...known.keys()]) if (!ids.has(id)) known.delete(id);
  }

  return {
    render,
    keys: {
      KeyG: { does: "warm.key", press: pressing("warm-open") },
    },
    /** @param {Frame} frame */
    hear(frame) {
      if (!("conversation" in frame) || frame.conversation === undefined) return;
      const before = of(frame.conversation);
      const next = after(before, frame);
      if (next !== before) set(frame.conversation, next);
    },
  };
}
