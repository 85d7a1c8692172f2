// SPDX-License-Identifier: EUPL-1.2
/**
 * Who is in the conversation besides her and her operator, or would take it over, and what she was asked of it. Pure, from
 * the entries.
 */

/** @typedef {import("./types").Entry} Entry */

/**
 * @typedef {object} Invitation a question about a guest, or about going on elsewhere, as she is shown it
 * @property {string} [type] `transfer`: about going on elsewhere
 * @property {{ receiver: string, organisation: string, name: string, language: string, notice: string[],
 *   notice_version: string, police?: boolean }} offer
 * @property {string} asked_by
 */

/** @typedef {{ seq: number, invitation: Invitation }} Question */

/**
 * @typedef {object} Standing
 * @property {Question | null} question what lies on the table
 * @property {string | null} invited from where she has let somebody in
 * @property {{ alias: string, organisation: string, supervisor: boolean } | null} guest who has come
 * @property {ReadonlyMap<Entry, Line>} lines what each entry says
 */

/**
 * @typedef {object} Line
 * @property {string} text
 * @property {{ [name: string]: string }} values
 * @property {boolean} moves it is about going on elsewhere, and said in the words of that
 * @property {Question} [question] what lies on the table
 */

const OF_GUESTS = new Set(["guest_joined", "guest_left", "uninvited", "stayed", "handed"]);

/**
 * Tell apart the questions about handovers and all that is about guests. Where a question about a guest has come in the
 * place of one about a handover, only that it has is left among the first.
 * @param {readonly Entry[]} entries by seq
 * @returns {{ handovers: readonly Entry[], guests: readonly Entry[] }}
 */
export function sorted(entries) {
  if (!entries.some(({ frame }) => frame && (OF_GUESTS.has(frame.type) || isWarm(frame)))) {
    return { handovers: entries, guests: [] };
  }
  /** @type {Entry[]} */
  const handovers = [];
  /** @type {Entry[]} */
  const guests = [];
  let warm = false;
  for (const entry of entries) {
    const { frame, kind } = entry;
    if (frame?.type === "proposal") {
      warm = isWarm(frame);
      // Each question takes the place of the one before, of whichever kind.
      if (warm) handovers.push({ ...entry, frame: { type: "replaced" } });
      else guests.push({ ...entry, frame: { type: "replaced" } });
    }
    const isGuests = frame !== undefined && kind !== "joined" && (warm || OF_GUESTS.has(frame.type));
    // Who is here also tells that nobody is on the way any more.
    if (isGuests || kind === "left" || kind === "joined") guests.push(entry);
    if (!isGuests) handovers.push(entry);
  }
  return { handovers, guests };
}

/**
 * @param {readonly Entry[]} guests as `sorted` gives them
 * @returns {Standing}
 */
export function standing(guests) {
  /** @type {Map<Entry, Line>} */
  const lines = new Map();
  /** @type {{ question: Question, entry: Entry } | null} */
  let open = null;
  let invited = null;
  let guest = null;
  let place = "";
  for (const entry of guests) {
    const frame = entry.frame ?? { type: entry.kind };
    const alias = String(frame.alias ?? "");
    const organisation = open?.question.invitation.offer.organisation ?? "";
    const moves = open !== null && isMove(open.question.invitation);
    switch (frame.type) {
      case "proposal": {
        if (open) lines.set(open.entry, line("replaced"));
        const invitation = /** @type {Invitation} */ (/** @type {unknown} */ (frame.proposal));
        const question = { seq: entry.seq, invitation };
        open = { question, entry };
        const values = { alias: invitation.asked_by, organisation: invitation.offer.organisation };
        lines.set(entry, { text: "ask", values, moves: isMove(invitation), question });
        break;
      }
      case "replaced":
      case "taken_back":
        if (open) lines.set(open.entry, line(frame.type, { organisation }, moves && frame.type === "taken_back"));
        open = null;
        break;
      case "answered": {
        const hers = typeof frame.invited === "string" ? frame.invited : "";
        if (hers !== "") invited = hers;
        const said = hers === "" ? "no" : frame.history === true ? "yes_all" : "yes";
        if (open) lines.set(open.entry, line(said, { organisation: hers }, moves));
        open = null;
        break;
      }
      case "guest_joined":
        guest = { alias, organisation: String(frame.organisation ?? ""), supervisor: frame.supervisor === true };
        lines.set(entry, line(guest.supervisor ? "supervisor" : "joined", { alias, organisation: guest.organisation }));
        break;
      case "guest_left":
        lines.set(entry, line("left", { alias }));
        guest = invited = null;
        break;
      case "uninvited":
        lines.set(entry, line("uninvited"));
        invited = null;
        break;
      case "handed":
        lines.set(entry, line("handed", { alias }, true));
        break;
      case "stayed":
        lines.set(entry, line("stayed", { organisation: String(frame.organisation ?? "") }, true));
        invited = null;
        break;
      case "joined":
        place = typeof frame.organisation === "string" ? frame.organisation : place;
        // Whoever comes from now on works there, and not where she began.
        if (place !== "") lines.set(entry, line("joined", { alias: entry.text, organisation: place }, true));
        guest = invited = null;
        break;
      case "left":
        guest = invited = null;
    }
  }
  return { question: open?.question ?? null, invited, guest, lines };
}

/**
 * The answer to a question, as it goes on the wire.
 * @param {Question} question
 * @param {string} id
 * @param {{ secrecy: boolean, history: boolean, police: boolean } | null} ticks null: no
 * @returns {import("../shared/connection.js").Frame}
 */
export function answerOf({ seq, invitation: { offer } }, id, ticks) {
  const answer = { type: "answer", id, proposal: seq };
  if (ticks === null) return answer;
  const { secrecy, history, police } = ticks;
  const yes = { receiver: offer.receiver, notice: offer.notice_version, items: [], secrecy, ...(police && { police }) };
  return { ...answer, yes: [yes], history };
}

/**
 * What a yes still lacks: nobody is let in without these.
 * @param {Invitation} invitation
 * @param {{ secrecy: boolean, police: boolean }} ticks
 */
export function lacks({ offer }, { secrecy, police }) {
  return !secrecy || (offer.police === true && !police);
}

/**
 * Whether a question is about going on elsewhere.
 * @param {Invitation} invitation
 */
export function isMove({ type }) {
  return type === "transfer";
}

/** @param {import("../shared/connection.js").Frame} frame */
function isWarm({ type, proposal }) {
  const asked = /** @type {{ type?: string } | undefined} */ (proposal)?.type ?? "";
  return type === "proposal" && (asked === "warm" || asked === "transfer");
}

/**
 * @param {string} text
 * @param {{ [name: string]: string }} [values]
 * @param {boolean} [moves]
 * @returns {Line}
 */
function line(text, values = {}, moves = false) {
  return { text, values, moves };
}
