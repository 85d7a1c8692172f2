// SPDX-License-Identifier: EUPL-1.2
/** Takes a page that works by itself a little further: away at once, and nothing of it is kept by the browser. */

import { blank, installExit } from "./exit.js";
import { posted } from "./posting.js";

const BUSY = "aria-busy";

// If a form was posted before this ran, that goes from the list of pages: to load again shows the empty page.
history.replaceState(null, "", location.href);

/** The one way out of every page that comes: a link, because that needs no answer from the server. */
const out = document.createElement("a");
out.className = "exit";
/** @type {FormData | null} What ends the visit on the server. */
let ending = null;
/** @type {HTMLElement | null} Where she was put, when a page came. */
let start = null;
let offline = takeOver(document);
installExit({ link: out, onLeave: end, byHost: () => false });

addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (key === "Enter" && !event.isComposing && target instanceof HTMLTextAreaElement && target.id === "code") {
    event.preventDefault();
    target.form?.requestSubmit();
  } else if (key === "Tab" && !event.shiftKey && target === start) {
    // As on a page that was just loaded, what Tab finds first is the way out.
    event.preventDefault();
    out.focus();
  }
});

addEventListener("submit", async (event) => {
  const { body } = document;
  event.preventDefault();
  if (body.hasAttribute(BUSY)) return;
  offline.hidden = true;
  body.setAttribute(BUSY, "true");
  const form = /** @type {HTMLFormElement} */ (event.target);
  const page = await posted(form, event.submitter);
  // She has left meanwhile, and what comes is not shown.
  if (!body.contains(form)) return;
  body.removeAttribute(BUSY);
  if (page?.querySelector("#offline")) return show(page);
  // Nothing came, or nothing of ours: what she wrote stays where it is, and she is told so where she pressed.
  form.append(offline);
  offline.hidden = false;
});
addEventListener("online", () => {
  offline.hidden = true;
});

addEventListener("pagehide", () => blank(document, null));
addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace(location.pathname);
});

/**
 * Put a page that came in the place of the one that is shown, and her at its beginning.
 * @param {Document} page
 */
function show(page) {
  const { lang, dir } = page.documentElement;
  const leaving = document.activeElement === out;
  offline = takeOver(page);
  Object.assign(document.documentElement, { lang, dir });
  document.title = page.title;
  document.body.replaceWith(document.adoptNode(page.body));
  scrollTo(0, 0);
  const field = /** @type {HTMLElement | null} */ (document.querySelector("[autofocus]"));
  // What is said of what she did comes before the heading, where anything is.
  start = /** @type {HTMLElement} */ (document.querySelector(".told:not([hidden]), h1"));
  start.tabIndex = -1;
  (leaving ? out : field ?? start).focus({ preventScroll: true });
}

/**
 * Put our way out in the place of the one of a page.
 * @param {Document} page
 * @returns {HTMLElement} what says there that nothing can be sent
 */
function takeOver(page) {
  const leave = /** @type {HTMLFormElement | null} */ (page.querySelector("#leave"));
  const theirs = leave ?? /** @type {HTMLAnchorElement} */ (page.querySelector("#exit"));
  out.href = leave?.dataset.to ?? /** @type {HTMLAnchorElement} */ (theirs).href;
  out.textContent = theirs.textContent.trim();
  ending = leave && new FormData(leave);
  const focused = theirs.contains(document.activeElement);
  theirs.replaceWith(out);
  // Whoever pressed Tab before this script ran stays where she is.
  if (focused) out.focus();
  return /** @type {HTMLElement} */ (page.querySelector("#offline"));
}

function end() {
  if (ending === null) return;
  ending.set("beacon", "1");
  navigator.sendBeacon("/ticket/leave", ending);
}
