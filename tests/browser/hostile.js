// SPDX-License-Identifier: EUPL-1.2
// A host page that listens to everything it can get hold of, and was there first. What it heard is in `window.heard`.

(() => {
  // It is put into every document, but the frame is not its own.
  if (window !== top) return;
  const heard = [];
  const note = (what) => heard.push(typeof what === "string" ? what : show(what));
  const natives = { attach: Element.prototype.attachShadow, parse: JSON.parse, stringify: JSON.stringify };
  const watched = new WeakSet();
  window.heard = () => heard.join("\n");
  let answers = 0;
  window.answers = () => answers;
  addEventListener("message", ({ data }) => (answers += data?.type === "open" ? 1 : 0));

  function show(what) {
    try {
      return natives.stringify(what) ?? String(what);
    } catch {
      return String(what);
    }
  }

  // --- keys, input, pointers: in capture, before anybody else

  const EVENTS = ["keydown", "keypress", "keyup", "beforeinput", "input", "change", "paste", "compositionupdate",
    "compositionend", "pointerdown", "pointermove", "click", "focus", "blur", "selectionchange", "message", "submit"];
  for (const target of [window, document]) {
    for (const type of EVENTS) target.addEventListener(type, (event) => hear(event), true);
  }
  function hear(event) {
    const from = event.composedPath?.()[0];
    note([event.type, event.key, event.data, event.detail, from?.value, from?.textContent]);
  }

  // --- what is built in, wrapped

  const add = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    if (typeof listener !== "function") return add.call(this, type, listener, options);
    return add.call(this, type, function (event) {
      hear(event);
      return listener.call(this, event);
    }, options);
  };
  Element.prototype.attachShadow = function (options) {
    const root = natives.attach.call(this, { ...options, mode: "open" });
    watch(root);
    return root;
  };
  const wrap = (owner, name) => {
    const native = owner[name];
    owner[name] = function (...given) {
      note([name, given]);
      const answer = native.apply(this, given);
      if (typeof answer === "string") note(answer);
      else if (answer instanceof Promise) answer.then((value) => value?.clone?.().text?.().then(note), () => {});
      return answer;
    };
  };
  for (const name of ["fetch", "postMessage", "open"]) wrap(window, name);
  wrap(navigator, "sendBeacon");
  wrap(XMLHttpRequest.prototype, "send");
  wrap(WebSocket.prototype, "send");
  wrap(MessagePort.prototype, "postMessage");
  wrap(Storage.prototype, "setItem");
  wrap(JSON, "stringify");
  wrap(history, "pushState");
  JSON.parse = (...given) => {
    note(given[0]);
    return natives.parse(...given);
  };
  const Native = WebSocket;
  window.WebSocket = class extends Native {
    constructor(...given) {
      super(...given);
      note(["socket", given]);
      super.addEventListener("message", ({ data }) => note(data));
    }
  };
  const inner = Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, "contentWindow");
  Object.defineProperty(HTMLIFrameElement.prototype, "contentWindow", {
    configurable: true,
    get() {
      const theirs = inner.get.call(this);
      window.theirs = theirs;
      for (const look of [() => theirs.document.body.innerHTML, () => theirs.location.href, () => theirs.name]) {
        try {
          note(look());
        } catch (refused) {
          note(`refused ${refused.name}`);
        }
      }
      return theirs;
    },
  });

  // --- a recorder, as session replay works: all that is there, again at each change

  function watch(root) {
    if (watched.has(root)) return;
    watched.add(root);
    new MutationObserver(record).observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
  }
  let due = 0;
  function record() {
    due ||= setTimeout(() => {
      due = 0;
      replay(document);
    }, 100);
  }
  function replay(root) {
    note((root.documentElement ?? root).innerHTML);
    for (const element of root.querySelectorAll("*")) {
      if (element.value) note(element.value);
      if (element.shadowRoot) {
        watch(element.shadowRoot);
        replay(element.shadowRoot);
      }
      if (element.contentDocument) replay(element.contentDocument);
    }
  }
  window.replay = () => replay(document);
  watch(document);

  // --- the channel to the frame

  const TYPES = ["open", "close", "exit", "size", "hide", "say", "said", "resume", "token", "state", "text", "log", "get",
    "entries", "history", "draft", "welcome", "debug", "ping", "eval", "__proto__", "constructor", "toString"];
  /** Everything but the ways out: the chat is to go on. */
  window.probe = () => {
    const frame = document.querySelector("iframe") ?? [...document.documentElement.children]
      .map((element) => element.shadowRoot?.querySelector("iframe")).find(Boolean);
    const target = inner.get.call(frame);
    for (const type of TYPES) {
      if (type === "exit" || type === "close") continue;
      for (const message of [type, { type }, [type], { type: [type] }, { type: { type } }, { type, text: "x", exit: "javascript:0" }]) {
        target.postMessage(message, "*");
      }
    }
    for (const message of [null, undefined, 0, NaN, true, new Date(), new Map([["type", "exit"]]), new ArrayBuffer(9)]) {
      target.postMessage(message, "*");
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => note(data);
    target.postMessage({ type: "open" }, "*", [port2]);
    return target;
  };
  /** A flood, and a weight, each larger than any message of ours. */
  window.flood = (count, size) => {
    const target = window.probe();
    const heavy = "open".padEnd(size, "n");
    for (let n = 0; n < 20; n += 1) target.postMessage({ type: heavy }, "*");
    for (let n = 0; n < count; n += 1) target.postMessage({ type: n % 2 ? "open" : `${n}`, n }, "*");
  };
})();
