// SPDX-License-Identifier: EUPL-1.2
// Narrows a long board down: by name, and to where something happens. What calls for somebody always stays.
// Nothing of it is kept: a page that is loaded again shows everything.

import { part, partOf, show } from "./dom.js";

/**
 * @param {{name: string, alert: boolean, busy: boolean}} row
 * @param {string} sought
 * @param {boolean} onlyBusy
 */
export function stays(row, sought, onlyBusy) {
  if (row.alert) return true;
  const named = row.name.toLocaleLowerCase().includes(sought.trim().toLocaleLowerCase());
  return named && (row.busy || !onlyBusy);
}

/**
 * @param {Document} page
 * @returns {() => void} what shows and hides the lines, as they are now
 */
export function narrowing(page) {
  if (page.querySelector("[data-part=narrow]") === null) return () => {};
  const find = partOf(page, "find", HTMLInputElement);
  const only = partOf(page, "only-busy", HTMLInputElement);

  function narrow() {
    let shown = 0;
    for (const line of page.querySelectorAll("[data-part=rows] > tr")) {
      if (!(line instanceof HTMLElement)) continue;
      const row = {
        name: line.querySelector(".board-name")?.textContent ?? "",
        alert: line.dataset["alert"] === "true",
        busy: line.dataset["busy"] === "true",
      };
      const kept = stays(row, find.value, only.checked);
      show(line, kept);
      shown += Number(kept);
    }
    show(part(page, "none-found"), shown === 0);
  }

  find.addEventListener("input", narrow);
  only.addEventListener("change", narrow);
  show(part(page, "narrow"), true);
  return narrow;
}
