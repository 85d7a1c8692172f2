// SPDX-License-Identifier: EUPL-1.2
// What of a log is shown, and what waits behind a click: messages that may be aimed at the volunteer. Pure.

/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").Conversation} Conversation */

/**
 * One line of the log: an entry, or the first of several that say the same again.
 * @typedef {object} Row
 * @property {Entry} entry
 * @property {boolean} covered
 * @property {readonly string[]} keys of all that this line stands for
 */

/**
 * @param {Pick<Conversation, "entries" | "uncovered">} held
 * @returns {Row[]}
 */
export function rowsOf(held) {
  const shown = new Set(held.uncovered);
  /** @type {Row[]} */
  const rows = [];
  for (const entry of held.entries) {
    const covered = entry.seen?.cover !== undefined && !shown.has(entry.key);
    const last = rows.at(-1);
    if (last !== undefined && covered && last.covered && isSameAgain(last.entry, entry)) {
      rows[rows.length - 1] = { ...last, keys: [...last.keys, entry.key] };
    } else {
      rows.push({ entry, covered, keys: [entry.key] });
    }
  }
  return rows;
}

/**
 * Whether a message stands close under the one before it, and one line tells the time of both. What the server does
 * not have stands alone: each has to tell for itself what became of it.
 * @param {Entry | undefined} before
 * @param {Entry} entry
 */
export function isJoined(before, entry) {
  if (before === undefined || before.seq === null || entry.seq === null) return false;
  return before.type === "said" && before.from === entry.from && before.at === entry.at;
}

/**
 * @param {Entry} first
 * @param {Entry} next
 */
function isSameAgain(first, next) {
  return first.seen?.cover === "repeated" && next.seen?.cover === "repeated" && first.text === next.text;
}

/**
 * A text in pieces, those apart that stand for what was taken out, such as "[telefonnummer]".
 * @param {string} text
 * @param {readonly string[]} words what stands between the brackets
 * @returns {{text: string, masked: boolean}[]}
 */
export function pieces(text, words) {
  const known = new Set(words);
  return text
    .split(/(\[[^\[\]\n]{1,40}\])/)
    .map((piece) => ({ text: piece, masked: piece.startsWith("[") && known.has(piece.slice(1, -1)) }))
    .filter((piece) => piece.text !== "");
}
