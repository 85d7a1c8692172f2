// SPDX-License-Identifier: EUPL-1.2
// Who may be sent something: those that can be chosen today; and apart from them those that cannot, why, and what
// there is instead.

import { arrange, clone, part, partOf, show, write, writeOrHide } from "./dom.js";
import { say } from "./words.js";

/** @typedef {import("./handover_types.js").Receiver} Receiver */
/** @typedef {import("./handover_types.js").Receivers} Receivers */
/** @typedef {import("./words.js").Page} Page */

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {(id: string) => void} tick
 * @returns {{render: (known: Receivers, chosen: readonly string[]) => void}}
 */
export function receiversView(root, page, tick) {
  /** @type {Map<string, HTMLElement>} */
  const drawn = new Map();
  /** @type {readonly import("./handover_types.js").Line[]} */
  let lines = [];

  /**
   * @param {Receiver} receiver
   * @param {boolean} chosen
   */
  function lineOf(receiver, chosen) {
    const known = drawn.get(receiver.id);
    const element = known ?? clone("hand-receiver");
    drawn.set(receiver.id, element);
    const input = partOf(element, "receiver", HTMLInputElement);
    if (known === undefined) input.addEventListener("change", () => tick(receiver.id));
    input.checked = chosen;
    // One that was chosen before it was shut can be left out again.
    input.disabled = receiver.why !== "" && !chosen;
    write(part(element, "name"), receiver.name);
    write(part(element, "about"), about(receiver));
    show(part(element, "police"), receiver.police);
    writeOrHide(part(element, "why"), receiver.why);
    return element;
  }

  return {
    render(known, chosen) {
      const open = known.receivers.filter(({ why }) => why === "");
      const shut = known.receivers.filter(({ why }) => why !== "");
      const draw = (/** @type {Receiver[]} */ list) => list.map((one) => lineOf(one, chosen.includes(one.id)));
      arrange(part(root, "receivers"), draw(open));
      arrange(part(root, "shut"), draw(shut));
      show(part(root, "receivers-none"), open.length === 0);
      show(part(root, "instead"), shut.length > 0);
      write(part(root, "instead-text"), say(page, open.length > 0 ? "hand.instead" : "hand.instead_none"));
      show(part(root, "receivers-stale"), known.stale === true);
      show(part(root, "lines-part"), known.lines.length > 0);
      if (lines === known.lines) return;
      lines = known.lines;
      part(root, "lines").replaceChildren(
        ...lines.map(({ name, address, note }) =>
          Object.assign(document.createElement("li"), { textContent: `${name} ${address}. ${note}` }),
        ),
      );
    },
  };
}

/**
 * Whose unit it is, and when it reads what comes.
 * @param {{organisation: string, hours: string}} receiver
 */
export function about({ organisation, hours }) {
  return [organisation, hours].filter((text) => text !== "").join(" · ");
}
