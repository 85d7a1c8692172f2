// SPDX-License-Identifier: EUPL-1.2
/** What the parts that come later have in common: their words, and their looks. */

/**
 * Past the browser's own cache: nothing on the device shall tell what she has opened.
 * @param {string} address
 * @returns {Promise<any>}
 */
export async function textsFrom(address) {
  const answer = await fetch(address, { cache: "no-store", credentials: "omit" });
  if (!answer.ok) throw new Error(`texts: ${answer.status}`);
  return answer.json();
}

/** @type {Promise<void> | null} */
let looks = null;

/** The looks of them, once; without they are plain, and work. */
export function looked() {
  return (looks ??= new Promise((go) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = "/static/visitor/more.css";
    link.onload = link.onerror = () => go();
    document.head.append(link);
  }));
}
