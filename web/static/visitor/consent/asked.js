// SPDX-License-Identifier: EUPL-1.2
/** What she was asked and how each question went. Pure: the entries may come again, and in any number. */

/** @typedef {import("./types").Asked} Asked */

/**
 * @param {readonly import("../types").Entry[]} entries by seq
 * @returns {Asked[]} the oldest first; at most the last one is open
 */
export function asked(entries) {
  /** @type {Asked[]} */
  const all = [];
  for (const { frame } of entries) {
    const last = all.at(-1);
    const open = last?.fate === "open" ? last : null;
    switch (frame?.type) {
      case "proposal": {
        if (open) open.fate = "replaced";
        const proposal = /** @type {import("./types").Proposal} */ (frame.proposal);
        all.push({ seq: Number(frame.seq), proposal, fate: "open", id: null, receivers: [] });
        break;
      }
      case "replaced":
        if (open) open.fate = "replaced";
        break;
      case "taken_back":
        if (open) open.fate = "taken_back";
        break;
      case "answered":
        if (!open) break;
        open.fate = "answered";
        open.id = typeof frame.id === "string" ? frame.id : null;
        open.receivers = Array.isArray(frame.receivers) ? frame.receivers.map(String) : [];
    }
  }
  return all;
}
