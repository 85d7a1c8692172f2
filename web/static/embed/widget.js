// SPDX-License-Identifier: EUPL-1.2
// The loader for other people's pages: a launcher, and three things that their own scripts may ask for
// (`docs/widget.md`). What is needed once the chat is open comes then, from `panel.js`.
// <script src="https://chat.example/widget.js" data-service="ID" data-lang="sv" async></script>
// Knows no word of the conversation and keeps nothing: no cookie, no storage, no request before it is opened.

(() => {
  const script =
    /** @type {HTMLScriptElement} */
    (document.currentScript);
  const { service, lang = "" } = script.dataset;
  if (!service) throw Error("widget.js: data-service is missing");
  // Whoever includes it twice has one launcher, that of the first.
  // A symbol, since an element of the page can take any name.
  const mark = Symbol.for("jourchatt");
  if (mark in document) return;
  Object.assign(document, { [mark]: true });

  const home = new URL(script.src).origin;
  const address = `${home}/chat/${encodeURIComponent(service)}?lang=${encodeURIComponent(lang)}`;
  const texts = new Map([
    ["sv", "Chatta med oss"],
    ["sv-easy", "Skriv till oss"],
    ["en", "Chat with us"],
    ["ar", "الدردشة معنا"],
  ]);
  const spoken = [lang, lang.slice(0, 2)].find((code) => texts.has(code)) ?? "sv";

  // No rule of the host page reaches into it. Open, since nothing of hers is in it: what checks pages may look inside.
  const host = document.createElement("div");
  host.lang = spoken.slice(0, 2);
  host.dir = spoken === "ar" ? "rtl" : "ltr";
  const fixed = `all:initial;position:fixed;z-index:2147483647;direction:${host.dir};`;
  host.style.cssText = fixed.replaceAll(";", "!important;");
  const launcher = document.createElement("button");
  launcher.textContent = texts.get(spoken) ?? "";
  launcher.style.cssText = `
position: fixed; inset-block-end: 16px; inset-inline-end: 16px; min-height: 44px; padding: 15px 24px; cursor: pointer;
font: 600 16px/1.3 system-ui, sans-serif; color: #fff; background: #17626b; border: 1px solid #fff; border-radius: 28px;
box-shadow: 0 4px 24px #0005`;
  launcher.onclick = open;
  // Being pressed, and not before: whoever only passes over it leaves no trace of that in a cache or a log.
  launcher.onpointerdown = () => void load().catch(() => {});
  host.attachShadow({ mode: "open" }).append(launcher);
  document.documentElement.append(host);

  /** @type {Promise<import("./panel.js").Panel> | null} */
  let panel = null;

  function load() {
    return (panel ??= import(`${home}/static/embed/panel.js`).then(({ createPanel }) =>
      createPanel({ home, address, spoken, host, launcher, report }),
    ));
  }

  /**
   * To the host page's own scripts: what can be seen anyway.
   * @param {"open" | "close" | "hide" | "exit"} type
   */
  function report(type) {
    document.dispatchEvent(new CustomEvent(`jourchatt:${type}`));
  }

  /** Where the panel may not be loaded, the chat is a page of its own. */
  function open() {
    load().then(
      ({ open }) => open(),
      () => location.assign(address),
    );
  }

  function hide() {
    panel?.then(({ hide }) => hide());
  }

  function close() {
    panel?.then(({ close }) => close());
  }

  // What a page already calls so, it keeps.
  if (!("jourchatt" in window)) Object.assign(window, { jourchatt: { open, close, hide } });
})();
