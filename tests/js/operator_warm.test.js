// SPDX-License-Identifier: EUPL-1.2
// A guest at the console: what its frames tell, who said what, and that a guest ends nothing.

import assert from "node:assert/strict";
import { test } from "node:test";

import { questionOf } from "../../web/static/operator/question.js";
import { initial, reduce } from "../../web/static/operator/state.js";
import { after } from "../../web/static/operator/warm.js";

const NOW = 1_700_000_000_000;
const NOTHING = { possible: null, open: false, asked: null, invited: null, alias: null, declined: false, supervisor: null };
const ASKED = { type: "proposal", conversation: "c", seq: 2, proposal: { type: "warm", offer: { organisation: "Öppenvården" } } };
const AS_GUEST = { holder: "Alva", organisation: "Jouren", history: false };

const told = (...frames) => frames.reduce(after, NOTHING);
const heard = (state, ...frames) => frames.reduce((so, frame) => reduce(so, { type: "frame", frame, now: NOW }), state);

function accepted(more = {}, entries = []) {
  return { type: "accepted", conversation: "c", service: "linden", seq: 0, entries, readable: true, connected: true, acute: false, language: "sv", ...more };
}

test("asked, invited, here and gone again", () => {
  const yes = { type: "answered", conversation: "c", seq: 3, invited: "Öppenvården" };
  const came = { type: "guest_joined", conversation: "c", seq: 4, alias: "Gry", organisation: "Öppenvården" };
  assert.equal(told(ASKED).asked, "Öppenvården");
  assert.deepEqual([told(ASKED, yes).asked, told(ASKED, yes).invited], [null, "Öppenvården"]);
  assert.equal(told(ASKED, yes, came).alias, "Gry");
  const left = told(ASKED, yes, came, { type: "guest_left", conversation: "c", seq: 5, alias: "Gry" });
  assert.deepEqual([left.alias, left.invited], [null, null]);
  assert.equal(told(ASKED, { type: "answered", conversation: "c", seq: 3 }).declined, true);
  assert.equal(told(ASKED, { type: "taken_back", conversation: "c", seq: 3 }).asked, null);
});

test("an answer about a handover says nothing of guests", () => {
  assert.equal(told({ type: "answered", conversation: "c", seq: 3, receivers: [] }).declined, false);
});

test("a reload finds the guest again", () => {
  const { alias, invited } = told(accepted({ guest: { organisation: "Öppenvården", alias: "Gry" } }));
  assert.deepEqual([alias, invited], ["Gry", "Öppenvården"]);
});

test("invitations stand apart from the queue", () => {
  const one = { conversation: "c", service: "s", since: "", waited_s: 1, acute: false, language: "sv", returned: false, connected: true, mine: false };
  const state = heard(initial(NOW), { type: "waiting", conversations: [one, { ...one, conversation: "d", joins: true }] });
  assert.deepEqual(state.waiting.map(({ conversation }) => conversation), ["c"]);
  assert.deepEqual(state.joins.map(({ conversation }) => conversation), ["d"]);
});

test("a guest's words carry the guest's name, and the holder's the holder's", () => {
  const said = (seq, more) => ({ type: "said", conversation: "c", seq, from: "operator", text: "hej", at: "2026-01-01T00:00Z", ...more });
  const joined = { type: "joined", seq: 1, from: "service", alias: "Alva" };
  const [holder] = heard(initial(NOW), accepted({ seq: 1 }, [joined]), said(2, { alias: "Gry" }), said(3, {})).conversations;
  assert.deepEqual(holder.entries.map(({ alias, guest }) => [alias, guest]), [["Alva", false], ["Gry", true], ["Alva", false]]);
  const [guest] = heard(initial(NOW), accepted({ seq: 1, as_guest: AS_GUEST }), said(2, {})).conversations;
  assert.deepEqual(guest.entries.map(({ alias, guest: own }) => [alias, own]), [["Alva", false]]);
});

test("a guest ends nothing, by key or by button", () => {
  const state = heard(initial(NOW), accepted({ as_guest: AS_GUEST }));
  for (const type of ["ask_end", "ask_unsafe", "end"]) assert.equal(reduce(state, { type, conversation: "c" }), state);
  const over = heard(state, { type: "lost", conversation: "c", seq: 3 });
  assert.equal(over.conversations[0].reason, "guest");
});

test("a question about a guest takes the place of one about a handover, and neither is taken for the other", () => {
  const handover = { type: "proposal", conversation: "c", seq: 1, proposal: { content: {}, offers: [{ name: "Enheten" }], purpose: "p", asked_by: "Alva" } };
  const later = { ...ASKED, seq: 2 };
  const [held] = heard(initial(NOW), accepted(), handover, later).conversations;
  assert.deepEqual(held.entries.map(({ type }) => type), ["proposed", "warm_asked"]);
  assert.equal(questionOf(held).state, "none");
  const no = { type: "answered", conversation: "c", seq: 3 };
  const [answered] = heard(initial(NOW), accepted(), handover, later, no).conversations;
  assert.equal(answered.entries.at(-1)?.type, "warm_no");
  assert.equal(questionOf(answered).state, "none");
});

test("what comes with `accepted` is told apart alike, in one part or in two", () => {
  const asked = { type: "proposed", seq: 1, proposal: ASKED.proposal };
  const yes = { type: "answered", seq: 2, invited: "Öppenvården" };
  const kinds = (state) => state.conversations[0].entries.map(({ type, organisation }) => [type, organisation]);
  const wanted = [["warm_asked", "Öppenvården"], ["warm_yes", "Öppenvården"]];
  assert.deepEqual(kinds(heard(initial(NOW), accepted({ seq: 2 }, [asked, yes]))), wanted);
  assert.deepEqual(kinds(heard(initial(NOW), accepted({ seq: 1 }, [asked]), accepted({ seq: 2 }, [yes]))), wanted);
});

test("a refused invitation is told in the conversation", () => {
  const nack = { type: "nack", code: "not_now", text: "Det går inte just nu.", retry: false, conversation: "c", id: "x" };
  assert.equal(heard(initial(NOW), accepted(), nack).conversations[0].notice, "Det går inte just nu.");
});
