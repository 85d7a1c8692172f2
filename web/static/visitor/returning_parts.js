// SPDX-License-Identifier: EUPL-1.2
/** What the parts of coming back share: a line that is read aloud when it changes. */

import { node } from "./question.js";

/** @param {string} text */
export function line(text) {
  const element = node("p", "heard", text);
  element.setAttribute("role", "status");
  return element;
}
