// SPDX-License-Identifier: EUPL-1.2
/** Takes the pages for finding a chat a little further: away at once, and no answers to go back to. */

import { installExit, letGo } from "./exit.js";

// What was posted goes from the browser's list of pages: to load again, or to come back, shows the empty form.
const again = /** @type {HTMLAnchorElement | null} */ (document.querySelector("#again"));
history.replaceState(null, "", again?.href ?? location.href);

const link = /** @type {HTMLAnchorElement} */ (document.querySelector("#exit"));
installExit({ link, onLeave: () => letGo(null), byHost: () => false });

addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace(location.href);
});

// Danger is answered at once, and not when the form has come back.
const acute = document.querySelector("select[name=acute]");
acute?.addEventListener("change", () => {
  const answer = /** @type {HTMLElement} */ (document.querySelector("#acute"));
  answer.hidden = /** @type {HTMLSelectElement} */ (acute).value !== "yes";
});
