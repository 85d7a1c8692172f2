// SPDX-License-Identifier: EUPL-1.2
/**
 * The conversation on the screen. Words of people only ever become text, never markup, and no address a link.
 */

import { written } from "../shared/characters.js";

/** @typedef {import("./types").State} State */
/** @typedef {import("./types").Item} Item */
/** @typedef {import("./types").Say} Say */

/**
 * @param {State} state
 * @returns {Item[]}
 */
export function items(state) {
  let who = "";
  /** @type {Item[]} */
  const shown = [];
  for (const { kind, seq, from, text, at, id, masked, guest } of state.entries) {
    if (kind === "joined") who = text;
    const delivery = from === "visitor" ? (masked ? "masked" : "sent") : null;
    const words = kind === "left" ? who : text;
    shown.push({ key: id ?? String(seq), kind, from, who: guest ?? who, guest, text: words, at, delivery });
  }
  for (const { id, text, at, delivery } of state.unsent) {
    const held = delivery === "sending" && !state.connected ? "later" : delivery;
    const shownAs = state.phase === "over" ? "lost" : held;
    shown.push({ key: id, kind: "said", from: "visitor", who, text, at, delivery: shownAs });
  }
  return shown;
}

/**
 * @param {import("./types").LogOptions} options
 * @returns {(shown: readonly Item[]) => void}
 */
export function logView({ log, say, language, onRetry, onEdit }) {
  const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", numberingSystem: "latn" });
  /** @type {Map<string, { element: HTMLElement, drawn: string }>} */
  const known = new Map();

  /** @param {Item} item */
  function create(item) {
    const element = node("div", item.kind === "said" ? `message ${item.from}` : "event");
    if (item.kind !== "said") {
      element.id = `e${item.key}`;
      element.textContent = item.text && say(item.kind, { alias: item.text });
      return element;
    }
    const author = { visitor: say("you"), operator: item.who, service: say("service") }[item.from];
    const text = node("p", "text");
    text.append(...written(item.text));
    text.dir = "auto";
    element.append(node("span", item.guest ? "author" : "unseen", `${author}: `), text, node("p", "meta"));
    return element;
  }

  /**
   * @param {HTMLElement} element
   * @param {Item} item
   */
  function describe(element, item) {
    const meta = element.querySelector(".meta");
    if (meta === null) return;
    const text = element.querySelector(".text");
    // Set only when it changed (masked by the server): setting the same again would be read aloud again.
    if (text !== null && text.textContent !== item.text) text.replaceChildren(...written(item.text));
    element.classList.toggle("unsent", ![null, "sent", "masked"].includes(item.delivery));
    const time = node("time", "", item.at === null ? "" : clock.format(new Date(item.at)));
    const parts = [time];
    if (item.delivery !== null) parts.push(node("span", "delivery", say(`delivery.${item.delivery}`, { kinds: taken(item.text, language) })));
    if (item.delivery === "failed") parts.push(act(say("delivery.retry"), () => onRetry(item.key)));
    if (item.delivery === "refused") parts.push(act(say("delivery.edit"), () => onEdit(item.key)));
    meta.replaceChildren(...parts);
  }

  return (shown) => {
    const keys = new Set(shown.map((item) => item.key));
    for (const [key, { element }] of known) {
      if (keys.has(key)) continue;
      element.remove();
      known.delete(key);
    }
    shown.forEach((item, index) => {
      const place = known.get(item.key) ?? { element: create(item), drawn: "" };
      known.set(item.key, place);
      const drawn = JSON.stringify([item.delivery, item.at, item.text]);
      if (place.drawn !== drawn) describe(place.element, item);
      place.drawn = drawn;
      const there = log.children[index] ?? null;
      if (there !== place.element) log.insertBefore(place.element, there);
    });
  };
}

/**
 * @param {string} text as it was stored: the masks in it name what was taken out
 * @param {string} language
 */
export function taken(text, language) {
  return new Intl.ListFormat(language).format(new Set(text.match(/[^[\]]+(?=\])/g))) || "…";
}

/**
 * @param {string} name
 * @param {string} className
 * @param {string} [text]
 * @returns {HTMLElement}
 */
function node(name, className, text = "") {
  const element = document.createElement(name);
  if (className !== "") element.className = className;
  element.textContent = text;
  return element;
}

/**
 * @param {string} label
 * @param {() => void} onClick
 * @returns {HTMLElement}
 */
function act(label, onClick) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "inline";
  button.textContent = label;
  button.addEventListener("click", onClick);
  return button;
}
