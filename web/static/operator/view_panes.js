// SPDX-License-Identifier: EUPL-1.2
// All open conversations: as many columns as fit, the ones last turned to first, and the bar that leads to the rest.

import { tabAlarm } from "./alarm_words.js";
import { arrange, clone, mark, markHue, part, show, write, writeOrHide } from "./dom.js";

import { LOW } from "./view_alarm.js";
import { LONG_WAIT, tabLines, waitsFor } from "./turn.js";
import { paneView } from "./view_pane.js";
import { connectionShown, minutesOpen, presenceShown, say } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./words.js").Page} Page */
/** @typedef {import("./view_pane.js").Hands} Hands */
/** @typedef {import("./view_pane.js").PaneView} PaneView */

const NARROWEST_COLUMN = 370;
const MOST_COLUMNS = 3;
/** From so many conversations on a tab has room only for what is to be done. */
const MANY = 5;

/**
 * Which conversations are shown when so many columns fit: those last turned to, in the order of their numbers.
 * @param {State} state
 * @param {number} columns
 * @returns {string[]}
 */
export function visible(state, columns) {
  const chosen = new Set(state.recent.slice(0, columns));
  return state.conversations.filter((held) => chosen.has(held.id)).map((held) => held.id);
}

/**
 * @param {number} width in CSS pixels
 */
export function columnsIn(width) {
  return Math.max(1, Math.min(MOST_COLUMNS, Math.floor(width / NARROWEST_COLUMN)));
}

/**
 * All that one conversation is drawn from: while nothing of it has changed there is nothing to draw, each second least.
 * @param {Page} page
 * @param {State} state
 * @param {import("./types.js").Conversation} held
 * @param {boolean} front
 * @returns {readonly unknown[]}
 */
function drawnFrom(page, state, held, front) {
  const { id } = held;
  return [
    held, front, state.drafts[id], state.handovers[id], state.receivers, state.rules, state.spoken, state.duty.alias,
    state.link, state.ready, connectionShown(state), minutesOpen(held, state.now), waitsFor(held, state.now),
    held.typingUntil > state.now, presenceShown(page, state, held),
  ];
}

/**
 * @param {readonly unknown[] | undefined} one
 * @param {readonly unknown[]} other
 */
function isAlike(one, other) {
  return one !== undefined && one.every((value, at) => value === other[at]);
}

/**
 * @typedef {object} PanesView
 * @property {(state: State, anew: boolean) => void} render `anew`: also what has not changed
 * @property {(id: string) => PaneView | undefined} pane
 */

/**
 * @param {HTMLElement} root
 * @param {HTMLElement} bar
 * @param {Page} page
 * @param {Hands} hands
 * @param {() => void} toQueue
 * @param {() => void} resized
 * @returns {PanesView}
 */
export function panesView(root, bar, page, hands, toQueue, resized) {
  const area = part(root, "panes");
  const tabs = part(bar, "tabs");
  /** @type {Map<string, PaneView>} */
  const panes = new Map();
  /** @type {Map<string, HTMLElement>} */
  const tabOf = new Map();
  let columns = columnsIn(root.clientWidth);

  new ResizeObserver(() => {
    const fit = columnsIn(root.clientWidth);
    if (fit === columns || root.clientWidth === 0) return;
    columns = fit;
    resized();
  }).observe(root);

  matchMedia(LOW).addEventListener("change", resized);

  part(bar, "to-queue").addEventListener("click", toQueue);
  tabs.addEventListener("click", (event) => {
    const tab = event.target instanceof Element ? event.target.closest("li") : null;
    const id = tab?.dataset["conversation"];
    if (id !== undefined) hands.turn(id);
  });

  /** @param {string} id */
  function paneOf(id) {
    const known = panes.get(id);
    if (known !== undefined) return known;
    const made = paneView(id, page, hands);
    panes.set(id, made);
    return made;
  }

  /** @param {State} state */
  function renderBar(state) {
    const front = state.pane === "conversation" ? state.recent[0] : undefined;
    const wanted = state.conversations.map((held) => {
      const tab = tabOf.get(held.id) ?? clone("tab");
      tabOf.set(held.id, tab);
      mark(tab, "conversation", held.id);
      markHue(tab, held.number);
      mark(tab, "phase", held.phase);
      const button = part(tab, "tab");
      button.setAttribute("aria-current", String(held.id === front));
      write(part(tab, "tab-number"), String(held.number));
      const { first, second, told, unsent } = tabLines(page, held, state.drafts[held.id] ?? "", state.now);
      write(part(tab, "tab-name"), first);
      write(part(tab, "tab-about"), second);
      const waits = waitsFor(held, state.now);
      mark(tab, "waits", waits === null ? "" : waits >= LONG_WAIT ? "long" : "short");
      show(part(tab, "tab-draft"), unsent);
      writeOrHide(part(tab, "tab-unread"), held.unread > 0 ? String(held.unread) : "");
      const alarm = tabAlarm(held);
      mark(tab, "alarm", alarm);
      show(part(tab, "tab-alarm"), alarm !== "");
      const label = say(page, held.unread > 0 ? "tab_unread" : "conversation", { n: held.number, unread: held.unread });
      const danger = alarm === "" ? "" : say(page, `level.${alarm}`);
      const name = [label, danger, told].filter(Boolean).join(", ");
      if (button.getAttribute("aria-label") !== name) button.setAttribute("aria-label", name);
      return tab;
    });
    arrange(tabs, wanted);
    part(bar, "to-queue").setAttribute("aria-current", String(state.pane === "queue"));
    const beside = state.waiting.length + state.offers.length;
    writeOrHide(part(bar, "bar-waiting"), beside > 0 ? String(beside) : "");
    mark(bar, "needed", String(state.conversations.length > columns));
    mark(bar, "many", String(state.conversations.length >= MANY));
    show(bar, state.conversations.length > 0);
  }

  /** @type {Map<string, readonly unknown[]>} */
  const drawn = new Map();

  return {
    pane: (id) => panes.get(id),
    render(state, anew) {
      const shown = new Set(visible(state, columns));
      const front = state.recent[0];
      const elements = state.conversations.map((held) => {
        const pane = paneOf(held.id);
        if (!pane.element.isConnected) area.append(pane.element);
        show(pane.element, shown.has(held.id));
        const inFront = held.id === front && state.pane === "conversation";
        const from = drawnFrom(page, state, held, inFront);
        if (anew || !isAlike(drawn.get(held.id), from)) pane.render(state, held, inFront);
        drawn.set(held.id, from);
        return pane.element;
      });
      arrange(area, elements);
      mark(area, "columns", String(shown.size));
      show(area, elements.length > 0);
      show(part(root, "nothing-open"), elements.length === 0);
      const ids = new Set(state.conversations.map((held) => held.id));
      for (const id of [...panes.keys()]) {
        if (ids.has(id)) continue;
        panes.delete(id);
        drawn.delete(id);
        tabOf.delete(id);
      }
      renderBar(state);
    },
  };
}
