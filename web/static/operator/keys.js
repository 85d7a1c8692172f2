// SPDX-License-Identifier: EUPL-1.2
// Which key means what: one table, which the list of keys in the page is made from too. Pure: from a key press and where
// it happened to a wish, or null for "not ours".

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
 * @typedef {"queue" | "unread" | "end" | "unsafe" | "handover" | "menu" | "seen" | "dismiss" | "help"} Named
 * @typedef {{wish: "number", number: number} | {wish: "beside", code: string} | {wish: Named | "send" | "keep" | "up" | "down"}} Wish
 * @typedef {object} Key
 * @property {"everywhere" | "queue" | "talk" | "writing"} group where the list has it
 * @property {readonly string[]} press what is pressed together
 * @property {string} does the id of the text that says what it does
 * @property {Named} [wish] with Alt
 * @property {string} [code] the physical key of that
 */

/** Physical keys whose meaning with Alt belongs to one of the pieces (`pieces.js`); `Slash` is pressed alone. */
/** @type {ReadonlySet<string>} */
export const PIECE_KEYS = new Set(
  ["KeyA", "KeyG", "KeyI", "KeyJ", "KeyK", "KeyL", "KeyP", "KeyR", "KeyT", "KeyV", "KeyW", "Slash"],
);

/**
 * @param {Key["group"]} group
 * @param {string} letter
 * @param {Named} wish
 * @returns {Key}
 */
const alt = (group, letter, wish) => ({ group, press: ["Alt", letter], does: `keys.${wish}`, wish, code: `Key${letter}` });

/** @type {readonly Key[]} */
export const KEYS = [
  { group: "everywhere", press: ["Alt", "1–9"], does: "keys.number" },
  alt("everywhere", "N", "unread"),
  alt("everywhere", "Q", "queue"),
  { group: "everywhere", press: ["Tab"], does: "keys.tab" },
  alt("everywhere", "H", "help"),
  { group: "everywhere", press: ["?"], does: "keys.help_alone" },
  { group: "queue", press: ["↑", "↓"], does: "keys.step" },
  { group: "queue", press: ["Enter"], does: "keys.accept" },
  { group: "writing", press: ["Enter"], does: "keys.send" },
  { group: "writing", press: ["Shift", "Enter"], does: "keys.line" },
  { group: "writing", press: ["Ctrl", "Enter"], does: "notes.key_save" },
  { group: "writing", press: ["Ctrl", "Shift", "Enter"], does: "notes.key_whisper" },
  alt("talk", "S", "seen"),
  alt("talk", "M", "menu"),
  alt("talk", "O", "handover"),
  alt("talk", "X", "end"),
  alt("talk", "U", "unsafe"),
  alt("talk", "B", "dismiss"),
  { group: "talk", press: ["Esc"], does: "keys.keep" },
];

/** By physical key, so that the layout of the keyboard does not matter. */
const WITH_ALT = new Map(KEYS.flatMap(({ code, wish }) => (code !== undefined && wish !== undefined ? [[code, wish]] : [])));

/**
 * How a key of a piece is written.
 * @param {string} code
 * @returns {readonly string[]}
 */
export function pressOf(code) {
  return code === "Slash" ? ["/"] : ["Alt", code.replace("Key", "")];
}

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
 * @param {Press} press
 * @returns {Wish | null}
 */
function withAlt(press) {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(press.code);
  if (digit !== null) return { wish: "number", number: Number(digit[1]) };
  const wish = WITH_ALT.get(press.code);
  if (wish !== undefined) return { wish };
  return PIECE_KEYS.has(press.code) && press.code !== "Slash" ? { wish: "beside", code: press.code } : null;
}
