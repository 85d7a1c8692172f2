// SPDX-License-Identifier: EUPL-1.2
// Notes at the console: what frames and acts make of them, and that a refusal of one is told where it was written.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  NONE,
  after,
  drafted,
  hasGap,
  mayWhisper,
  isUnsaved,
  mayNote,
  read,
  saving,
  savingAgain,
  taken,
  unread,
} from "../../web/static/operator/notes_model.js";
import { initial, reduce } from "../../web/static/operator/state.js";

const note = (staff_seq, more = {}) => ({ staff_seq, kind: "note", alias: "Bodil", text: `${staff_seq}`, at: "2026-11-23T19:00Z", ...more });
const noted = (staff_seq, more) => ({ type: "noted", conversation: "c", ...note(staff_seq, more) });
const nack = (more) => ({ type: "nack", conversation: "c", id: "a", code: "rate", text: "vänta", retry: true, field: "note", ...more });
const seqs = ({ entries }) => entries.map(({ staff_seq }) => staff_seq);

test("entries stand once and in order, however they come", () => {
  const notes = [noted(3), noted(1), noted(3), { type: "notes", conversation: "c", entries: [note(1), note(2)] }].reduce(after, NONE);
  assert.deepEqual(seqs(notes), [1, 2, 3]);
  assert.deepEqual(Object.keys(notes.entries[2]).sort(), ["alias", "at", "kind", "staff_seq", "text"]);
  assert.equal(hasGap(notes), false);
  assert.equal(hasGap(after(NONE, noted(2))), true);
  const [, { type: _type, conversation: _conversation, ...second }] = [noted(1), noted(2)];
  const later = after(NONE, { type: "notes", conversation: "c1", entries: [second] });
  assert.equal(hasGap(later), false, "the first was whispered to others: the server has told all there is");
  assert.equal(hasGap(after(later, noted(3))), false);
  assert.equal(hasGap(after(later, noted(4))), true);
});

test("what is said to her changes nothing, and neither does any other refusal", () => {
  const mine = saving(drafted(NONE, "min"), "a");
  for (const frame of [
    { type: "said", conversation: "c", seq: 1, from: "visitor", text: "hej", at: "" },
    nack({ field: undefined }),
    nack({ id: "b" }),
    nack({ id: undefined }),
  ]) {
    assert.equal(after(mine, frame), mine);
  }
});

test("one of ours waits under its id until the server has it", () => {
  const mine = saving(drafted(NONE, " min \n"), "a");
  assert.deepEqual(mine, { ...NONE, unsaved: [{ id: "a", text: "min", whisper: false, why: "", retry: false }] });
  assert.equal(isUnsaved(mine), true);
  const saved = after(mine, noted(1, { own: true, id: "a", text: "min" }));
  assert.deepEqual([saved.unsaved, seqs(saved), isUnsaved(saved)], [[], [1], false]);
  const listed = after(mine, { type: "notes", conversation: "c", entries: [note(1, { own: true, id: "a" })] });
  assert.deepEqual(listed.unsaved, []);
});

test("there is somebody to whisper to while a supervisor and whoever holds it are both there", () => {
  const held = { as_guest: null };
  const steps = [{ type: "supervisor_came" }, { type: "guest_left" }, { type: "accepted", guest: { supervisor: true, alias: "Siv" } }, { type: "yours" }];
  const told = steps.map((_, at) => mayWhisper(held, steps.slice(0, at + 1).reduce(after, NONE)));
  assert.deepEqual(told, [true, false, true, false]);
  assert.equal(mayWhisper({ as_guest: { supervisor: true } }, NONE), true);
  assert.equal(mayWhisper({ as_guest: { supervisor: false } }, NONE), false);
  assert.equal(saving(drafted(NONE, "min"), "a", true).unsaved[0].whisper, true);
});

test("refused, it can be tried again or goes back before what is written meanwhile", () => {
  const refused = after(saving(drafted(NONE, "min"), "a"), nack());
  assert.deepEqual(refused.unsaved, [{ id: "a", text: "min", whisper: false, why: "rate", retry: true }]);
  assert.deepEqual(savingAgain(refused, "a").unsaved, [{ id: "a", text: "min", whisper: false, why: "", retry: false }]);
  const back = taken(drafted(refused, "mer"), "a");
  assert.deepEqual([back.draft, back.unsaved], ["min\nmer", []]);
});

test("only what others wrote is new, until it has been seen", () => {
  const notes = [noted(1), noted(2, { own: true, id: "b" }), noted(3)].reduce(after, NONE);
  assert.equal(unread(notes), 2);
  assert.equal(unread(read(notes)), 0);
  const seen = read(notes);
  assert.equal(read(seen), seen);
  assert.equal(unread(after(read(notes), noted(4))), 1);
});

test("a guest from elsewhere has no notes here", () => {
  assert.equal(mayNote({ as_guest: null }), true);
  assert.equal(mayNote({ as_guest: { holder: "Kim", organisation: "Jouren", history: true } }), false);
});

test("a refusal of a note is told nowhere near what goes to her", () => {
  const frame = (state, told) => reduce(state, { type: "frame", frame: told, now: 0 });
  const ready = { type: "ready", held: [{ conversation: "c", service: "linden", seq: 0 }] };
  const state = frame(initial(0), ready);
  assert.equal(frame(state, nack()).conversations[0].notice, "");
  assert.equal(frame(state, nack({ field: undefined })).conversations[0].notice, "vänta");
});
