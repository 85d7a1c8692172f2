// SPDX-License-Identifier: EUPL-1.2
// Asks again and again while somebody can see the page, never twice at once; and at once when it is seen again.
// Knows nothing of what is asked for. Timers and the page's being seen are arguments.

/**
 * @template T
 * @param {{
 *   ask: () => Promise<boolean>,
 *   told: (fine: boolean) => void,
 *   every: number,
 *   seen: () => boolean,
 *   after: (run: () => void, ms: number) => T,
 *   forget: (timer: T) => void,
 * }} given `ask` never fails: it answers whether it went well
 * @returns {{look: () => Promise<void>}} `look`: the page is seen again or no longer, or the network is back
 */
export function keepFresh({ ask, told, every, seen, after, forget }) {
  let asking = false;
  /** @type {T | undefined} */
  let timer = after(look, every);

  async function look() {
    if (timer !== undefined) forget(timer);
    timer = undefined;
    if (asking || !seen()) return;
    asking = true;
    told(await ask());
    asking = false;
    if (seen()) timer = after(look, every);
  }

  return { look };
}
