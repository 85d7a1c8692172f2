// SPDX-License-Identifier: EUPL-1.2
// Asks again and again, never twice at once: often while somebody can see the page, now and then while it lies
// behind something else, and at once when it is seen again.
// Knows nothing of what is asked for. Timers and the page's being seen are arguments.

/**
 * @template T
 * @param {{
 *   ask: () => Promise<boolean>,
 *   told: (fine: boolean) => void,
 *   every: number,
 *   unseen: number,
 *   seen: () => boolean,
 *   after: (run: () => void, ms: number) => T,
 *   forget: (timer: T) => void,
 * }} given `ask` never fails: it answers whether it went well; it asks in `every` ms, or in `unseen` while nobody sees it
 * @returns {{look: () => Promise<void>}} `look`: the page is seen again or no longer, or the network is back
 */
export function keepFresh({ ask, told, every, unseen, seen, after, forget }) {
  let asking = false;
  /** @type {T | undefined} */
  let timer = later(go);

  /** @param {() => void} run */
  function later(run) {
    return after(run, seen() ? every : unseen);
  }

  async function go() {
    if (timer !== undefined) forget(timer);
    timer = undefined;
    if (asking) return;
    asking = true;
    told(await ask());
    asking = false;
    timer = later(go);
  }

  /** Whoever comes back sees how it is now; whoever goes is asked for less often. */
  async function look() {
    if (seen()) return go();
    if (timer !== undefined) forget(timer);
    timer = asking ? undefined : later(go);
  }

  return { look };
}
