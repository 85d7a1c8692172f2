// SPDX-License-Identifier: EUPL-1.2
/** Numbers in groups, such as "020-50 50 50": in a text from right to left their groups would change places. */

/**
 * What is to be shown of a text: the same characters, and each such number kept together from left to right.
 * @param {string} text
 * @returns {(string | HTMLElement)[]}
 */
export function written(text) {
  if (!/[\u0590-\u08ff]/.test(text)) return [text];
  return text.split(/(\+?\d+(?:[ -]\d+)+)/).map((piece, place) => {
    if (place % 2 === 0) return piece;
    const number = document.createElement("bdi");
    number.textContent = piece;
    return number;
  });
}
