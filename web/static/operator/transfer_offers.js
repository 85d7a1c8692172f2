// SPDX-License-Identifier: EUPL-1.2
// What is offered to this console: one card each beside the queue, with yes and no. Owns nothing of the conversation:
// that opens like any other once it is taken.

import { arrange, block, clone, isBlocked, mark, part, show, write, writeOrHide } from "./dom.js";
import { languageName, say, serviceName, ticking } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").WaitingConversation} WaitingConversation */

/**
 * @param {Pick<import("./pieces.js").PieceOptions, "root" | "page" | "send" | "act" | "accept">} options
 */
export function offersView({ root, page, send, act, accept }) {
  const section = part(root, "offers");
  const heading = part(root, "offers-heading");
  const list = part(root, "offers-list");
  const told = part(root, "offers-told");

  list.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const conversation = button?.closest("li")?.dataset["conversation"];
    if (button === null || conversation === undefined || isBlocked(button)) return;
    if (button.dataset["part"] === "offer-accept") accept(conversation);
    else send({ type: "decline_transfer", conversation });
  });

  /** @param {State} state @param {WaitingConversation} one */
  function cardOf(state, one) {
    const id = one.conversation;
    const old = [...list.children].find((card) => card instanceof HTMLElement && card.dataset["conversation"] === id);
    const card = old instanceof HTMLElement ? old : clone("offer-card");
    const { holder = "", organisation = "" } = one;
    const away = Math.max(0, state.now - state.waitingAt) / 1000;
    mark(card, "conversation", id);
    mark(card, "acute", String(one.acute));
    write(part(card, "offer-by"), say(page, one.offered === "you" ? "transfer.by" : "transfer.by_anybody", { holder, organisation }));
    write(part(card, "offer-service"), serviceName(page, one.service));
    writeOrHide(part(card, "offer-language"), languageName(page, one.language));
    show(part(card, "offer-acute"), one.acute);
    const minutes = Math.max(0, Math.floor((state.now - (Date.parse(one.started ?? "") || state.now)) / 60_000));
    write(part(card, "offer-started"), say(page, "transfer.started", { minutes }));
    write(part(card, "offer-left"), say(page, "transfer.waits", { time: ticking((one.left_s ?? 0) - away) }));
    const blocked = state.claiming.includes(id) || state.link !== "open" || !state.ready;
    for (const [name, text] of [["offer-accept", "transfer.accept_whom"], ["offer-decline", "transfer.decline_whom"]]) {
      const button = part(card, name ?? "");
      const label = say(page, text ?? "", { holder });
      if (button.ariaLabel !== label) button.ariaLabel = label;
      block(button, blocked);
    }
    return card;
  }

  let count = 0;
  return {
    /** @param {State} state */
    render({ offers, ...rest }) {
      const state = { offers, ...rest };
      const held = list.contains(document.activeElement);
      arrange(list, offers.map((one) => cardOf(state, one)));
      show(section, offers.length > 0);
      // A card that went away under the focus must not hand it to another one's button.
      if (held && !list.contains(document.activeElement)) part(root, "queue-heading").focus();
      const newest = offers.at(-1);
      if (offers.length > count && newest !== undefined) {
        const { holder = "", organisation = "" } = newest;
        write(told, say(page, newest.offered === "you" ? "transfer.by" : "transfer.by_anybody", { holder, organisation }));
      } else if (offers.length === 0) write(told, "");
      count = offers.length;
    },
    /** False: there is none. */
    focus() {
      const button = list.querySelector("button");
      if (button === null) return false;
      act({ type: "queue" }); // where there is room for one thing only, what is offered stands beside the queue
      heading.scrollIntoView({ block: "nearest" });
      button.focus();
      return true;
    },
  };
}
