// SPDX-License-Identifier: EUPL-1.2
// The messages that go along: ticked in the log, listed in the panel.

import { arrange, clone, mark, part, partOf, show, write } from "./dom.js";
import { MOST_MESSAGES } from "./handover.js";
import { say } from "./words.js";

/** @typedef {import("./handover_types.js").Quoted} Quoted */
/** @typedef {import("./handover_types.js").Handover} Handover */
/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./words.js").Page} Page */

/** So much of a message names it. */
const NAMED = 60;

/**
 * The list in the panel, with a way to leave each out again.
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {(seq: number) => void} toggle
 * @returns {{render: (messages: readonly Quoted[]) => void}}
 */
export function chosenView(root, page, toggle) {
  /** @type {Map<number, HTMLElement>} */
  const drawn = new Map();

  /** @param {Quoted} message */
  function lineOf({ seq, by, text }) {
    const known = drawn.get(seq);
    if (known !== undefined) return known;
    const element = clone("hand-chosen");
    drawn.set(seq, element);
    write(part(element, "text"), `${say(page, `by.${by}`)}: ${text}`);
    const button = part(element, "leave-out");
    button.setAttribute("aria-label", `${button.textContent}: ${named(text)}`);
    button.addEventListener("click", () => {
      toggle(seq);
      part(root, "choose").focus();
    });
    return element;
  }

  return {
    render(messages) {
      arrange(part(root, "chosen"), messages.map(lineOf));
    },
  };
}

/**
 * The ticks in the log, there while the panel is open. What is covered cannot be ticked before it is shown.
 * @param {HTMLElement} list
 * @param {(seq: number) => void} toggle
 * @returns {{render: (held: Handover | undefined) => void, focus: () => void}}
 */
export function ticksView(list, toggle) {
  list.addEventListener("change", (event) => {
    const line = event.target instanceof Element ? event.target.closest("li") : null;
    if (event.target instanceof HTMLInputElement && line !== null) toggle(Number(line.dataset["seq"]));
  });

  /** @param {HTMLElement} line */
  const isOffered = ({ dataset: { seq, from, covered } }) =>
    (seq ?? "") !== "" && (from === "visitor" || from === "operator") && covered !== "true";

  let shown = false;
  return {
    render(held) {
      const ticking = held?.open === true;
      if (!ticking && !shown) return;
      shown = ticking;
      const messages = held?.draft.messages ?? [];
      for (const line of list.children) {
        if (!(line instanceof HTMLElement) || !line.classList.contains("message")) continue;
        const chosen = messages.includes(Number(line.dataset["seq"]));
        show(part(line, "send-along"), ticking && (isOffered(line) || chosen));
        const input = partOf(line, "along", HTMLInputElement);
        input.checked = chosen;
        input.disabled = !chosen && messages.length >= MOST_MESSAGES;
        mark(line, "along", String(ticking && chosen));
      }
    },
    focus() {
      const all = [...list.querySelectorAll("[data-part=along]:not(:disabled)")];
      // The first: from the last one Tab would lead away from all that was said before.
      const first = all.find((one) => one instanceof HTMLElement && one.closest("[hidden]") === null);
      if (first instanceof HTMLElement) first.focus();
      else list.parentElement?.focus();
    },
  };
}

/**
 * The newest of what the visitor has said, unless it is covered.
 * @param {Conversation} held
 */
export function newestOfHers({ entries, uncovered }) {
  const newest = entries.findLast(({ type, from }) => type === "said" && from === "visitor");
  if (newest === undefined) return "";
  return newest.seen?.cover !== undefined && !uncovered.includes(newest.key) ? "" : newest.text;
}

/** @param {string} text */
function named(text) {
  const characters = [...text];
  return characters.length > NAMED ? `${characters.slice(0, NAMED).join("")}…` : text;
}
