// SPDX-License-Identifier: EUPL-1.2
// The focus is never lost: when what had it goes away and nothing else has taken it, it goes to the nearest place where
// one can go on. Whoever clicks beside everything has put it away and gets nothing.

/**
 * @param {HTMLElement} root
 * @param {(last: Element) => HTMLElement | undefined} nearest where to go instead of what is gone
 * @returns {() => void} look whether it is lost, once the page is drawn
 */
export function focusKept(root, nearest) {
  /** @type {Element | null} */
  let last = null;
  let looking = false;
  root.addEventListener("focusin", ({ target }) => {
    last = target instanceof Element ? target : null;
  });

  function look() {
    looking = false;
    const { activeElement } = document;
    const isSomewhere = activeElement !== null && activeElement !== document.body && activeElement.checkVisibility();
    if (isSomewhere || last === null || last.checkVisibility()) return;
    nearest(last)?.focus({ preventScroll: true });
  }

  return () => {
    if (looking) return;
    looking = true;
    // After the picture: an element that has just been hidden loses the focus with it.
    requestAnimationFrame(() => setTimeout(look));
  };
}
