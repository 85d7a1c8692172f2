// SPDX-License-Identifier: EUPL-1.2
/**
 * Frames as text: writing them, reading them, and the ids of messages.
 *
 * Knows the form of a frame and nothing of what it means.
 */

/** @typedef {{ type: string, [field: string]: unknown }} Frame */

const BUCKET_BYTES = 1024;

/** In a pattern with `u`, half a pair that stands alone: an old keyboard may make one, and no server takes it. */
const LONE_SURROGATE = /[\ud800-\udfff]/gu;

/**
 * Write a frame. One that carries text is filled up with trailing spaces (JSON allows them) to a multiple of
 * 1,024 bytes, so that its size on the network does not tell how much was written.
 * @param {Frame} frame
 * @returns {string}
 */
export function encode(frame) {
  const json = JSON.stringify(frame, (_, value) =>
    typeof value === "string" ? value.replace(LONE_SURROGATE, "\ufffd") : value,
  );
  if (typeof frame.text !== "string" && !/^answer$|ask|come_back|_word/.test(frame.type)) return json;
  const bytes = new TextEncoder().encode(json).length;
  return json + " ".repeat((BUCKET_BYTES - (bytes % BUCKET_BYTES)) % BUCKET_BYTES);
}

/**
 * Read a frame; null for what is none.
 * @param {unknown} received
 * @returns {Frame | null}
 */
export function decode(received) {
  if (typeof received !== "string") return null;
  try {
    const value = JSON.parse(received);
    return value !== null && typeof value === "object" && typeof value.type === "string" ? value : null;
  } catch {
    return null;
  }
}

/**
 * Return a new id for a message: 16 random bytes as 22 characters of base64url.
 * @param {(bytes: Uint8Array<ArrayBuffer>) => void} fill fills with random bytes
 * @returns {string}
 */
export function clientId(fill) {
  const bytes = new Uint8Array(16);
  fill(bytes);
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
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
