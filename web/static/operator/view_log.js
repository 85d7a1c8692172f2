// SPDX-License-Identifier: EUPL-1.2
// The log of one conversation. Entries are added and moved one by one: a long log is never drawn again.
// What the visitor wrote is text only: nothing in it becomes a link, a picture or a request.

import { arrange, clone, mark, part, show, write } from "./dom.js";
import { deliveryShown, say } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./words.js").Page} Page */

/** How far from the end still counts as reading the newest, in CSS pixels. */
const NEAR_END = 48;

/**
 * @typedef {object} LogView
 * @property {(state: State, conversation: Conversation) => void} render
 */

/**
 * @param {HTMLElement} root the part of the pane that scrolls
 * @param {HTMLElement} list
 * @param {HTMLElement} newer the button that leads to the end
 * @param {Page} page
 * @returns {LogView}
 */
export function logView(root, list, newer, page) {
  /** @type {Map<string, {element: HTMLElement, entry: Entry, words: string, other: boolean}>} */
  const lines = new Map();
  const time = new Intl.DateTimeFormat(page.language, { hour: "2-digit", minute: "2-digit" });
  /** @type {readonly Entry[] | null} */
  let drawn = null;
  let following = true;
  let measured = "";

  const atEnd = () => root.scrollHeight - root.scrollTop - root.clientHeight < NEAR_END;
  const sizes = () => `${root.clientWidth} ${root.clientHeight} ${root.scrollHeight}`;
  const toEnd = () => {
    root.scrollTop = root.scrollHeight;
  };
  root.addEventListener(
    "scroll",
    () => {
      // A scroll that comes from a new width or height is nobody's wish.
      if (sizes() === measured) following = atEnd();
      if (following) show(newer, false);
    },
    { passive: true },
  );
  // Whoever reads the newest goes on reading it when the log or the room for it shrinks or grows.
  const resized = new ResizeObserver(() => {
    if (following) toEnd();
    measured = sizes();
  });
  resized.observe(root);
  resized.observe(list);
  newer.addEventListener("click", () => {
    following = true;
    toEnd();
    show(newer, false);
  });

  /**
   * @param {Entry} entry
   * @param {Entry | undefined} before
   * @param {string} words
   * @param {boolean} other
   */
  function lineOf(entry, before, words, other) {
    const known = lines.get(entry.key);
    if (known !== undefined && known.entry === entry && known.words === words && known.other === other) {
      return known.element;
    }
    const element = known?.element ?? clone(entry.type === "said" ? "log-message" : "log-note");
    lines.set(entry.key, { element, entry, words, other });
    if (entry.type === "said") fillMessage(element, entry, before, words, other);
    else write(element, say(page, `entry.${entry.type}`, { alias: entry.alias ?? "" }));
    return element;
  }

  /**
   * @param {HTMLElement} element
   * @param {Entry} entry
   * @param {Entry | undefined} before
   * @param {string} words
   * @param {boolean} other whether another operator said it
   */
  function fillMessage(element, entry, before, words, other) {
    const author = entry.from ?? "service";
    mark(element, "from", author);
    mark(element, "delivery", entry.delivery);
    mark(element, "other", String(other));
    mark(element, "joined", String(before?.type === "said" && before.from === author && before.at === entry.at));
    const alias = entry.seq !== null ? entry.alias : null;
    write(part(element, "author"), say(page, `author.${author}`, { alias: alias ?? "" }));
    write(part(element, "text"), entry.text);
    const at = Date.parse(entry.at ?? "");
    write(part(element, "at"), Number.isNaN(at) ? "" : time.format(at));
    write(part(element, "delivery"), words);
    show(part(element, "retry"), entry.delivery === "failed" && entry.retry);
    show(part(element, "edit"), entry.delivery === "failed");
    mark(element, "id", entry.id ?? "");
  }

  let waitedFor = "";
  return {
    render(state, conversation) {
      const later = deliveryShown(page, state, /** @type {Entry} */ ({ delivery: "sending" }));
      if (drawn === conversation.entries && later === waitedFor) return;
      following ||= newestIsOwn(conversation);
      const grew = conversation.entries.length > (drawn?.length ?? 0);
      drawn = conversation.entries;
      waitedFor = later;
      const alias = conversation.entries.findLast((entry) => entry.type === "joined")?.alias ?? null;
      arrange(
        list,
        conversation.entries.map((entry, at, all) => {
          const own = entry.type === "said" && entry.from === "operator";
          const other = own && entry.seq !== null && entry.alias !== alias;
          return lineOf(entry, all[at - 1], own ? deliveryShown(page, state, entry) : "", other);
        }),
      );
      const kept = new Set(conversation.entries.map((entry) => entry.key));
      for (const key of [...lines.keys()]) if (!kept.has(key)) lines.delete(key);
      if (following) toEnd();
      else if (grew) show(newer, true);
    },
  };
}

/** @param {Conversation} conversation */
function newestIsOwn(conversation) {
  return conversation.entries.at(-1)?.seq === null;
}
