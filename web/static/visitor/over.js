// SPDX-License-Identifier: EUPL-1.2
/**
 * The end, in the words that fit it, and what she can do then. Loaded while she talks: a server that is gone at the end
 * is not asked for it. Until it is here, and where it never comes, the page's own words stand there, which fit every end.
 */

import { isOver } from "./state.js";

const KINDS = ["visitor", "operator", "expired", "closed", "gone", "elsewhere", "unreachable"];

/**
 * @param {{ page: ReturnType<typeof import("./view.js").parts>, say: import("./types").Say, framed: boolean }} options
 * @returns {(state: import("./types").State) => void}
 */
export function overView({ page: { find }, say, framed }) {
  return (state) => {
    if (!isOver(state)) return;
    const kind = known(state.phase === "over" ? state.reason : state.phase);
    find("over-heading").textContent = say(`over.${kind}`);
    find("over-text").textContent = say(`over.${kind}.text`);
    find("here").hidden = state.phase !== "elsewhere";
    find("again").hidden = state.phase === "elsewhere";
    const empty = state.entries.length + state.unsent.length === 0;
    find("clear").hidden = find("over-left").hidden = empty;
    find("close").hidden = !framed;
  };
}

/** @param {string | null} kind what there are words for; a newer server may know more */
function known(kind) {
  return kind !== null && KINDS.includes(kind) ? kind : "gone";
}
