// SPDX-License-Identifier: EUPL-1.2
// The log of one conversation. Entries are added and moved one by one: a long log is never drawn again.
// What the visitor wrote is text only: nothing in it becomes a link, a picture or a request.

import { written } from "../shared/characters.js";
import { coverShown, markShown } from "./alarm_words.js";
import { isJoined, pieces, rowsOf } from "./cover.js";
import { arrange, clone, mark, part, show, write, writeOrHide } from "./dom.js";
import { logWindow } from "./log_window.js";
import { fillQuestion } from "./view_question.js";
import { clock, deliveryShown, say } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./words.js").Page} Page */

/** How far from the end still counts as reading the newest, in CSS pixels. */
const NEAR_END = 48;

/**
 * @typedef {object} LogView
 * @property {(state: State, conversation: Conversation) => void} render
 * @property {(key: string) => void} jump to a message, and put the focus there
 * @property {() => void} stay where it is, also when the room for it changes: something in it is to be read now
 */

/** @typedef {import("./cover.js").Row} Row */

/**
 * @param {HTMLElement} root the part of the pane that scrolls
 * @param {HTMLElement} list
 * @param {HTMLElement} newer the button that leads to the end
 * @param {Page} page
 * @param {() => void} revealed earlier lines have come into the page
 * @returns {LogView}
 */
export function logView(root, list, newer, page, revealed) {
  /** @type {Map<string, {element: HTMLElement, row: Row, words: string, other: boolean}>} */
  const lines = new Map();
  /** @type {readonly Entry[] | null} */
  let drawn = null;
  /** @type {readonly string[]} */
  let uncovered = [];
  let guest = false;
  let following = true;
  /** @type {readonly Row[]} */
  let rows = [];
  /** @type {State | null} what the log was drawn from last */
  let now = null;
  const shown = logWindow(root, (from) => {
    // Whoever reads what came before does not read the newest.
    following = false;
    draw(from);
    revealed();
  });
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
   * @param {Row} row
   * @param {Entry | undefined} before
   * @param {string} words
   * @param {boolean} other whether another operator's
   */
  function lineOf(row, before, words, other) {
    const { entry } = row;
    const known = lines.get(entry.key);
    if (known !== undefined && isSame(known.row, row) && known.words === words && known.other === other) {
      return known.element;
    }
    const element = known?.element ?? clone(templateOf(entry));
    lines.set(entry.key, { element, row, words, other });
    if (entry.type === "said") {
      fillMessage(element, entry, before, words, other);
      fillCover(element, row);
    } else if (isQuestion(entry)) fillQuestion(element, page, entry, askedBefore(entry));
    else if (entry.type === "joined" && !other) write(element, say(page, "entry.joined_own"));
    else write(element, say(page, `entry.${entry.type}`, { alias: entry.alias ?? "", organisation: entry.organisation ?? "" }));
    return element;
  }

  /** @param {Entry} entry of an answer: the question that it is to */
  function askedBefore({ seq }) {
    const asked = drawn?.findLast((one) => one.type === "proposed" && (one.seq ?? 0) < (seq ?? 0));
    return asked?.proposal ?? null;
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
    mark(element, "joined", String(isJoined(before, entry)));
    const alias = entry.seq !== null ? entry.alias : null;
    write(part(element, "author"), say(page, `author.${author}`, { alias: alias ?? "" }));
    const at = Date.parse(entry.at ?? "");
    write(part(element, "at"), Number.isNaN(at) ? "" : clock(page, at));
    write(part(element, "delivery"), words);
    show(part(element, "retry"), entry.delivery === "failed" && entry.retry);
    // What goes again by itself may be there already: taken back, it would be said all the same.
    show(part(element, "edit"), entry.delivery === "failed" && !entry.retry);
    mark(element, "id", entry.id ?? "");
    mark(element, "seq", String(entry.seq ?? ""));
    writeOrHide(part(element, "mark"), markShown(page, entry));
    mark(element, "danger", entry.seen?.danger ?? "");
  }

  /**
   * What is covered is not in the page at all: nobody reads it, and no voice reads it aloud.
   * @param {HTMLElement} element
   * @param {Row} row
   */
  function fillCover(element, { entry, covered, keys }) {
    const text = part(element, "text");
    show(text, !covered);
    if (covered) write(text, "");
    else fillText(text, entry.text, entry.from === "visitor" ? page.masks : []);
    mark(element, "covered", String(covered));
    mark(element, "keys", keys.join(" "));
    const cover = part(element, "cover");
    show(cover, entry.seen?.cover !== undefined);
    if (entry.seen?.cover === undefined) return;
    write(part(element, "cover-why"), coverShown(page, entry, covered ? keys.length : 1));
    write(part(element, "uncover"), say(page, covered ? "uncover" : "cover_again"));
  }

  /** @param {number} from which line on */
  function draw(from) {
    const entries = drawn ?? [];
    // Whoever holds it came in last.
    const came = entries.findLast((entry) => entry.type === "joined");
    const alias = came?.alias ?? null;
    const wanted = rows.slice(from).map((row, at) => {
      const { entry } = row;
      const own = entry.type === "said" && entry.from === "operator";
      const other = entry.type === "joined" ? guest || entry.key !== came?.key
        : own && entry.seq !== null && (guest ? !entry.guest : entry.alias !== alias);
      const words = own && now !== null ? deliveryShown(page, now, entry) : "";
      return lineOf(row, rows[from + at - 1]?.entry, words, other);
    });
    arrange(list, wanted);
    const kept = new Set(rows.slice(from).map(({ entry }) => entry.key));
    for (const key of [...lines.keys()]) if (!kept.has(key)) lines.delete(key);
  }

  let waitedFor = "";
  return {
    render(state, conversation) {
      const later = deliveryShown(page, state, /** @type {Entry} */ ({ delivery: "sending" }));
      if (drawn === conversation.entries && uncovered === conversation.uncovered && later === waitedFor) return;
      const focused = list.contains(document.activeElement);
      following ||= newestIsOwn(conversation);
      const grew = conversation.entries.length > (drawn?.length ?? 0);
      drawn = conversation.entries;
      uncovered = conversation.uncovered;
      guest = conversation.as_guest !== null;
      waitedFor = later;
      rows = rowsOf(conversation);
      now = state;
      draw(shown.fit(rows.length, following));
      // A line that was folded into another takes the focus along.
      if (focused && !list.contains(document.activeElement)) root.focus();
      if (following) toEnd();
      else if (grew) show(newer, true);
    },
    stay() {
      following = false;
    },
    jump(key) {
      shown.include(rows.findIndex((row) => row.keys.includes(key)));
      const element = lines.get(key)?.element;
      if (element === undefined) return;
      element.tabIndex = -1;
      element.focus({ preventScroll: true });
      element.scrollIntoView({ block: "center" });
    },
  };
}

/**
 * @param {Row} one
 * @param {Row} other
 */
function isSame(one, other) {
  return one.entry === other.entry && one.covered === other.covered && one.keys.length === other.keys.length;
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 * @param {readonly string[]} masks
 */
function fillText(element, text, masks) {
  if (element.textContent === text) return;
  element.replaceChildren(
    ...pieces(text, masks).flatMap((piece) => {
      if (!piece.masked) return written(piece.text);
      return Object.assign(document.createElement("span"), { className: "masked", textContent: piece.text });
    }),
  );
}

/** @param {Entry} entry */
function isQuestion({ type }) {
  return type === "proposed" || type === "taken_back" || type === "answered";
}

/** @param {Entry} entry */
function templateOf(entry) {
  if (entry.type === "said") return "log-message";
  return isQuestion(entry) ? "log-question" : "log-note";
}

/** @param {Conversation} conversation */
function newestIsOwn(conversation) {
  return conversation.entries.at(-1)?.seq === null;
}
