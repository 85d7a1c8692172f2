// SPDX-License-Identifier: EUPL-1.2
// The queue: one card for each visitor who waits, in the server's order. Knows no open conversation.

import { arrange, block, clone, isBlocked, mark, part, show, write, writeOrHide } from "./dom.js";
import { heldNow, isFull, mostOf } from "./room.js";
import { connectionShown, languageName, say, serviceName, thoseHere, ticking, waited } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").WaitingConversation} WaitingConversation */
/** @typedef {import("./words.js").Page} Page */

/**
 * @typedef {object} QueueView
 * @property {(state: State) => void} render
 * @property {() => void} focus the first card, or the heading when nobody waits
 * @property {(step: 1 | -1) => void} step the focus from card to card
 */

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {(conversation: string) => void} accept
 * @returns {QueueView}
 */
export function queueView(root, page, accept) {
  const list = part(root, "waiting-list");
  const heading = part(root, "queue-heading");
  const badge = part(root, "queue-count");
  const more = document.createElement("li");
  more.className = "soft";
  /** @type {Map<string, HTMLElement>} */
  const cards = new Map();

  list.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const card = button?.closest("li");
    const id = card?.dataset["conversation"];
    if (button !== null && id !== undefined && !isBlocked(button)) accept(id);
  });

  const buttons = () => [...list.querySelectorAll("button")];

  /** @param {WaitingConversation} waiting */
  function cardOf(waiting) {
    const known = cards.get(waiting.conversation);
    if (known !== undefined) return known;
    const card = clone("waiting-card");
    mark(card, "conversation", waiting.conversation);
    cards.set(waiting.conversation, card);
    return card;
  }

  /**
   * @param {State} state
   * @param {WaitingConversation} waiting
   */
  function fill(state, waiting) {
    const card = cardOf(waiting);
    const claiming = state.claiming.includes(waiting.conversation);
    mark(card, "acute", String(waiting.acute));
    mark(card, "mine", String(waiting.mine));
    write(part(card, "time"), ticking(waited(state, waiting)));
    show(part(card, "acute"), waiting.acute);
    show(part(card, "mine"), waiting.mine);
    show(part(card, "returned"), waiting.returned);
    show(part(card, "away"), !waiting.connected);
    mark(card, "away", String(!waiting.connected));
    write(part(card, "service"), serviceName(page, waiting.service));
    writeOrHide(part(card, "language"), languageName(page, waiting.language));
    const button = part(card, "accept");
    const full = isFullFor(state, waiting);
    // She may be taken all the same, to be there when she is back; but nobody is led to her before those who are here.
    button.className = waiting.connected && !full ? "strong" : "quiet";
    write(button, say(page, claiming ? "accepting" : "accept"));
    const label = say(page, claiming ? "accepting_whom" : "accept_whom", { service: serviceName(page, waiting.service) });
    if (button.ariaLabel !== label) button.ariaLabel = label;
    block(button, claiming || full || state.duty.paused !== null || state.link !== "open" || !state.ready);
    return card;
  }

  /** @param {State} state @param {WaitingConversation} waiting */
  const isFullFor = (state, { service }) => isFull(state, (id) => mostOf(page, id), service);

  /**
   * Why nobody can be taken, before she presses, and what to do about it.
   * @param {State} state
   */
  function renderFull(state) {
    const full = state.duty.paused === null && state.waiting.some((one) => isFullFor(state, one));
    const n = heldNow(state);
    const may = Math.max(0, ...state.duty.services.map((id) => mostOf(page, id)));
    show(part(root, "queue-full"), full);
    write(part(root, "queue-full-text"), full ? say(page, n < may ? "queue.full_chosen" : "queue.full", { n }) : "");
    show(part(root, "queue-more"), n < may);
  }

  /**
   * The cards of those who wait, and of those just asked for: the server may take one from the list before it says
   * whose it is.
   * @param {State} state
   */
  function shownCards(state) {
    const ids = new Set(state.waiting.map((waiting) => waiting.conversation));
    const asked = state.claiming.filter((id) => !ids.has(id)).flatMap((id) => cards.get(id) ?? []);
    return [...asked, ...state.waiting.map((waiting) => fill(state, waiting))];
  }

  let shown = -1;
  let claimed = 0;
  return {
    render(state) {
      const held = list.contains(document.activeElement) ? document.activeElement : null;
      const wanted = shownCards(state);
      write(more, say(page, "queue_more", { n: state.waitingMore }));
      arrange(list, state.waitingMore > 0 ? [...wanted, more] : wanted);
      const ids = new Set(wanted.map((card) => card.dataset["conversation"]));
      for (const id of [...cards.keys()]) if (!ids.has(id)) cards.delete(id);
      // A card that went away under the focus must not hand it to the next visitor's button.
      if (held !== null && !list.contains(held)) heading.focus();
      else if (held instanceof HTMLElement && document.activeElement !== held) held.focus();
      // Whoever was taken is in the conversation now: the next one is looked for from the top.
      if (state.claiming.length < claimed) root.closest(".side")?.scrollTo(0, 0);
      claimed = state.claiming.length;
      renderFull(state);
      writeOrHide(part(root, "queue-notice-text"), state.notice);
      show(part(root, "queue-notice"), state.notice !== "");
      const count = thoseHere(state.waiting).length + state.waitingMore;
      // Without contact nobody knows that nobody waits.
      const known = state.duty.on && (count > 0 || !["lost", "refused"].includes(connectionShown(state)));
      show(part(root, "queue-empty"), known && wanted.length === 0);
      show(part(root, "queue-off"), !state.duty.on);
      write(badge, String(count));
      show(badge, known);
      mark(badge, "some", String(count > 0));
      if (shown !== -1 && count > shown) pulse(badge);
      shown = count;
    },
    focus() {
      (buttons()[0] ?? heading).focus();
    },
    step(step) {
      const all = buttons();
      const at = all.findIndex((button) => button === document.activeElement);
      const next = at === -1 ? 0 : Math.min(all.length - 1, Math.max(0, at + step));
      all[next]?.focus();
    },
  };
}

/** @param {HTMLElement} element */
function pulse(element) {
  element.classList.remove("pulse");
  void element.offsetWidth; // Starts the animation anew.
  element.classList.add("pulse");
}
