// SPDX-License-Identifier: EUPL-1.2
/**
 * The way out of a page of hers, there before the rest of its scripts are, and also when they never come: what the tab
 * keeps is let go of, Shift three times works, and in a frame only one way out is seen.
 */

import { installEmbedded, installExit, letGo } from "./exit.js";

const link = /** @type {HTMLAnchorElement} */ (document.querySelector("#exit"));
/** @type {{ origins: string[] }} */
const { origins } = JSON.parse(document.querySelector("#given")?.textContent ?? "");

/** What is left with the page, until the chat knows more: how, as `letGo` takes it. */
export const way = {
  /** @param {string} [how] */
  leave: (how) => letGo(null, how),
};

export const embedded = installEmbedded({
  origins,
  exit: link.href,
  onExit: (type) => blankOnly(() => way.leave(type === "close" ? CLOSED : "")),
});
export const { blankOnly } = installExit({ link, onLeave: () => way.leave(), byHost: embedded.exit });

/** The page goes, and nobody knows why: that is not the quick exit. */
export const CLOSED = "?closed";
