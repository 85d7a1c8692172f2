// SPDX-License-Identifier: EUPL-1.2
// What protects the volunteer: words behind a click, an end with a reason, and a message that cannot be sent.

import assert from "node:assert/strict";
import { test } from "node:test";

import { coverShown } from "../../web/static/operator/alarm_words.js";
import { isJoined, pieces, rowsOf } from "../../web/static/operator/cover.js";
import { find } from "../../web/static/operator/desk.js";
import { initial, reduce } from "../../web/static/operator/state.js";
import { askedOf } from "../../web/static/operator/view_end.js";
import { announcement, closing, deliveryShown } from "../../web/static/operator/words.js";

const NOW = Date.parse("2026-11-22T18:00:00Z");
const after = (state, ...acts) => acts.reduce(reduce, state);
const frame = (type, fields = {}) => ({ type: "frame", frame: { type, conversation: "c1", ...fields }, now: NOW });
const said = (seq, text, cover) => frame("said", {
  seq, from: "visitor", text, at: "2026-11-22T18:00Z", ...(cover ? { seen: { cover } } : {}),
});
const ended = (reason) => frame("ended", { seq: 9, reason });
const open = after(initial(NOW), { type: "link", link: "open" }, frame("ready", { held: [] }), frame("accepted", {
  service: "linden", seq: 0, entries: [], readable: true, connected: true, acute: false, language: "sv",
}));
const held = (state) => find(state, "c1");
const rows = (state) => rowsOf(held(state)).map((row) => [row.entry.text, row.covered, row.keys.length]);
const act = (type, fields = {}) => ({ type, conversation: "c1", ...fields });
const page = {
  language: "sv", account: "anna", services: [], masks: [],
  texts: {
    "covered.threat": "hot?", "covered.other": "jobbigt?", "covered.repeated": "igen",
    covered_times: { one: "igen %(n)s", other: "igen, %(n)s gånger" },
    "reasons.operator": "Du avslutade", "reasons.unsafe": "Inte säkert", "after.operator": "Raderas.", "after.unsafe": "Ta en paus.",
    "reasons.visitor": "Hon avslutade", "after.visitor": "Raderas.", "delivery.failed": "Inte skickat.", conversation: "Samtal %(n)s",
  },
};

test("a covered message waits behind a click, and can be covered again", () => {
  const state = after(open, said(1, "hej"), said(2, "elakt", "threat"));
  assert.deepEqual(rows(state), [["hej", false, 1], ["elakt", true, 1]]);
  const shown = after(state, act("uncover", { keys: ["seq-2"] }));
  assert.deepEqual(rows(shown), [["hej", false, 1], ["elakt", false, 1]]);
  assert.deepEqual(rows(after(shown, act("cover", { keys: ["seq-2"] }))), rows(state));
});

test("one message is shown, the next covered one is not", () => {
  const state = after(open, said(1, "elakt", "threat"), act("uncover", { keys: ["seq-1"] }), said(2, "elakt", "threat"));
  assert.deepEqual(rows(state), [["elakt", false, 1], ["elakt", true, 1]]);
});

test("several that say the same are one line with a count", () => {
  const state = after(open, said(1, "x", "repeated"), said(2, "x", "repeated"), said(3, "x", "repeated"), said(4, "y", "repeated"));
  assert.deepEqual(rows(state), [["x", true, 3], ["y", true, 1]]);
  const [first] = rowsOf(held(state));
  const shown = after(state, act("uncover", { keys: first.keys }));
  assert.deepEqual(rows(shown), [["x", false, 1], ["x", false, 1], ["x", false, 1], ["y", true, 1]]);
});

test("threats are never folded into one, nor what stands apart", () => {
  const state = after(open, said(1, "x", "threat"), said(2, "x", "threat"), said(3, "x", "repeated"), said(4, "hej"),
    said(5, "x", "repeated"));
  assert.deepEqual(rows(state).map((row) => row[2]), [1, 1, 1, 1, 1]);
});

test("what was shown stays shown when the conversation is over, and can be covered then", () => {
  const state = after(open, said(1, "elakt", "threat"), act("uncover", { keys: ["seq-1"] }), ended("visitor"));
  assert.deepEqual(rows(state), [["elakt", false, 1]]);
  assert.deepEqual(rows(after(state, act("cover", { keys: ["seq-1"] }))), [["elakt", true, 1]]);
});

test("the cover says why, and a reason that nobody has thought of has words too", () => {
  const entry = (cover) => ({ seen: { cover } });
  assert.equal(coverShown(page, entry("threat"), 1), "hot?");
  assert.equal(coverShown(page, entry("strange"), 1), "jobbigt?");
  assert.equal(coverShown(page, entry("repeated"), 4), "igen, 4 gånger");
});

test("what was taken out is told apart from what she wrote in brackets", () => {
  const words = ["telefonnummer", "adress"];
  assert.deepEqual(pieces("ring [telefonnummer], [inte så här] ok", words), [
    { text: "ring ", masked: false }, { text: "[telefonnummer]", masked: true }, { text: ", ", masked: false },
    { text: "[inte så här]", masked: false }, { text: " ok", masked: false },
  ]);
  for (const text of ["", "[", "]][[", "[[adress]]", "a\n[adress\n]", "[adress][adress]", "[".repeat(2000)]) {
    assert.equal(pieces(text, words).map((piece) => piece.text).join(""), text);
  }
  assert.deepEqual(pieces("[adress]", []), [{ text: "[adress]", masked: false }]);
});

test("an unsafe end asks first, then for the reason, then once more, and can be left", () => {
  const directly = held(after(open, act("ask_unsafe")));
  assert.deepEqual([directly.phase, directly.choosing], ["asking", true]);
  const ending = after(open, act("ask_end"), act("end"), act("ask_unsafe"));
  assert.deepEqual([held(ending).phase, held(ending).choosing], ["ending", false]);
  const choosing = after(open, act("ask_end"), act("ask_unsafe"));
  assert.deepEqual([held(choosing).phase, held(choosing).choosing], ["asking", true]);
  const sure = after(choosing, act("ask_unsafe", { unsafe: "spam" }));
  assert.deepEqual([held(sure).phase, held(sure).unsafe, askedOf(held(sure))], ["asking", "spam", "unsafe spam"]);
  assert.equal(askedOf(held(after(sure, act("ask_end")))), "plain");
  assert.equal(held(after(sure, ended("visitor"))).unsafe, null);
  const kept = held(after(sure, act("keep")));
  assert.deepEqual([kept.phase, kept.choosing, kept.unsafe], ["open", false, null]);
});

test("after an unsafe end the words are kind, after another one they are as they were", () => {
  const unsafe = after(open, act("ask_end"), act("ask_unsafe"), act("end", { unsafe: "threat" }));
  assert.deepEqual([held(unsafe).phase, held(unsafe).unsafe], ["ending", "threat"]);
  assert.deepEqual(closing(page, held(after(unsafe, ended("operator")))), { heading: "Inte säkert", body: "Ta en paus." });
  assert.equal(closing(page, held(after(unsafe, ended("visitor")))).heading, "Hon avslutade");
  const plain = after(open, act("ask_end"), act("end"), ended("operator"));
  assert.equal(closing(page, held(plain)).heading, "Du avslutade");
});

test("an unsafe end that is refused or cut off is forgotten", () => {
  const ending = after(open, act("ask_end"), act("ask_unsafe"), act("end", { unsafe: "spam" }));
  for (const what of [frame("nack", { code: "unavailable", text: "nej", retry: true }), { type: "link", link: "lost" }]) {
    const { phase, choosing, unsafe } = held(after(ending, what));
    assert.deepEqual([phase, choosing, unsafe], ["open", false, null]);
  }
});

test("a refused message keeps its text, says why and comes back into the composer", () => {
  const state = after(open, act("send", { id: "a", text: "ring 070-123 45 67", now: NOW }),
    frame("nack", { id: "a", code: "identity", text: "Skriv om det.", retry: false }));
  const [entry] = held(state).entries;
  assert.deepEqual([entry.delivery, entry.retry, entry.text], ["failed", false, "ring 070-123 45 67"]);
  assert.equal(deliveryShown(page, state, entry), "Inte skickat. Skriv om det.");
  const mending = after(state, act("draft", { text: "och" }), act("edit", { id: "a" }));
  assert.equal(mending.drafts.c1, "ring 070-123 45 67\noch");
  assert.deepEqual(held(mending).entries, []);
});

test("how to write is told until a message of ours has been taken", () => {
  const sent = after(open, act("send", { id: "a", text: "hej", now: NOW }));
  assert.equal(sent.spoken, false);
  assert.equal(after(sent, frame("nack", { id: "a", code: "identity", text: "", retry: false })).spoken, false);
  assert.equal(after(sent, frame("ack", { id: "a", seq: 1 })).spoken, true);
});

test("refused messages stand each alone and are told one by one, with why", () => {
  const ids = ["m1", "m2", "m3", "m4", "m5"];
  const sent = after(open, ...ids.map((id) => act("send", { id, text: "070-123 45 67", now: NOW })));
  const nack = (id) => frame("nack", { id, code: "identity", text: "Har ett nummer.", retry: false });
  let state = sent;
  for (const id of ids) {
    const next = after(state, nack(id));
    assert.equal(announcement(page, state, next), "Samtal 1. Inte skickat. Har ett nummer.");
    assert.equal(announcement(page, next, after(next, said(1, "hej"))).includes("Inte skickat"), false);
    state = next;
  }
  const { entries } = held(state);
  assert.equal(entries.length, 5);
  assert.deepEqual(entries.map((entry, at) => isJoined(entries[at - 1], entry)), [false, false, false, false, false]);
});

test("what the server has of the same minute stands together", () => {
  const { entries } = held(after(open, said(1, "a"), said(2, "b"), act("send", { id: "m1", text: "c", now: NOW })));
  assert.deepEqual(entries.map((entry, at) => isJoined(entries[at - 1], entry)), [false, true, false]);
});
