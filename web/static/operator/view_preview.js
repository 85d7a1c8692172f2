// SPDX-License-Identifier: EUPL-1.2
// What the visitor will see, before she is asked: to whom, why, and every item as it stands.

import { clone, part, show, write, writeOrHide } from "./dom.js";
import { chosen, contentOf } from "./handover.js";
import { seenBy } from "./handover_seen.js";
import { hers, itemsShown } from "./handover_words.js";
import { about } from "./view_receivers.js";
import { say, trackOf } from "./words.js";

/** @typedef {import("./handover_types.js").Content} Content */
/** @typedef {import("./handover_types.js").Draft} Draft */
/** @typedef {import("./handover_types.js").Receiver} Receiver */
/** @typedef {import("./handover_types.js").Receivers} Receivers */
/** @typedef {import("./handover_seen.js").Rules} Rules */
/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./words.js").Page} Page */

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @returns {{render: (draft: Draft, held: Conversation, known: Receivers, alias: string, rules?: Rules) => void}}
 */
export function previewView(root, page) {
  let drawn = "";
  /** @type {Rules | undefined} */
  let learnt;
  /** @type {import("./handover_seen.js").Seen | null} made once: the rules are many */
  let seen = null;
  return {
    render(draft, held, known, alias, rules) {
      const [content, to] = [contentOf(draft, held.entries), chosen(draft, known)];
      if (rules !== undefined && rules !== learnt) {
        seen = seenBy(rules, page.services.find(({ id }) => id === held.service)?.masked ?? []);
        drawn = "";
      }
      learnt = rules;
      const now = JSON.stringify([content, draft.purpose, to]);
      // Drawn once for each draft: an opened notice stays open while time passes.
      if (now === drawn) return;
      drawn = now;
      const track = trackOf(page, held.service);
      part(root, "preview-receivers").replaceChildren(...to.map(receiverOf));
      write(part(root, "preview-why"), hers(page, "items.why", track, { alias }));
      write(part(root, "preview-purpose"), draft.purpose.trim());
      const messages = content.messages?.map((one) => ({ ...one, text: seen?.masked(one.text) ?? one.text }));
      fillItems(part(root, "preview-items"), page, messages === undefined ? content : { ...content, messages }, track, alias);
      show(part(root, "preview-masked"), messages !== undefined);
      const written = [draft.want, draft.summary, draft.danger, content.contact?.times ?? "", draft.purpose];
      const names = [...new Set(written.flatMap((text) => seen?.names(text) ?? []))];
      writeOrHide(part(root, "preview-names"), names.length === 0 ? "" : say(page, "hand.names", { piece: names.join(", ") }));
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
 * @param {string} track
 * @param {string} alias of whoever asks
 */
export function fillItems(list, page, content, track, alias) {
  list.replaceChildren(
    ...itemsShown(page, content, track, alias).flatMap(({ label, texts }) => [
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
