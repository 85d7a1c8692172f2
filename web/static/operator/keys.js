// SPDX-License-Identifier: EUPL-1.2
// Which key means what. Pure: from a key press and where it happened to a wish, or null for "not ours".

/**
 * @typedef {object} Press
 * @property {string} key
 * @property {string} code
 * @property {boolean} altKey
 * @property {boolean} ctrlKey
 * @property {boolean} metaKey
 * @property {boolean} shiftKey
 * @property {boolean} repeat
 * @property {boolean} isComposing
 */

/**
 * @typedef {"composer" | "field" | "queue" | "elsewhere"} Where
 * @typedef {{wish: "number", number: number} | {wish: "queue" | "unread" | "end" | "unsafe" | "handover" | "help" | "send" | "keep" | "up" | "down"}} Wish
 */

/**
 * @param {Press} press
 * @param {Where} where
 * @returns {Wish | null}
 */
export function wishOf(press, where) {
  if (press.isComposing) return null;
  if (press.altKey && !press.ctrlKey && !press.metaKey) return withAlt(press);
  if (press.key === "Escape") return { wish: "keep" };
  if (where === "composer" && press.key === "Enter" && !press.shiftKey) {
    // A key held down must not send what stands in the next field.
    return press.repeat ? null : { wish: "send" };
  }
  if (press.ctrlKey || press.metaKey) return null;
  if (where === "queue" && press.key === "ArrowDown") return { wish: "down" };
  if (where === "queue" && press.key === "ArrowUp") return { wish: "up" };
  if (where !== "composer" && where !== "field" && press.key === "?") return { wish: "help" };
  return null;
}

/**
 * The physical key counts, so that the layout of the keyboard does not matter.
 * @param {Press} press
 * @returns {Wish | null}
 */
function withAlt(press) {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(press.code);
  if (digit !== null) return { wish: "number", number: Number(digit[1]) };
  /** @type {Record<string, "queue" | "unread" | "end" | "unsafe" | "handover" | "help">} */
  const letters = { KeyQ: "queue", KeyN: "unread", KeyX: "end", KeyU: "unsafe", KeyO: "handover", KeyH: "help" };
  const wish = letters[press.code];
  return wish === undefined ? null : { wish };
}
