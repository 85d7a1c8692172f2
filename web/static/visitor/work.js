// SPDX-License-Identifier: EUPL-1.2
/**
 * Makes room for her when many come at once: does the work that the server asks for, or waits.
 *
 * Loaded only then. Knows no page and no conversation. Works in short slices, so that the page goes on answering:
 * Trusted Types leave no worker, and a hash of `SubtleCrypto` takes thrice as long (measured).
 */

const SLICE_MS = 12;
/** Where the clock is coarse on purpose, this ends a slice. */
const SLICE_HASHES = 2000;
const BETWEEN_LOOKS = 40;
/** Then an old phone waits until fewer come. */
const GIVE_UP_MS = 20_000;
const PAUSE_FIRST_MS = 15_000;
const PAUSE_LAST_MS = 60_000;

// The constants of SHA-256 (FIPS 180-4), from the first primes.
/** @type {any} */
const FIRST = [];
/** @type {any} */
const ROUND = [];
for (let n = 2; ROUND.length < 64; n += 1) {
  let divisor = 2;
  while (n % divisor !== 0) divisor += 1;
  if (divisor < n) continue;
  FIRST.push((Math.sqrt(n) * 2 ** 32) | 0);
  ROUND.push((Math.cbrt(n) * 2 ** 32) | 0);
}

/** @type {(word: number, by: number) => number} */
const turn = (word, by) => (word >>> by) | (word << (32 - by));

/**
 * How SHA-256 of one block begins, as 32 bits. `any`: checks of each index would drown the arithmetic.
 * @param {any} w 64 words, of which the first 16 are the block
 */
function beginning(w) {
  let [a, b, c, d, e, f, g, h] = FIRST;
  for (let i = 0; i < 64; i += 1) {
    if (i > 15) {
      const x = w[i - 15];
      const y = w[i - 2];
      const s = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
      const t = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
      w[i] = (w[i - 16] + w[i - 7] + s + t) | 0;
    }
    const s = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const t = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const one = (h + s + ((e & f) ^ (~e & g)) + ROUND[i] + w[i]) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + t + ((b & c) ^ (b & d) ^ (c & d))) | 0;
  }
  return (a + FIRST[0]) >>> 0;
}

/**
 * `hash(n)`: how SHA-256 of `challenge:nonce` begins, for the nth nonce. `nonce()`: the last one tried.
 * @param {string} challenge at most 46 characters, so that all is one block
 */
export function trier(challenge) {
  const bytes = new Uint8Array(64);
  const view = new DataView(bytes.buffer);
  const at = new TextEncoder().encodeInto(`${challenge}:`, bytes).written;
  const length = at + 8;
  bytes[length] = 0x80;
  view.setUint32(60, length * 8);
  const w = new Int32Array(64);
  return {
    /** @param {number} n */
    hash(n) {
      for (let i = 0; i < 8; i += 1) bytes[at + i] = 97 + ((n >>> (4 * i)) & 15);
      for (let i = 0; i < 16; i += 1) w[i] = view.getInt32(4 * i);
      return beginning(w);
    },
    nonce: () => String.fromCharCode(...bytes.subarray(at, length)),
  };
}

/**
 * @param {import("./types").PatienceOptions} options
 * @returns {(frame: import("../shared/connection.js").Frame) => void}
 */
export function patience({
  timers = window,
  now = () => performance.now(),
  random = Math.random,
  isWanted,
  onSolved,
  onPause,
  again,
}) {
  let round = 0;
  let pause = PAUSE_FIRST_MS;

  /** @param {number} ms */
  function waitFor(ms) {
    const mine = round;
    timers.setTimeout(() => {
      if (mine === round && isWanted()) again();
    }, ms * (1 + random() / 4));
  }

  /**
   * @param {string} challenge
   * @param {number} bits
   */
  function solve(challenge, bits) {
    const mine = round;
    const { hash, nonce } = trier(challenge);
    const begun = now();
    let n = 0;
    function slice() {
      if (mine !== round || !isWanted()) return;
      const until = now() + SLICE_MS;
      const last = n + SLICE_HASHES;
      for (; n < last && (n % BETWEEN_LOOKS > 0 || now() < until); n += 1) {
        if (hash(n) >>> (32 - bits) === 0) {
          onSolved({ challenge, nonce: nonce() });
          return;
        }
      }
      if (now() - begun < GIVE_UP_MS) {
        timers.setTimeout(slice, 0);
        return;
      }
      onPause();
      waitFor(pause);
      pause = Math.min(2 * pause, PAUSE_LAST_MS);
    }
    slice();
  }

  return (frame) => {
    // Luck has no memory: a new challenge in the middle of an old one costs no more than going on.
    round += 1;
    const wait = Number(frame.wait_s);
    if (wait > 0) {
      onPause(String(frame.text));
      waitFor(1000 * wait);
    } else {
      solve(String(frame.challenge), Number(frame.bits));
    }
  };
}
