// SPDX-License-Identifier: EUPL-1.2
/**
 * Sends a form without leaving the page. What a navigation posts is kept by the browser with its list of pages, and
 * written to its disk within seconds; what is sent from here is kept nowhere. Knows nothing of what a page shows.
 */

const WITHIN_MS = 30_000;

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} by what was pressed
 * @returns {Promise<Document | null>} the page that came back, whatever its status; null where there was none
 */
export function posted(form, by) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) fields.append(name, String(value));
  // By hand: what a browser from before 2023 does not know as a second argument, it leaves out without a word.
  if (by instanceof HTMLButtonElement && by.name !== "") fields.append(by.name, by.value);
  return new Promise((came) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    // Only this makes a page of text without any sink that our policy forbids; its scripts never run.
    request.responseType = "document";
    request.timeout = WITHIN_MS;
    request.addEventListener("loadend", () => came(request.response));
    request.send(fields);
  });
}
