// SPDX-License-Identifier: EUPL-1.2
/** The characters of a text: how many there are, and which stay together. Knows nothing of what it says. */

/**
 * What is to be shown of a text: the same characters, and each number in groups, such as "020-50 50 50", kept together
 * from left to right. In a text from right to left its groups would change places.
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

/**
 * How many characters, as a person counts them, must go from the end until the server takes the rest.
 * @param {string} text
 * @param {number} most code points
 * @returns {number}
 */
export function excess(text, most) {
  const shown = Intl.Segmenter ? Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment) : text;
  let length = 0;
  let over = 0;
  for (const character of shown) {
    length += codePoints(character);
    if (length > most) over += 1;
  }
  return over;
}

/**
 * How long a text is as the server counts it: code points, not UTF-16 units.
 * @param {string} text
 * @returns {number}
 */
export function codePoints(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
