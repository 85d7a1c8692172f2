// SPDX-License-Identifier: EUPL-1.2
// What a wish at the keyboard does: to the state, to the page, or in one of the pieces. Which key is which wish is
// `keys.js`.

import { isLive } from "./conversation.js";
import { find } from "./desk.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Act} Act */
/** @typedef {import("./keys.js").Wish} Wish */

/**
 * @param {Element | null} element
 * @returns {import("./keys.js").Where}
 */
export function whereIs(element) {
  if (element?.matches("[data-part=composer]")) {
    return element instanceof HTMLTextAreaElement && element.value === "" ? "empty composer" : "composer";
  }
  if (element?.matches("input, textarea, select")) return "field";
  return element?.closest("[data-part=queue]") ? "queue" : "elsewhere";
}

/**
 * @param {{ state: () => State, act: (done: Act) => void, view: import("./view.js").ConsoleView,
 *   hand: (conversation: string, hand: import("./handover_types.js").Hand) => void,
 *   turnTo: (conversation: string) => void, help: () => void,
 *   panels: import("./one_panel.js").OnePanel, grantBeside: (code: string, front: string | undefined) => void }} desk
 * @returns {(wish: Wish) => void}
 */
export function granting({ state, act, view, hand, turnTo, help, panels, grantBeside }) {
  /**
   * One step back: from asking about the end, in the panel of the handover, or from what else is open there.
   * @param {string} conversation
   */
  function leave(conversation) {
    const held = state().handovers[conversation];
    if (find(state(), conversation)?.phase === "asking") act({ type: "keep", conversation });
    else if (held?.open === true) hand(conversation, { do: held.step === "draft" ? "close" : "draft" });
    else if (panels.shut(view.pane(conversation)?.element)) view.pane(conversation)?.focus();
  }

  /** @param {(one: import("./types.js").Conversation) => boolean} isIt */
  function turnToOne(isIt) {
    const held = state().conversations.findLast(isIt);
    if (held !== undefined) turnTo(held.id);
  }

  /** @param {Wish["wish"]} wish @param {string} front the conversation that was last turned to */
  function inFront(wish, front) {
    const held = find(state(), front);
    switch (wish) {
      case "send":
        view.pane(front)?.send();
        break;
      case "end":
        act({ type: "ask_end", conversation: front });
        break;
      case "unsafe":
        act({ type: "ask_unsafe", conversation: front });
        view.pane(front)?.focus();
        break;
      case "handover":
        if (held?.readable !== true || held.as_guest !== null) break;
        hand(front, { do: state().handovers[front]?.open === true ? "close" : "open" });
        break;
      case "menu":
        view.pane(front)?.toMenu();
        break;
      case "seen":
        view.pane(front)?.seen();
        break;
      case "dismiss":
        if (held !== undefined && !isLive(held)) act({ type: "dismiss", conversation: front });
        break;
      case "keep":
        leave(front);
        break;
    }
  }

  return (wish) => {
    const [front] = state().recent;
    switch (wish.wish) {
      case "number":
        turnToOne((one) => one.number % 10 === wish.number);
        break;
      case "unread": {
        const first = state().conversations.find((one) => one.unread > 0);
        if (first !== undefined) turnTo(first.id);
        break;
      }
      case "queue":
        act({ type: "queue" });
        view.focusQueue();
        break;
      case "up":
      case "down":
        view.stepQueue(wish.wish === "up" ? -1 : 1);
        break;
      case "help":
        help();
        break;
      case "beside":
        grantBeside(wish.code, front);
        break;
      default:
        if (front !== undefined) inFront(wish.wish, front);
    }
  };
}
