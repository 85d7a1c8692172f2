// SPDX-License-Identifier: EUPL-1.2
// The whole console as a page: hands each region its part of the state and looks after the focus between them.

import { alarmTold, isOutdated } from "./alarm_words.js";
import { mark, part, show, write, writeOrHide } from "./dom.js";
import { handoverTold } from "./handover_words.js";
import { dutyView } from "./view_duty.js";
import { panesView } from "./view_panes.js";
import { queueView } from "./view_queue.js";
import { startView } from "./view_start.js";
import { announcement, connectionShown, say, title } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./words.js").Page} Page */
/** @typedef {import("./view_pane.js").Hands} Hands */
/** @typedef {import("./view_pane.js").PaneView} PaneView */

/**
 * @typedef {Hands & {
 *   begin: (wish: import("./view_start.js").Wish) => void,
 *   accept: (conversation: string) => void,
 *   toQueue: () => void,
 *   quiet: () => void,
 *   takeBack: () => void,
 *   resized: () => void,
 * }} AllHands
 */

/**
 * @typedef {object} ConsoleView
 * @property {(state: State, before: State) => void} render
 * @property {(id: string) => PaneView | undefined} pane
 * @property {() => boolean} isWritingBeside to colleagues, in the drawer
 * @property {() => void} focusQueue
 * @property {(step: 1 | -1) => void} stepQueue
 */

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {AllHands} hands
 * @returns {ConsoleView}
 */
export function consoleView(root, page, hands) {
  const start = startView(root, page, hands.begin);
  const duty = dutyView(root, page, () => {
    start.turn();
    hands.resized();
  });
  const queue = queueView(part(root, "queue"), page, hands.accept);
  const panes = panesView(part(root, "open"), part(root, "bar"), page, hands, hands.toQueue, hands.resized);

  part(root, "queue-quiet").addEventListener("click", () => {
    hands.quiet();
    part(root, "queue-heading").focus();
  });
  part(root, "queue").addEventListener("focusin", hands.toQueue);
  part(root, "duty").addEventListener("focusin", hands.toQueue);
  part(root, "my-shift").addEventListener("focusin", hands.toQueue);
  part(root, "take-back").addEventListener("click", hands.takeBack);

  /** @param {State} state */
  function renderFrame(state) {
    const link = connectionShown(state);
    mark(root, "pane", state.pane);
    mark(root, "link", link);
    mark(part(root, "link"), "link", link);
    write(part(root, "link-text"), say(page, `short.${link}`));
    const isTold = link === "fine" || link === "connecting" || state.link === "taken";
    writeOrHide(part(root, "banner"), isTold ? "" : say(page, `link.${link}`));
    show(part(root, "taken"), state.link === "taken");
    show(part(root, "desk"), state.link !== "taken" && state.link !== "signed_out");
    show(part(root, "ready-to-accept"), state.duty.on);
    const shownTitle = title(page, state);
    if (document.title !== shownTitle) document.title = shownTitle;
  }

  /**
   * Follow the operator: to the conversation just accepted, or to what is left when one is put away.
   * @param {State} state
   * @param {State} before
   */
  function follow(state, before) {
    const [front] = state.recent;
    if (state.link === "taken" && before.link !== "taken") part(root, "take-back").focus();
    if (before.link === "taken" && state.link !== "taken") part(root, "queue-heading").focus();
    if (front === undefined) {
      const home = root.dataset["start"] === "true" ? "shift-start-heading" : "queue-heading";
      if (before.recent.length > 0 && isNowhere()) part(root, home).focus();
      return;
    }
    const pane = panes.pane(front);
    if (pane === undefined || state.pane !== "conversation" || pane.element.contains(document.activeElement)) return;
    if (isWritingBeside()) return;
    const gone = before.conversations.length > state.conversations.length;
    if (gone && isNowhere()) pane.element.focus();
    else if (front !== before.recent[0] || before.pane === "queue") pane.focus();
  }

  // Whoever writes to colleagues goes on writing to colleagues: what follows would be sent to a visitor.
  const isWritingBeside = () => document.activeElement?.matches("[data-part=drawer] textarea") === true;

  const isNowhere = () => document.activeElement === null || document.activeElement === document.body;

  return {
    pane: (id) => panes.pane(id),
    isWritingBeside,
    focusQueue: queue.focus,
    stepQueue: queue.step,
    render(state, before) {
      renderFrame(state);
      duty.render(state);
      start.render(state);
      queue.render(state);
      panes.render(state, state === before);
      follow(state, before);
      const { urgent, calm } = alarmTold(page, before, state);
      // A new node each time: the same words are told again when the same thing happens again.
      const outdated = isOutdated(before, state);
      if (urgent !== "" || outdated) part(root, "alarm-announcer").replaceChildren(document.createTextNode(urgent));
      const told = [calm, announcement(page, before, state), handoverTold(page, before, state)].filter(Boolean).join(" ");
      if (told !== "" || outdated) part(root, "announcer").replaceChildren(document.createTextNode(told));
    },
  };
}
