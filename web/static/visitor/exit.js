// SPDX-License-Identifier: EUPL-1.2
/**
 * Off the screen at once: the quick exit, the same from the page around a frame, and the cover. None of them needs the
 * server.
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

/**
 * The conversation ends, and so does one whose key the tab keeps. Needs nothing else to be loaded.
 * @param {string | null} token
 * @param {string} [how] a query: why it ends, where that is not the quick exit
 */
export function letGo(token, how = "") {
  const tokens = [token];
  try {
    tokens.push(sessionStorage.place);
    delete sessionStorage.place;
  } catch {
    // A browser that keeps nothing for a frame has kept nothing.
  }
  for (const each of new Set(tokens)) if (each) navigator.sendBeacon(`/leave${how}`, each);
}

/**
 * First everything is gone from the screen, then the page is another one: the one that the link leads to then.
 * @param {import("./types").ExitOptions} options
 */
export function installExit({ link, onLeave, byHost }) {
  let gone = false;

  function blankOnly(leave = onLeave) {
    if (gone) return;
    gone = true;
    // A script that comes when she has left finds an empty page, and stops there.
    onerror = () => true;
    // The screen first: a slow beacon may not delay it.
    blank(document, link.href);
    leave();
  }

  function exit() {
    blankOnly();
    if (byHost()) return;
    try {
      /** @type {Window} */ (window.top).location.replace(link.href);
    } catch {
      // A frame that may not move the page around it moves itself.
      location.replace(link.href);
    }
  }

  link.addEventListener("click", (event) => {
    event.preventDefault();
    exit();
  });
  onShiftThrice(window, exit);
  return { exit, blankOnly };
}

/**
 * The chat inside a frame on somebody else's page: the only words exchanged are `open`, `close` and `exit`.
 * `close` from there: the frame is taken away.
 * @param {import("./types").EmbeddedOptions} options
 */
export function installEmbedded({ origins, exit, onExit }) {
  const framed = window.parent !== window;
  /** @type {string | null} */
  let host = null;

  /** @param {{ type: "open" | "close" | "exit", exit?: string }} message */
  function tell(message) {
    if (host === null) return false;
    window.parent.postMessage(message, host);
    return true;
  }

  if (framed) {
    window.addEventListener("message", (event) => {
      // Who it is from is read before what it says: what a stranger sends, however large, is not even unpacked.
      if (event.source !== window.parent || !origins.includes(event.origin)) return;
      const type = event.data?.type;
      // However many came before: whoever floods the channel may not take the way out from her.
      if (type === "exit" || type === "close") onExit(type);
      if (type !== "open" || host !== null) return;
      host = event.origin;
      // It shows a way out of its own, so ours may go; until it has said so, ours stays.
      document.documentElement.classList.add("hosted");
      tell({ type: "open", exit });
    });
  }

  return { exit: () => tell({ type: "exit" }), close: () => void tell({ type: "close" }), framed };
}

/**
 * The cover: one tap hides the text without ending anything, and a page that is put away hides itself.
 * @param {import("./types").CoverOptions} options
 */
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
