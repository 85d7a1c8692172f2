// SPDX-License-Identifier: EUPL-1.2
/**
 * The quick exit: first everything is gone from the screen, then the page is another one. Works without the server.
 */

const PRESSES = 3;
const WITHIN_MS = 1500;
const LINK_AFTER_MS = 1500;

/**
 * Call `act` when Shift is pressed and let go three times alone, quickly. Capitals do not count, nor does Shift with
 * a key, a click, a tap or the wheel between, nor as a part of another key's (Alt and Shift change the keyboard), nor
 * while letters are being put together. (Esc would stop the page from being left.)
 * @param {EventTarget} target
 * @param {() => void} act
 */
export function onShiftThrice(target, act) {
  /** @type {number[]} */
  let pressed = [];
  /** @param {Event & Partial<KeyboardEvent>} event */
  function hear({ type, timeStamp, key, repeat, altKey, ctrlKey, metaKey, isComposing }) {
    if (type === "keyup") {
      if (key === "Shift" && pressed.length === PRESSES && timeStamp - (pressed[0] ?? 0) <= WITHIN_MS) act();
    } else if (key !== "Shift" || altKey || ctrlKey || metaKey || isComposing) pressed = [];
    else if (!repeat) pressed = [...pressed, timeStamp].slice(-PRESSES);
  }
  for (const type of ["keydown", "keyup", "pointerdown", "wheel"]) {
    target.addEventListener(type, hear, { capture: true, passive: true });
  }
}

/**
 * Take everything from the page. What stays, after a moment, is one plain link, in case the way is blocked.
 * @param {Document} page
 * @param {string | null} address where the link leads
 */
export function blank(page, address) {
  page.documentElement.className = "blank";
  page.body.replaceChildren();
  if (address === null) return;
  const link = page.createElement("a");
  link.href = address;
  link.target = "_top";
  link.rel = "noreferrer";
  link.textContent = link.hostname;
  setTimeout(() => page.body.append(link), LINK_AFTER_MS);
}

/** @param {import("./types").ExitOptions} options */
export function installExit({ link, onLeave, byHost }) {
  const address = link.href;
  let gone = false;

  function blankOnly() {
    if (gone) return;
    gone = true;
    // The screen first: a slow beacon may not delay it.
    blank(document, address);
    onLeave();
  }

  function exit() {
    blankOnly();
    if (byHost()) return;
    try {
      /** @type {Window} */ (window.top).location.replace(address);
    } catch {
      // A frame that may not move the page around it moves itself.
      location.replace(address);
    }
  }

  link.addEventListener("click", (event) => {
    event.preventDefault();
    exit();
  });
  onShiftThrice(window, exit);
  return { exit, blankOnly };
}
