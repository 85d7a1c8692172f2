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
