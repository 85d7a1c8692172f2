// SPDX-License-Identifier: EUPL-1.2
// What colleagues have written for each other in one conversation, as the console holds it: pure functions from frames
// and acts to the next value. Shares no value with what is said to the visitor.

/**
 * One entry, as the server sends it.
 * @typedef {object} Note
 * @property {number} staff_seq
 * @property {"note" | "whisper"} kind
 * @property {string} alias
 * @property {string} text
 * @property {string} at ISO 8601, UTC, to the minute
 * @property {boolean} [own]
 * @property {string} [id]
 */

/**
 * One of ours that the server does not have yet.
 * @typedef {object} Unsaved
 * @property {string} id
 * @property {string} text
 * @property {boolean} whisper only for those who are in the conversation now
 * @property {string} why the code of its refusal, or an empty string while it is on its way
 * @property {boolean} retry
 */

/**
 * @typedef {object} Notes
 * @property {readonly Note[]} entries by number
 * @property {readonly Unsaved[]} unsaved
 * @property {string} draft
 * @property {number} whole up to this number the server has told all that is for this operator
 * @property {boolean} supervised a supervisor is in the conversation that this operator holds
 * @property {number} seen the newest number that has been before the operator's eyes
 */

/**
 * @typedef {{type: "notes", conversation: string, entries: Note[]}
 *   | ({type: "noted", conversation: string} & Note)
 *   | {type: "accepted", guest?: {alias?: string, supervisor?: boolean}}
 *   | {type: "supervisor_came" | "guest_left" | "yours"}
 *   | {type: "nack", conversation?: string, id?: string, code: string, retry: boolean, field?: string}} NoteFrame
 */

/** @type {Notes} */
export const NONE = { entries: [], unsaved: [], draft: "", whole: 0, supervised: false, seen: 0 };

/**
 * Whether colleagues write for each other where this operator can read it. A guest works elsewhere.
 * @param {import("./types.js").Conversation} held
 */
export function mayNote(held) {
  return held.as_guest === null || held.as_guest.supervisor === true;
}

/**
 * Whether a supervisor and whoever holds it are both there: then there is somebody to whisper to.
 * @param {import("./types.js").Conversation} held
 * @param {Notes} notes
 */
export function mayWhisper(held, notes) {
  return held.as_guest?.supervisor === true || notes.supervised;
}

/**
 * What one frame changes; of any other frame nothing.
 * @param {Notes} notes
 * @param {NoteFrame | {type: string}} frame
 * @returns {Notes}
 */
export function after(notes, frame) {
  const told = /** @type {NoteFrame} */ (frame);
  switch (told.type) {
    case "notes":
      return { ...known(notes, told.entries), whole: Math.max(notes.whole, told.entries.at(-1)?.staff_seq ?? 0) };
    case "noted": {
      const { type: _type, conversation: _conversation, ...note } = told;
      return known(notes, [note]);
    }
    case "accepted":
      return supervised(notes, told.guest?.supervisor === true && told.guest.alias !== undefined);
    case "supervisor_came":
      return supervised(notes, true);
    case "guest_left":
    case "yours":
      return supervised(notes, false);
    case "nack":
      if (told.field !== "note" || !notes.unsaved.some(({ id }) => id === told.id)) return notes;
      return changed(notes, told.id, { why: told.code, retry: told.retry });
    default:
      return notes;
  }
}

/** @param {Notes} notes @param {boolean} is */
function supervised(notes, is) {
  return notes.supervised === is ? notes : { ...notes, supervised: is };
}

/** @param {Notes} notes @param {readonly Note[]} told */
function known(notes, told) {
  const bySeq = new Map([...notes.entries, ...told].map((note) => [note.staff_seq, note]));
  const entries = [...bySeq.values()].sort((one, other) => one.staff_seq - other.staff_seq);
  const saved = new Set(told.map(({ id }) => id));
  return { ...notes, entries, unsaved: notes.unsaved.filter(({ id }) => !saved.has(id)) };
}

/** @param {Notes} notes @param {string | undefined} which @param {Partial<Unsaved>} change */
function changed(notes, which, change) {
  return { ...notes, unsaved: notes.unsaved.map((one) => (one.id === which ? { ...one, ...change } : one)) };
}

/** @param {Notes} notes @param {string} draft @returns {Notes} */
export function drafted(notes, draft) {
  return { ...notes, draft };
}

/**
 * What stands in the field is on its way, under this id.
 * @param {Notes} notes
 * @param {string} id
 * @param {boolean} [whisper]
 * @returns {Notes}
 */
export function saving(notes, id, whisper = false) {
  const one = { id, text: notes.draft.trim(), whisper, why: "", retry: false };
  return { ...notes, draft: "", unsaved: [...notes.unsaved, one] };
}

/** @param {Notes} notes @param {string} id @returns {Notes} */
export function savingAgain(notes, id) {
  return changed(notes, id, { why: "", retry: false });
}

/**
 * What was refused goes back into the field, before what stands there.
 * @param {Notes} notes
 * @param {string} id
 * @returns {Notes}
 */
export function taken(notes, id) {
  const text = notes.unsaved.find((one) => one.id === id)?.text ?? "";
  const draft = [text, notes.draft].filter((part) => part !== "").join("\n");
  return { ...notes, draft, unsaved: notes.unsaved.filter((one) => one.id !== id) };
}

/** Everything has been before the operator's eyes. @param {Notes} notes @returns {Notes} */
export function read(notes) {
  const newest = notes.entries.at(-1)?.staff_seq ?? 0;
  return notes.seen === newest ? notes : { ...notes, seen: newest };
}

/** How many of the others' are new. @param {Notes} notes */
export function unread({ entries, seen }) {
  return entries.filter(({ own, staff_seq }) => own !== true && staff_seq > seen).length;
}

/**
 * Whether one may be missing. Numbers have no gaps but where others have whispered before one came.
 * @param {Notes} notes
 */
export function hasGap({ entries, whole }) {
  const newest = entries.at(-1)?.staff_seq ?? 0;
  return newest - whole > entries.filter(({ staff_seq }) => staff_seq > whole).length;
}

/** Whether something would be lost with this page. @param {Notes} notes */
export function isUnsaved({ draft, unsaved }) {
  return draft.trim() !== "" || unsaved.length > 0;
}
