// SPDX-License-Identifier: EUPL-1.2
/**
 * Takes the page about the way out a little further: Shift three times works here too, and in a frame only one way out
 * is seen.
 */

import { installEmbedded, installExit } from "./exit.js";

const link = /** @type {HTMLAnchorElement} */ (document.querySelector("#exit"));
/** @type {{ origins: string[] }} */
const { origins } = JSON.parse(document.querySelector("#given")?.textContent ?? "");

const embedded = installEmbedded({ origins, exit: link.href, onExit: () => blankOnly() });
const { blankOnly } = installExit({ link, onLeave: () => {}, byHost: embedded.exit });
