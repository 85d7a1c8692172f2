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
    const last = all[all.length - 1];
    const open = last?.fate === "open" ? last : null;
    switch (frame?.type) {
      case "proposal": {
        if (open) open.fate = "replaced";
        const proposal = signed(/** @type {import("./types").Proposal} */ (frame.proposal), entries);
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

/**
 * Each message with the alias of who said it: more than one may have answered her.
 * @param {import("./types").Proposal} proposal
 * @param {readonly import("../types").Entry[]} entries
 * @returns {import("./types").Proposal}
 */
function signed(proposal, entries) {
  const { content, asked_by } = proposal;
  if (content.messages === undefined) return proposal;
  const messages = content.messages.map((message) => {
    const before = entries.filter(({ kind, seq }) => kind === "joined" && seq < message.seq).pop();
    const guest = entries.find(({ seq }) => seq === message.seq)?.guest;
    return { ...message, alias: guest ?? before?.text ?? asked_by };
  });
  return { ...proposal, content: { ...content, messages } };
}

/**
 * Who has been sent something in this talk, each once.
 * @param {readonly Asked[]} all
 */
export function sentTo(all) {
  return [...new Set(all.flatMap(({ receivers }) => receivers))];
}
