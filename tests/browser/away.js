// SPDX-License-Identifier: EUPL-1.2
// What a test cannot have of a real desktop: notifications that can be counted, a window that is not looked at, and
// the hours of a lid that was closed.
"use strict";
(() => {
  const shown = [];
  let looked = true;
  class Notification {
    static permission = "default";
    static requestPermission = async () => (Notification.permission = "granted");
    onclick = null;
    constructor(title, options) {
      Object.assign(this, { title, options, open: true });
      shown.push(this);
    }
    close() {
      this.open = false;
    }
  }
  Object.assign(window, { Notification });
  document.hasFocus = () => looked;
  window.desk = {
    look(now) {
      looked = now;
      dispatchEvent(new Event(now ? "focus" : "blur"));
    },
    shown: () => shown.map(({ title, options, open }) => ({ title, ...options, open })),
    sleep: (ms) => (slept += ms),
  };
  const now = Date.now;
  let slept = 0;
  Date.now = () => now.call(Date) + slept;
  // Every state of the connection that the page has shown, also for a moment.
  window.links = [];
  document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver(() => window.links.push(document.body.dataset.link)).observe(document.body, {
      attributeFilter: ["data-link"],
    });
  });
})();
