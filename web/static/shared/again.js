// SPDX-License-Identifier: EUPL-1.2
/**
 * What the server could not keep just now is sent again by itself, under the same ids, with longer and longer pauses:
 * whoever wrote it has nothing to press. Knows neither page nor socket.
 */

const FIRST_MS = 1000;
const MOST_MS = 30_000;

/**
 * @template T
 * @param {object} options
 * @param {(one: T) => void} options.send
 * @param {{ setTimeout: (act: () => void, ms: number) => number, clearTimeout: (timer: number) => void }} options.timers
 * @param {() => number} options.random from 0 to 1: not everybody at once when the server is back
 * @returns {(refused: readonly T[]) => void} told on every change what stands refused; nothing: it begins anew
 */
export function sendsAgain({ send, timers, random }) {
  let timer = 0;
  let pause = FIRST_MS;
  /** @type {readonly T[]} */
  let waiting = [];

  function go() {
    timer = 0;
    for (const one of waiting) send(one);
  }

  return (refused) => {
    waiting = refused;
    if (refused.length === 0) {
      timers.clearTimeout(timer);
      timer = 0;
      pause = FIRST_MS;
    } else if (timer === 0) {
      timer = timers.setTimeout(go, pause * (0.5 + random() / 2));
      pause = Math.min(2 * pause, MOST_MS);
    }
  };
}
