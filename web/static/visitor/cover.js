// SPDX-License-Identifier: EUPL-1.2
/**
 * The cover: one tap hides the text without ending anything, and a page that is put away hides itself.
 */

/** @param {import("./types").CoverOptions} options */
export function installCover({ cover, hide, covered }) {
  /** @type {Element | null} */
  let before = null;

  /** @param {boolean} on */
  function set(on) {
    if (cover.hidden !== on) return;
    if (on) before = document.activeElement;
    cover.hidden = !on;
    for (const element of covered) element.hidden = on;
    if (on) cover.focus();
    // Not into the text field: on a phone that would raise the keyboard before she has looked.
    else if (before instanceof HTMLButtonElement) before.focus();
  }

  hide.addEventListener("click", () => set(true));
  cover.addEventListener("click", () => set(false));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") set(true);
  });
}
