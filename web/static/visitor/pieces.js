// SPDX-License-Identifier: EUPL-1.2
/**
 * A text with what tells who she is in it: cut into pieces, or with masks in their place.
 *
 * Pure. Knows what was found, not how.
 */

/** So often a text is looked at again after something was taken out of it, as on the server. */
const ROUNDS = 3;
/** What tells where somebody is. */
const PLACES = ["address", "postcode"];

/**
 * @param {string} text
 * @param {readonly import("../shared/types").Span[]} spans in order and apart
 * @returns {import("./types").Cut[]} all of the text, in order
 */
export function cut(text, spans) {
  /** @type {import("./types").Cut[]} */
  const pieces = [];
  let place = 0;
  for (const { kind, start, end } of spans) {
    if (start > place) pieces.push({ kind: null, text: text.slice(place, start) });
    pieces.push({ kind, text: text.slice(start, end) });
    place = end;
  }
  if (place < text.length) pieces.push({ kind: null, text: text.slice(place) });
  return pieces;
}

/**
 * @param {readonly import("./types").Cut[]} pieces
 * @param {{ [kind: string]: string }} masks
 * @returns {string} what may be sent when she takes the pieces out
 */
export function masked(pieces, masks) {
  return pieces.map(({ kind, text }) => (kind === null ? text : (masks[kind] ?? "[…]"))).join("");
}

/**
 * A search that leaves masks alone: what lies wholly within one is no identity data, whatever it speaks of.
 * @param {(text: string) => import("../shared/types").Span[]} find
 * @param {readonly string[]} kinds what is looked for
 * @param {{ [kind: string]: string }} masks
 */
export function searcher(find, kinds, masks) {
  const all = Object.values(masks);
  return (/** @type {string} */ text) => {
    const places = all.flatMap((mask) =>
      [...text.matchAll(new RegExp(quoted(mask), "g"))].map(({ index = 0 }) => [index, index + mask.length]),
    );
    return find(text).filter(
      ({ kind, start, end }) =>
        kinds.includes(kind) && !places.some(([from = 0, to = 0]) => from <= start && end <= to),
    );
  };
}

/**
 * What is left when all that is seen is taken out: what stood beside it may be seen only then.
 * @param {string} text
 * @param {ReturnType<typeof searcher>} search
 * @param {{ [kind: string]: string }} masks
 */
export function without(text, search, masks) {
  let left = text;
  for (let round = 0; round < ROUNDS; round += 1) {
    const spans = search(left);
    if (spans.length === 0) break;
    left = masked(cut(left, spans), masks);
  }
  return left;
}

/** @param {string} text */
function quoted(text) {
  return text.replace(/[[\](){}.*+?^$|\\/]/g, "\\$&");
}

/**
 * The kinds that the server took out, from what it stored: an answer that was lost may never have named them.
 * @param {string} text as she wrote it
 * @param {string} stored
 * @param {{ [kind: string]: string }} masks
 * @returns {string[]}
 */
export function kindsTaken(text, stored, masks) {
  /** @param {string} where @param {string} what */
  const count = (where, what) => where.split(what).length;
  const words = Object.entries(masks).filter(([, mask]) => count(stored, mask) > count(text, mask));
  // Two kinds may have one word; it is said once.
  const once = new Map(words.map(([kind, mask]) => [mask, kind]));
  return once.size > 0 ? [...once.values()] : ["other"];
}

/** @param {readonly string[]} kinds */
export function tellsWhere(kinds) {
  return kinds.some((kind) => PLACES.includes(kind));
}

/**
 * What was found, in words, each once: "ett telefonnummer och en adress".
 * @param {import("./types").Say} say
 * @param {readonly string[]} kinds
 * @param {string} language
 * @returns {string}
 */
export function named(say, kinds, language) {
  const words = new Set(kinds.map((kind) => say(`kind.${kind}`)));
  return new Intl.ListFormat(language, { type: "conjunction" }).format(words);
}
