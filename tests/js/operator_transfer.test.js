// SPDX-License-Identifier: EUPL-1.2
// Giving a conversation away at the console: what its frames tell, what rings, and which words tell the talks apart.

import assert from "node:assert/strict";
import { test } from "node:test";

import { questionOf } from "../../web/static/operator/question.js";
import { ringOf } from "../../web/static/operator/ringing.js";
import { initial, reduce } from "../../web/static/operator/state.js";
import { NOTHING, after, isAnybodyThere, isOffered, left, lineOf, putAway, whichOne } from "../../web/static/operator/transfer_told.js";
import { after as warmAfter } from "../../web/static/operator/warm.js";

const NOW = 1_700_000_000_000;
const ASKED = { type: "proposal", conversation: "c", seq: 2, proposal: { type: "transfer", offer: { organisation: "Öppenvården" } } };

const told = (...frames) => frames.reduce((so, frame) => after(so, frame, NOW), NOTHING);
const heard = (state, ...frames) => frames.reduce((so, frame) => reduce(so, { type: "frame", frame, now: NOW }), state);
const transfer = (shown) => ({ type: "transfer", conversation: "c", transfer: shown });

function accepted(more = {}, entries = []) {
  return { type: "accepted", conversation: "c", service: "linden", seq: 0, entries, readable: true, connected: true, acute: false, language: "sv", ...more };
}

test("an offer is followed until it comes to an end, and each end has its sentence", () => {
  const offered = told(transfer({ name: "Linden", alias: "Sam", left_s: 120 }));
  assert.ok(isOffered(offered));
  assert.deepEqual(lineOf(offered), { text: "transfer.offered", values: { to: "Sam" } });
  assert.deepEqual([left(offered, NOW + 20_000), left(offered, NOW + 500_000)], [100, 0]);
  for (const ended of ["declined", "lapsed", "gone", "withdrawn", "returned"]) {
    const over = told(transfer({ name: "Linden", alias: "", left_s: 0, ended }));
    assert.equal(isOffered(over), false);
    assert.deepEqual(lineOf(over), { text: `returned.${ended}`, values: { to: "Linden" } });
  }
  assert.equal(lineOf(told(transfer({ name: "Linden", ended: "taken_back" }))), null);
  const declined = transfer({ name: "Linden", alias: "Sam", ended: "declined" });
  const read = { ...told(declined), ...putAway(told(declined)) };
  assert.equal(lineOf(after(read, declined, NOW)), null, "told again after a reconnect");
  const again = [transfer({ name: "Linden", alias: "Sam", left_s: 120 }), declined].reduce((so, frame) => after(so, frame, NOW), read);
  assert.equal(lineOf(again)?.text, "returned.declined");
  const hers = told(transfer({ name: "Öppenvården", crosses: true, left_s: 120 }));
  assert.equal(lineOf(hers)?.text, "transfer.offered_hers");
});

test("what she is asked and answers is told apart from guests and handovers", () => {
  assert.deepEqual(lineOf(told(ASKED)), { text: "transfer.asked", values: { to: "Öppenvården" } });
  assert.equal(lineOf(told(ASKED, { type: "answered", conversation: "c", seq: 3 }))?.text, "transfer.stays");
  assert.equal(lineOf(told(ASKED, { type: "taken_back", conversation: "c", seq: 3 })), null);
  assert.equal(lineOf(told({ type: "answered", conversation: "c", seq: 3 })), null);
  const nothing = { possible: null, open: false, asked: null, invited: null, alias: null, declined: false };
  assert.equal(warmAfter(nothing, ASKED).asked, null);
  const state = heard(initial(NOW), accepted(), ASKED, { type: "answered", conversation: "c", seq: 3, invited: "Öppenvården" });
  const [held] = state.conversations;
  assert.deepEqual(held.entries.map(({ type }) => type), ["move_asked", "move_yes"]);
  assert.equal(questionOf(held).state, "none");
  const no = heard(initial(NOW), accepted({}, [{ type: "proposed", seq: 1, proposal: ASKED.proposal }, { type: "answered", seq: 2 }]));
  assert.deepEqual(no.conversations[0].entries.map(({ type }) => type), ["move_asked", "move_no"]);
});

test("what is offered stands apart from the queue, and goes with the duty", () => {
  const one = { conversation: "o", service: "linden", since: "", waited_s: 1, acute: false, language: "sv", returned: false, connected: true, mine: false };
  const frame = { type: "waiting", conversations: [{ ...one, conversation: "w" }, { ...one, offered: "you", holder: "Alva", left_s: 90 }] };
  const state = heard(initial(NOW), frame);
  assert.deepEqual([state.waiting.map(({ conversation }) => conversation), state.offers.map(({ conversation }) => conversation)], [["w"], ["o"]]);
  const there = heard({ ...initial(NOW), link: "open", ready: true }, { type: "duty", on: true, services: ["linden"], alias: "Sam" }, frame);
  const choice = { volume: "middle", quiet: false, hushed: ["w"] };
  assert.deepEqual([ringOf(there, choice).kind, ringOf(there, choice).calls], ["mine", ["w", "o"]]);
  assert.deepEqual(heard(state, { type: "duty", on: false, services: [] }).offers, []);
});

test("whoever has handed it over is told who has it, and nothing of it is left", () => {
  const said = { type: "said", conversation: "c", seq: 1, from: "visitor", text: "hemligt", at: "2026-01-01T12:00Z" };
  const state = heard(initial(NOW), accepted(), said, { type: "lost", conversation: "c", seq: 2, by: "Sam" });
  const [held] = state.conversations;
  assert.deepEqual([held.phase, held.reason, held.by], ["lost", "transferred", "Sam"]);
  assert.equal(JSON.stringify(state).includes("hemligt"), false);
  const rescued = heard(initial(NOW), accepted(), { type: "lost", conversation: "c", seq: 2 });
  assert.equal(rescued.conversations[0].reason, "lost");
});

test("the last words tell which talk it is, never covered ones", () => {
  const message = (seq, text, more = {}) => ({ type: "said", conversation: "c", seq, from: "visitor", text, at: "2026-01-01T12:00Z", ...more });
  const held = (...frames) => heard(initial(NOW), accepted({ started: new Date(NOW - 7 * 60_000).toISOString() }), ...frames).conversations[0];
  assert.deepEqual(whichOne(held(message(1, " hej ")), NOW), { minutes: 7, words: "hej" });
  assert.equal(whichOne(held(message(1, "x".repeat(200))), NOW).words.length, 61);
  assert.equal(whichOne(held(message(1, "hot", { seen: { cover: "threat" } })), NOW).words, "");
  assert.equal(whichOne(held(), NOW).words, "");
});

test("somebody is there when a colleague is, or anybody elsewhere", () => {
  const own = { service: "a", name: "A", organisation: "O", here: true, own: true };
  assert.equal(isAnybodyThere([own]), false);
  assert.equal(isAnybodyThere([{ ...own, people: [{ to: "x", alias: "Sam", free: 0 }] }]), true);
  assert.equal(isAnybodyThere([{ ...own, own: false }]), true);
  assert.equal(isAnybodyThere([{ ...own, own: false, here: false }]), false);
});
