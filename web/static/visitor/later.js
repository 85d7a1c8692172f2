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

/** @type {Map<string, Promise<void>>} */
const looks = new Map();

/**
 * The looks of a part, once; without them it is plain, and works.
 * @param {string} name of a style of hers
 * @returns {Promise<void>}
 */
export function looked(name) {
  const known = looks.get(name) ?? new Promise((go) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = `/static/visitor/${name}.css`;
    link.onload = link.onerror = () => go();
    document.head.append(link);
  });
  looks.set(name, known);
  return known;
}
