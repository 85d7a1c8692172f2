// SPDX-License-Identifier: EUPL-1.2
// Light or dark, as the computer has it or as one wants it tonight. The choice lives as long as the page: nothing is kept.

import { mark, partOf } from "./dom.js";

/** Which pages have the dark colours, by choice. */
const MEDIA = { auto: "(prefers-color-scheme: dark)", light: "not all", dark: "all" };

/** @param {HTMLElement} root */
export function themeChoice(root) {
  const choice = partOf(root, "theme", HTMLSelectElement);
  const dark = document.querySelector("link[data-part=dark]");
  choice.value = "auto";
  choice.addEventListener("change", () => {
    const chosen = /** @type {keyof typeof MEDIA} */ (choice.value);
    if (dark instanceof HTMLLinkElement) dark.media = MEDIA[chosen];
    mark(document.documentElement, "theme", chosen);
  });
}
