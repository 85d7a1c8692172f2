// SPDX-License-Identifier: EUPL-1.2
// What the log holds about a guest: questions about one are told apart from those about a handover. Pure.

/** @typedef {import("./types.js").OperatorEntry} OperatorEntry */
/** @typedef {import("./types.js").WarmProposal} WarmProposal */

const QUESTIONS = new Set(["proposed", "warm_asked"]);

/**
 * Entries with those about a guest made what they are: asked, taken back, a yes, a no. An answer belongs to the
 * question before it.
 * @param {readonly {type: string, organisation?: string | null}[]} before what the log holds already, in order
 * @param {readonly OperatorEntry[]} incoming in order
 * @returns {OperatorEntry[]}
 */
export function toldApart(before, incoming) {
  const last = before.findLast(({ type }) => QUESTIONS.has(type));
  let from = last?.type === "warm_asked" ? (last.organisation ?? "") : null;
  return incoming.map((entry) => {
    if (entry.type === "proposed") {
      from = warmFrom(entry.proposal);
      if (from === null) return entry;
      const { seq, at, id } = entry;
      return { type: "warm_asked", seq, organisation: from, ...(at && { at }), ...(id && { id }) };
    }
    if (from === null || (entry.type !== "taken_back" && entry.type !== "answered")) return entry;
    const yes = Boolean(entry.invited);
    const type = entry.type === "taken_back" ? "warm_taken_back" : yes ? "warm_yes" : "warm_no";
    return { type, seq: entry.seq, organisation: from, ...(entry.at && { at: entry.at }) };
  });
}

/**
 * From where a question would let somebody in; null for another kind of question.
 * @param {unknown} proposal
 */
export function warmFrom(proposal) {
  const { type, offer } = /** @type {Partial<WarmProposal>} */ (proposal ?? {});
  return type === "warm" ? (offer?.organisation ?? "") : null;
}
