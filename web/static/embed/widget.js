// SPDX-License-Identifier: EUPL-1.2
// The loader for other people's pages: a launcher, a frame with the chat, and the way out.
// <script src="https://chat.example/widget.js" data-service="ID" data-lang="sv" async></script>
// Knows no word of the conversation and keeps nothing: no cookie, no storage, no request but the frame.

(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const home = new URL(script.src).origin;
  const { service = "", lang = "" } = script.dataset;
  const sv = ["Chatta med oss", "Lämna snabbt", "Minimera"];
  const en = ["Chat with us", "Leave quickly", "Minimise"];
  const [openText = "", exitText = "", smallText = ""] = new Map([["en", en]]).get(lang.slice(0, 2)) ?? sv;

  /** Where the quick exit leads until the frame has told the organisation's own address. */
  let away = "https://www.smhi.se/";
  /** @type {HTMLIFrameElement | null} */
  let frame = null;

  const STYLE = `
button { font: 600 16px/1.3 system-ui, sans-serif; min-height: 44px; padding: 9px 18px }
button { border: 1px solid transparent; border-radius: 12px; cursor: pointer }
button:focus-visible { outline: 3px solid #17626b; outline-offset: 2px; box-shadow: 0 0 0 2px #fff }
.launcher, .panel { position: fixed; z-index: 2147483647; bottom: 16px; right: 16px; box-shadow: 0 4px 24px #0005 }
.launcher { padding: 15px 24px; border-radius: 28px; background: #17626b; color: #fff }
.panel { inset: 0; background: #fbfaf8 }
.bar { position: absolute; z-index: 1; top: 8px; left: 10px; display: flex; gap: 8px }
.exit { background: #1d2529; color: #fff }
.minimise { padding: 0; width: 44px; background: none; color: #1d2529; border-color: #7d888d }
iframe { width: 100%; height: 100%; border: 0 }
@media (max-width: 400px) {
.bar { gap: 6px }
.exit { padding: 9px 8px }
}
@media (min-width: 600px) and (min-height: 500px) {
.panel { inset: auto 16px 16px auto; width: 400px; height: min(640px, 100vh - 32px) }
.panel { border-radius: 16px; overflow: hidden }
}
@media (prefers-color-scheme: dark) {
.panel { background: #14181a }
.exit { background: #f1f3f3; color: #14181a }
.minimise { color: #e9eded }
}`;

  const [host, root] = layer({});
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  } catch {
    // Browsers from before 2023.
    root.append(Object.assign(document.createElement("style"), { textContent: STYLE }));
  }
  const launcher = button("launcher", openText, open);
  const panel = document.createElement("div");
  Object.assign(panel, { className: "panel", hidden: true, role: "dialog", ariaLabel: openText });
  const bar = document.createElement("div");
  bar.className = "bar";
  const small = button("minimise", "–", minimise);
  small.ariaLabel = smallText;
  bar.append(button("exit", exitText, leave), small);
  panel.append(bar);
  root.append(launcher, panel);
  document.documentElement.append(host);

  /**
   * No rule of the host page reaches it. Open, since nothing of hers is in it: what checks pages may look inside.
   * @param {object} rules
   * @returns {[HTMLElement, ShadowRoot]}
   */
  function layer(rules) {
    const element = document.createElement("div");
    for (const [name, value] of Object.entries({ all: "initial", direction: "ltr", ...rules })) {
      element.style.setProperty(name, value, "important");
    }
    return [element, element.attachShadow({ mode: "open" })];
  }

  /** Above the host page's own dialogs too. */
  function rise(/** @type {HTMLElement} */ element) {
    element.popover = "manual";
    element.showPopover?.();
  }

  /**
   * @param {string} name
   * @param {string} text
   * @param {() => void} act
   */
  function button(name, text, act) {
    const element = document.createElement("button");
    return Object.assign(element, { className: name, textContent: text, onclick: act });
  }

  function tell(/** @type {"open" | "exit"} */ type) {
    frame?.contentWindow?.postMessage({ type }, home);
  }

  function open() {
    if (frame === null) {
      frame = document.createElement("iframe");
      frame.title = openText;
      frame.referrerPolicy = "no-referrer";
      frame.src = `${home}/chat/${encodeURIComponent(service)}?lang=${encodeURIComponent(lang)}&frame=1`;
      frame.onload = ready;
      panel.append(frame);
    }
    panel.hidden = false;
    launcher.hidden = true;
    rise(host);
    fit();
    frame.focus();
  }

  /** Loading loses the focus. */
  function ready() {
    tell("open");
    frame?.blur();
    frame?.focus();
  }

  /** The conversation goes on: only the panel is put away. */
  function minimise() {
    panel.hidden = true;
    launcher.hidden = false;
    host.popover = null;
    launcher.focus();
  }

  function close() {
    frame?.remove();
    frame = null;
    minimise();
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
    tell("exit");
    const [overlay, inside] = layer({ position: "fixed", inset: 0, background: "#fff", "z-index": 2147483647 });
    document.documentElement.append(overlay);
    rise(overlay);
    host.remove();
    frame = null;
    // A page that asks before it is left, or a sandbox, can stop us: then this link is what remains.
    const link = document.createElement("a");
    link.href = away;
    link.rel = "noreferrer";
    link.textContent = link.hostname;
    setTimeout(() => inside.append(link), 1500);
    location.replace(away);
  }

  // Shift three times alone and quickly: capitals, Shift with a key or a click between do not count.
  let alone = false;
  /** @type {number[]} */
  let pressed = [];
  /** @param {Event} event */
  function key(event) {
    const shift = /** @type {KeyboardEvent} */ (event).key === "Shift";
    if (event.type === "keyup") {
      if (!shift || !alone) return;
      alone = false;
      pressed = [...pressed, event.timeStamp].slice(-3);
      if (frame && pressed.length === 3 && event.timeStamp - (pressed[0] ?? 0) <= 1500) leave();
    } else {
      alone = shift;
      if (!shift) pressed = [];
    }
  }
  for (const type of ["keydown", "keyup", "pointerdown"]) addEventListener(type, key, true);

  addEventListener("message", ({ source, origin, data }) => {
    if (frame === null || source !== frame.contentWindow || origin !== home) return;
    if (data.type === "open" && /^https?:/.test(data.exit)) away = data.exit;
    if (data.type === "exit") leave();
    if (data.type === "close") close();
  });
  visualViewport?.addEventListener("resize", fit);
  visualViewport?.addEventListener("scroll", fit);
  // The Back button must not find an open chat on a page from the cache.
  addEventListener("pagehide", () => frame && close());
})();
