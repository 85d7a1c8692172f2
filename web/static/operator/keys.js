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
 * @typedef {"composer" | "empty composer" | "field" | "queue" | "elsewhere"} Where
 * @typedef {{wish: "number", number: number} | {wish: "beside", code: string} | {wish: "queue" | "unread" | "end" | "unsafe" | "handover" | "help" | "send" | "keep" | "up" | "down"}} Wish
 */

/** Physical keys whose meaning with Alt belongs to one of the pieces (`pieces.js`); `Slash` is pressed alone. */
/** @type {ReadonlySet<string>} */
export const PIECE_KEYS = new Set(
  ["KeyA", "KeyG", "KeyK", "KeyL", "KeyP", "KeyR", "KeyT", "KeyV", "KeyW", "Slash"],
);

/**
 * @param {Press} press
 * @param {Where} where
 * @returns {Wish | null}
 */
export function wishOf(press, where) {
  if (press.isComposing) return null;
  if (press.altKey && !press.ctrlKey && !press.metaKey) return withAlt(press);
  if (press.key === "Escape") return { wish: "keep" };
  if ((where === "composer" || where === "empty composer") && press.key === "Enter" && !press.shiftKey) {
    // A key held down must not send what stands in the next field.
    return press.repeat ? null : { wish: "send" };
  }
  if (press.ctrlKey || press.metaKey) return null;
  if (where === "queue" && press.key === "ArrowDown") return { wish: "down" };
  if (where === "queue" && press.key === "ArrowUp") return { wish: "up" };
  if (where === "composer" || where === "field") return null;
  if (press.key === "/" && PIECE_KEYS.has("Slash")) return { wish: "beside", code: "Slash" };
  if (where !== "empty composer" && press.key === "?") return { wish: "help" };
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
  if (wish !== undefined) return { wish };
  return PIECE_KEYS.has(press.code) && press.code !== "Slash" ? { wish: "beside", code: press.code } : null;
}
