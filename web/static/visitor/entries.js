// SPDX-License-Identifier: EUPL-1.2
/** The numbered entries of a conversation: reading one from a frame, and keeping them in order, each once. */

/** @typedef {import("../shared/frames.js").Frame} Frame */

/** @typedef {import("./types").Entry} Entry */

/**
 * @param {Entry["kind"]} kind
 * @param {Frame} frame
 * @returns {Entry}
 */
export function read(kind, frame) {
  return {
    kind,
    seq: Number(frame.seq),
    from: frame.from === "visitor" || frame.from === "operator" ? frame.from : "service",
    text: String((kind === "joined" ? frame.alias : frame.text) ?? ""),
    at: typeof frame.at === "string" ? frame.at : null,
    id: typeof frame.id === "string" ? frame.id : null,
    masked: false,
    ...(kind === "said" && frame.alias ? { guest: String(frame.alias) } : {}),
  };
}

/**
 * Put an entry in its place. One that is there already changes nothing.
 * @param {readonly Entry[]} entries
 * @param {Entry} added
 * @returns {readonly Entry[]}
 */
export function placed(entries, added) {
  if (entries.some((known) => known.seq === added.seq)) return entries;
  return [...entries, added].sort((one, other) => one.seq - other.seq);
}

/**
 * The newest number below which nothing is missing: an ack can overtake an entry before it.
 * @param {readonly Entry[]} entries
 * @returns {number}
 */
export function gapless(entries) {
  let seq = 0;
  for (const entry of entries) {
    if (entry.seq !== seq + 1) break;
    seq = entry.seq;
  }
  return seq;
}

/**
 * The alias of who had joined last before `seq`; empty when nobody had.
 * @param {readonly Entry[]} entries
 * @param {number} seq
 * @returns {string}
 */
export function whoWasHere(entries, seq) {
  return entries.filter((entry) => entry.kind === "joined" && entry.seq < seq).pop()?.text ?? "";
}
