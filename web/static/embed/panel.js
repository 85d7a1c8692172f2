// SPDX-License-Identifier: EUPL-1.2
/**
 * What the loader fetches when it is pressed: the frame with the chat, and the way out above it. It says `open` and
 * `exit` to the frame, hears `open`, `close` and `exit` from it, and knows no word of the conversation.
 */

import { onShiftThrice } from "../visitor/exit.js";

/** Where the quick exit leads until the frame has told the organisation's own address. */
const AWAY = "https://www.smhi.se/";
const LINK_AFTER_MS = 1500;
const HEARD_BY_MS = 200;
const ANSWERS_BY_MS = 10_000;

/** @type {Record<string, [exit: string, hide: string]>} */
const TEXTS = {
  sv: ["Lämna snabbt", "Minimera"],
  "sv-easy": ["Lämna snabbt", "Gör liten"],
  en: ["Leave quickly", "Minimise"],
  ar: ["خروج سريع", "تصغير"],
};

const STYLE = `
button { font: 600 16px/1.3 system-ui, sans-serif; min-height: 44px; padding: 9px 18px }
button { border: 1px solid transparent; border-radius: 12px; cursor: pointer }
button:focus-visible { outline: 3px solid #17626b; outline-offset: 2px; box-shadow: 0 0 0 2px #fff }
[hidden] { display: none !important }
.panel { position: fixed; inset: 0; background: #fbfaf8; box-shadow: 0 4px 24px #0005 }
.bar { position: absolute; z-index: 1; top: 8px; left: 10px; display: flex; gap: 8px; direction: ltr }
.exit { background: #1d2529; color: #fff }
.minimise { padding: 0; width: 44px; background: none; color: #1d2529; border-color: #7d888d }
iframe { width: 100%; height: 100%; border: 0 }
@media (max-width: 400px) {
.bar { gap: 6px }
.exit { padding: 9px 8px }
}
@media (min-width: 600px) and (min-height: 500px) {
.panel { inset: auto; inset-block-end: 16px; inset-inline-end: 16px }
.panel { width: 400px; height: min(640px, 100vh - 32px); border-radius: 16px; overflow: hidden }
}
@media (prefers-color-scheme: dark) {
.panel { background: #14181a }
.exit { background: #f1f3f3; color: #14181a }
.minimise { color: #e9eded }
}
@media (forced-colors: active) {
button { border-color: ButtonText }
}`;

/**
 * `open`, `close` and `hide` may be called at any time, by the host page too: what is so already, stays so.
 * @typedef {{ open: () => void, close: () => void, hide: () => void }} Panel
 *
 * `report` tells the host page's scripts what can be seen anyway; `spoken` is one of the languages of `TEXTS`.
 * @param {{ home: string, address: string, spoken: string, host: HTMLElement, launcher: HTMLElement,
 *   report: (type: "open" | "close" | "hide" | "exit") => void }} options
 * @returns {Panel}
 */
export function createPanel({ home, address, spoken, host, launcher, report }) {
  const [exitText, hideText] = TEXTS[spoken] ?? ["", ""];
  const title = launcher.textContent ?? "";
  let away = AWAY;
  let left = false;
  let answered = false;
  /** @type {HTMLIFrameElement | null} */
  let frame = null;

  const panel = make("div", { className: "panel", hidden: true, role: "dialog", ariaLabel: title });
  const bar = make("div", { className: "bar" });
  const small = make("button", { className: "minimise", textContent: "–", onclick: hide, ariaLabel: hideText });
  bar.append(make("button", { className: "exit", textContent: exitText, onclick: leave }), small);
  panel.append(bar);
  const root = /** @type {ShadowRoot} */ (host.shadowRoot);
  dress(root);
  root.append(panel);

  /** @param {"open" | "close" | "exit"} type */
  function tell(type) {
    frame?.contentWindow?.postMessage({ type }, home);
  }

  function open() {
    // Nor after the way out, on a page that could not be left.
    if (!panel.hidden || left) return;
    if (frame === null) {
      frame = make("iframe", { title, referrerPolicy: "no-referrer", src: address, onload: ready });
      panel.append(frame);
    }
    panel.hidden = false;
    launcher.hidden = true;
    rise(host);
    fit();
    frame.focus();
    report("open");
  }

  /** Loading loses the focus. */
  function ready() {
    tell("open");
    frame?.blur();
    frame?.focus();
    const asked = frame;
    setTimeout(() => !answered && frame === asked && !panel.hidden && alone(), ANSWERS_BY_MS);
  }

  /** A frame that was refused is loaded too, and never answers: then the chat is a page of its own. */
  function alone() {
    if (navigator.onLine) location.assign(address);
  }

  /** The conversation goes on: only the panel is put away. */
  function hide() {
    if (panel.hidden) return;
    putAway();
    report("hide");
  }

  /** It ends what went on, also where she could come back to a page that merely goes. */
  function close() {
    if (frame === null) return;
    tell("close");
    const closed = frame;
    closed.hidden = true;
    setTimeout(() => closed.remove(), HEARD_BY_MS);
    shut();
  }

  function shut() {
    if (frame === null) return;
    frame = null;
    answered = false;
    putAway();
    report("close");
  }

  function putAway() {
    const within = root.activeElement !== null;
    panel.hidden = true;
    launcher.hidden = false;
    host.popover = null;
    // Not when the host page's own scripts put it away while she is somewhere else.
    if (within) launcher.focus();
  }

  /** A phone's keyboard covers the page without changing its height: follow what is really seen. */
  function fit() {
    const seen = visualViewport;
    const covered = seen && innerWidth < 600 && innerHeight - seen.height > 80;
    panel.style.height = covered ? `${seen.height}px` : "";
    panel.style.top = covered ? `${seen.offsetTop}px` : "";
  }

  /** First nothing is seen any more, then the page is another one. Waits for nothing and nobody. */
  function leave() {
    const inside = cover();
    tell("exit");
    frame = null;
    // Out of sight at once, and out of the page when the frame has heard why: with a code to come back with, it takes
    // a page that merely goes for one that she returns to, and would leave the conversation waiting.
    host.style.setProperty("display", "none", "important");
    setTimeout(() => host.remove(), HEARD_BY_MS);
    left = true;
    window.onbeforeunload = null;
    location.replace(away);
    // A page that asks all the same, or a sandbox, can stop us: then this link is what remains.
    const link = make("a", { href: away, rel: "noreferrer" });
    link.textContent = link.hostname;
    link.style.cssText = "display: inline-block; padding: 14px 16px; font: 16px/1.3 system-ui, sans-serif";
    setTimeout(() => inside.append(link), LINK_AFTER_MS);
    report("exit");
  }

  onShiftThrice(window, () => frame && leave());
  addEventListener("message", ({ source, origin, data }) => {
    if (frame === null || source !== frame.contentWindow || origin !== home) return;
    answered = true;
    if (data?.type === "open" && /^https?:/.test(data.exit)) away = data.exit;
    if (data?.type === "exit") leave();
    if (data?.type === "close") close();
  });
  visualViewport?.addEventListener("resize", fit);
  visualViewport?.addEventListener("scroll", fit);
  // The host page's own question whether to leave may not stand in her way; who asked to hear of it before us, does.
  addEventListener("beforeunload", (event) => left && event.stopImmediatePropagation());
  // The Back button must not find an open chat on a page from the cache.
  addEventListener("pagehide", () => {
    frame?.remove();
    shut();
  });

  return { open, close, hide };
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {object} fields
 */
function make(name, fields) {
  return Object.assign(document.createElement(name), fields);
}

/**
 * A stylesheet that the host page's policy cannot refuse; in browsers from before 2023, one that it can.
 * @param {ShadowRoot} root
 */
function dress(root) {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(make("style", { textContent: STYLE }));
  }
}

/** Lay an empty page over everything. */
function cover() {
  const overlay = document.createElement("div");
  overlay.style.cssText = "all:initial;position:fixed;z-index:2147483647;inset:0;background:#fff;".replaceAll(
    ";",
    "!important;",
  );
  document.documentElement.append(overlay);
  rise(overlay);
  return overlay.attachShadow({ mode: "open" });
}

/**
 * Above the host page's own dialogs too.
 * @param {HTMLElement} element
 */
function rise(element) {
  element.popover = "manual";
  element.showPopover?.();
}
