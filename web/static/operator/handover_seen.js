// SPDX-License-Identifier: EUPL-1.2
// What in a draft may tell who somebody is: names that staff have written, and what is taken out of messages. Pure.
// It searches by the rules that the visitor's own page uses; what becomes of a draft the server decides.

import { identityFinder } from "../shared/identity.js";

/** @typedef {{rules: import("../shared/types").IdentityRules, masks: Record<string, string>}} Rules */
/**
 * @typedef {object} Seen
 * @property {(text: string) => string[]} names each once
 * @property {(text: string) => string} masked a message as it goes along
 */

/** So often a text is looked at again after something was taken out of it, as on the server. */
const ROUNDS = 3;

/**
 * @param {Rules} given
 * @param {readonly string[]} kinds what is taken out of messages
 * @returns {Seen}
 */
export function seenBy({ rules, masks }, kinds) {
  const find = identityFinder(rules);

  /**
   * What is found, but not what lies within a mask: "[telefonnummer]" is no number.
   * @param {string} text
   */
  function found(text) {
    const taken = [...text.matchAll(/\[[^[\]]{1,40}\]/g)].filter(([mask]) => Object.values(masks).includes(mask));
    return find(text).filter(
      ({ start, end }) => !taken.some(({ index = 0, 0: mask }) => index <= start && end <= index + mask.length),
    );
  }

  /** @param {string} text */
  function without(text) {
    const spans = found(text).filter(({ kind }) => kinds.includes(kind));
    let [left, place] = ["", 0];
    for (const { kind, start, end } of spans) {
      left += text.slice(place, start) + (masks[kind] ?? "[…]");
      place = end;
    }
    return left + text.slice(place);
  }

  return {
    names(text) {
      const spans = found(text).filter(({ kind }) => kind === "name");
      return [...new Set(spans.map(({ start, end }) => text.slice(start, end)))];
    },
    masked(text) {
      let left = text;
      for (let round = 0; round < ROUNDS; round += 1) left = without(left);
      return left;
    },
  };
}
