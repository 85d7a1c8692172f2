// SPDX-License-Identifier: EUPL-1.2
// What the visitor will see, before she is asked: to whom, why, and every item as it stands.

import { clone, part, show, write } from "./dom.js";
import { chosen, contentOf } from "./handover.js";
import { itemsShown } from "./handover_words.js";
import { about } from "./view_receivers.js";

/** @typedef {import("./handover_types.js").Content} Content */
/** @typedef {import("./handover_types.js").Draft} Draft */
/** @typedef {import("./handover_types.js").Receiver} Receiver */
/** @typedef {import("./handover_types.js").Receivers} Receivers */
/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./words.js").Page} Page */

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @returns {{render: (draft: Draft, held: Conversation, known: Receivers) => void}}
 */
export function previewView(root, page) {
  let drawn = "";
  return {
    render(draft, held, known) {
      const [content, to] = [contentOf(draft, held.entries), chosen(draft, known)];
      const now = JSON.stringify([content, draft.purpose, to]);
      // Drawn once for each draft: an opened notice stays open while time passes.
      if (now === drawn) return;
      drawn = now;
      part(root, "preview-receivers").replaceChildren(...to.map(receiverOf));
      write(part(root, "preview-purpose"), draft.purpose.trim());
      fillItems(part(root, "preview-items"), page, content);
    },
  };
}

/** @param {Receiver} receiver */
function receiverOf(receiver) {
  const element = clone("hand-preview-receiver");
  write(part(element, "name"), receiver.name);
  write(part(element, "about"), about(receiver));
  show(part(element, "police"), receiver.police);
  part(element, "notice").replaceChildren(...receiver.notice.map((text) => worded("p", text)));
  return element;
}

/**
 * Write items as a list of terms with what stands in each. Every text is in a box of its own direction.
 * @param {HTMLElement} list
 * @param {Page} page
 * @param {Content} content
 */
export function fillItems(list, page, content) {
  list.replaceChildren(
    ...itemsShown(page, content).flatMap(({ label, texts }) => [
      worded("dt", label),
      ...texts.map((text) => Object.assign(worded("dd", text), { dir: "auto" })),
    ]),
  );
}

/**
 * @param {"p" | "dt" | "dd"} name
 * @param {string} text
 */
function worded(name, text) {
  return Object.assign(document.createElement(name), { textContent: text });
}
