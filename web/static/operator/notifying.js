// SPDX-License-Identifier: EUPL-1.2
// One notification of the desktop, while nobody looks at this page: that there is something new, never what or of whom.

/** One at a time: a newer one takes the place of the one before. */
const TAG = "new";

/**
 * @param {{Notification: typeof Notification | undefined, isLookedAt: () => boolean, look: () => void}} desktop
 */
export function notifier({ Notification: Shown, isLookedAt, look }) {
  /** @type {Notification | null} */
  let shown = null;
  let refused = false;

  function close() {
    shown?.close();
    shown = null;
  }

  return {
    /** @returns {"none" | NotificationPermission} none: this browser has none for a page */
    state: () => (Shown === undefined || refused ? "none" : Shown.permission),
    /** Ask the browser to let us. @param {() => void} changed */
    ask(changed) {
      Shown?.requestPermission().then(changed, changed);
    },
    /** @param {string} text @param {boolean} silent our own sound is heard already */
    show(text, silent) {
      if (Shown === undefined || Shown.permission !== "granted" || isLookedAt()) return;
      try {
        const one = new Shown(text, { tag: TAG, silent, requireInteraction: true });
        one.onclick = () => {
          look();
          one.close();
        };
        shown = one;
      } catch {
        refused = true; // some phones allow it to what runs behind a page only
      }
    },
    close,
  };
}
