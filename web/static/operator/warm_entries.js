// SPDX-License-Identifier: EUPL-1.2
// What the log holds about a guest, and about going on elsewhere: such questions are told apart from those about a
// handover. Pure.

/** @typedef {import("./types.js").OperatorEntry} OperatorEntry */
/** @typedef {import("./types.js").WarmProposal} WarmProposal */

/** @type {Record<"warm" | "move", {asked: OperatorEntry["type"], back: OperatorEntry["type"], yes: OperatorEntry["type"], no: OperatorEntry["type"]}>} */
const TYPES = {
  warm: { asked: "warm_asked", back: "warm_taken_back", yes: "warm_yes", no: "warm_no" },
  move: { asked: "move_asked", back: "move_taken_back", yes: "move_yes", no: "move_no" },
};
const QUESTIONS = new Set(["proposed", "warm_asked", "move_asked"]);

/**
 * Entries with those about a guest or a move made what they are: asked, taken back, a yes, a no. An answer belongs to the
 * question before it.
 * @param {readonly {type: string, organisation?: string | null}[]} before what the log holds already, in order
 * @param {readonly OperatorEntry[]} incoming in order
 * @returns {OperatorEntry[]}
 */
export function toldApart(before, incoming) {
  const last = before.findLast(({ type }) => QUESTIONS.has(type));
  let kind = /** @type {"warm" | "move"} */ (last?.type === "move_asked" ? "move" : "warm");
  let from = last === undefined || last.type === "proposed" ? null : (last.organisation ?? "");
  return incoming.map((entry) => {
    if (entry.type === "proposed") {
      const moving = moveTo(entry.proposal);
      kind = moving === null ? "warm" : "move";
      from = moving ?? warmFrom(entry.proposal);
      if (from === null) return entry;
      const { seq, at, id } = entry;
      return { type: TYPES[kind].asked, seq, organisation: from, ...(at && { at }), ...(id && { id }) };
    }
    if (from === null || (entry.type !== "taken_back" && entry.type !== "answered")) return entry;
    const yes = Boolean(entry.invited);
    const { back, ...answers } = TYPES[kind];
    const type = entry.type === "taken_back" ? back : yes ? answers.yes : answers.no;
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

/**
 * To which organisation a question would lead her; null for another kind of question.
 * @param {unknown} proposal
 */
export function moveTo(proposal) {
  const { type, offer } = /** @type {Partial<WarmProposal>} */ (proposal ?? {});
  return type === "transfer" ? (offer?.organisation ?? "") : null;
}
