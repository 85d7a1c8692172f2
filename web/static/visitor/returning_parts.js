// SPDX-License-Identifier: EUPL-1.2
/** What the parts of coming back share: their words, their looks, and a line that is read aloud when it changes. */

import { node } from "./question.js";

/**
 * Past the browser's own cache: nothing on the device shall tell what she asked for.
 * @param {import("./types").Given} given
 * @returns {Promise<{ [key: string]: import("./types").Text }>}
 */
export async function textsOf({ language }) {
  const answer = await fetch(`/returning/texts?lang=${language}`, { cache: "no-store", credentials: "omit" });
  if (!answer.ok) throw new Error(`texts: ${answer.status}`);
  return answer.json();
}

/** The looks of it; without them it is plain, and works. */
export function styled() {
  return Promise.all(["asking", "returning"].map((name) => new Promise((go) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = `/static/visitor/${name}.css`;
    link.onload = link.onerror = go;
    document.head.append(link);
  })));
}

/** @param {string} text */
export function line(text) {
  const element = node("p", "heard", text);
  element.setAttribute("role", "status");
  return element;
}
