// SPDX-License-Identifier: EUPL-1.2
/** Takes a page that works by itself a little further: away at once, and nothing of it to go back to. */

import { blank, installExit } from "./exit.js";

// What was posted goes from the browser's list of pages: to go back or to load again shows the empty page.
history.replaceState(null, "", location.href);

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("#leave"));
const link = form === null ? /** @type {HTMLAnchorElement | null} */ (document.querySelector("#exit")) : wayOut(form);
if (link !== null) installExit({ link, onLeave: end(form), byHost: () => false });

/** @type {HTMLElement | null} */ (document.querySelector("#code"))?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  /** @type {HTMLTextAreaElement} */ (event.target).form?.requestSubmit();
});

// A browser without a network puts a page of its own in the place of hers, and her words are gone.
const offline = /** @type {HTMLElement} */ (document.querySelector("#offline"));
addEventListener("submit", (event) => {
  offline.hidden = navigator.onLine;
  if (navigator.onLine) return;
  event.preventDefault();
  /** @type {HTMLFormElement} */ (event.target).append(offline);
});
addEventListener("online", () => {
  offline.hidden = true;
});

addEventListener("pagehide", () => blank(document, null));
addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace(location.pathname);
});

/**
 * Put a link in the place of the form: it needs no answer from the server.
 * @param {HTMLFormElement} leave
 * @returns {HTMLAnchorElement}
 */
function wayOut(leave) {
  const out = document.createElement("a");
  out.className = "exit";
  out.href = leave.dataset.to ?? "";
  out.textContent = leave.querySelector("button")?.textContent ?? "";
  const focused = leave.contains(document.activeElement);
  leave.replaceWith(out);
  // Whoever pressed Tab before this script ran stays where she is.
  if (focused) out.focus();
  return out;
}

/**
 * @param {HTMLFormElement | null} leave
 * @returns {() => void}
 */
function end(leave) {
  if (leave === null) return () => {};
  const body = new FormData(leave);
  body.set("beacon", "1");
  return () => navigator.sendBeacon(leave.action, body);
}
