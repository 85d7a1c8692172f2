// SPDX-License-Identifier: EUPL-1.2
// Of all consoles that are open in one browser, also under two sign-ins, one rings: whoever holds the lock. It is held
// only while there is something to ring, so whoever is done lets the next one ring. Without locks each rings: better
// twice than not at all.

const NAME = "ring";

/**
 * @param {Pick<LockManager, "request"> | undefined} locks
 * @param {() => void} changed it is our turn now
 */
export function oneRings(locks, changed) {
  /** @type {AbortController | null} while we want to ring */
  let wanted = null;
  let holds = false;

  /** @param {AbortController} mine */
  function wait(mine) {
    const { signal } = mine;
    const held = locks?.request(NAME, { signal }, () => {
      if (wanted !== mine) return undefined;
      holds = true;
      changed();
      return new Promise((done) => signal.addEventListener("abort", done));
    });
    held?.catch(() => undefined); // given up before it was our turn
  }

  return {
    want() {
      if (wanted !== null) return;
      wanted = new AbortController();
      wait(wanted);
    },
    give() {
      wanted?.abort();
      wanted = null;
      holds = false;
    },
    /** @returns {boolean} */
    mayRing: () => wanted !== null && (holds || locks === undefined),
  };
}
