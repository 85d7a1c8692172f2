// SPDX-License-Identifier: EUPL-1.2
// A guest in her conversation: told apart from handovers, and read in any order of questions.

import assert from "node:assert/strict";
import { test } from "node:test";

import { asked } from "../../../web/static/visitor/consent/asked.js";
import { answerOf, lacks, sorted, standing } from "../../../web/static/visitor/warm_model.js";

const OFFER = { receiver: "unit", organisation: "Öppenvården", name: "Enheten", language: "sv", notice: ["Om."], notice_version: "v1" };
const WARM = { type: "warm", offer: OFFER, asked_by: "Alva" };
const HANDOVER = { type: "handover", offers: [], content: {}, asked_by: "Alva" };

/** Entries as the page keeps them, numbered in the order given. */
function entries(...frames) {
  return frames.map((frame, at) => {
    const seq = at + 1;
    const { type } = frame;
    if (type === "said" || type === "left") return { kind: type, seq, from: "operator", text: "", at: null, id: null, masked: false };
    if (type === "joined") {
      const more = frame.organisation ? { frame: { ...frame, seq } } : {};
      return { kind: type, seq, from: "service", text: frame.alias, at: null, id: null, masked: false, ...more };
    }
    return { kind: "asked", seq, from: "service", text: "", at: null, id: null, masked: false, frame: { ...frame, seq } };
  });
}

const now = (...frames) => standing(sorted(entries(...frames)).guests);
const proposal = (question) => ({ type: "proposal", proposal: question });

test("without anything about guests the entries are left as they are", () => {
  const all = entries({ type: "said" }, proposal(HANDOVER), { type: "answered" });
  assert.equal(sorted(all).handovers, all);
  assert.deepEqual(sorted(all).guests, []);
});

test("an open question is on the table until it is answered", () => {
  assert.equal(now(proposal(WARM)).question?.seq, 1);
  const { question, invited, lines } = now(proposal(WARM), { type: "answered", invited: "Öppenvården" });
  assert.deepEqual([question, invited], [null, "Öppenvården"]);
  assert.deepEqual([...lines.values()].map(({ text }) => text), ["yes"]);
});

test("a no invites nobody, and what is taken back is gone", () => {
  assert.deepEqual(now(proposal(WARM), { type: "answered" }).invited, null);
  const { question, lines } = now(proposal(WARM), { type: "taken_back" });
  assert.equal(question, null);
  assert.deepEqual([...lines.values()].map(({ text }) => text), ["taken_back"]);
});

test("each kind of question takes the place of the other", () => {
  const later = entries(proposal(WARM), proposal(HANDOVER));
  assert.equal(standing(sorted(later).guests).question, null);
  assert.deepEqual(asked(sorted(later).handovers).map(({ fate }) => fate), ["open"]);
  const earlier = entries(proposal(HANDOVER), proposal(WARM), { type: "answered", invited: "Öppenvården" });
  assert.deepEqual(asked(sorted(earlier).handovers).map(({ fate }) => fate), ["replaced"]);
  assert.equal(standing(sorted(earlier).guests).invited, "Öppenvården");
});

test("a guest is here until they leave, or her operator is lost", () => {
  const yes = [proposal(WARM), { type: "answered", invited: "Öppenvården", history: true }];
  const came = { type: "guest_joined", alias: "Gry", organisation: "Öppenvården" };
  assert.deepEqual(now(...yes, came).guest, { alias: "Gry", organisation: "Öppenvården", supervisor: false });
  for (const gone of [{ type: "guest_left", alias: "Gry" }, { type: "left" }]) {
    const { guest, invited } = now(...yes, came, gone);
    assert.deepEqual([guest, invited], [null, null]);
  }
  assert.equal(now(...yes, { type: "uninvited" }).invited, null);
});

test("a supervisor is told as one, and is gone when whoever held it is relieved", () => {
  const came = { type: "guest_joined", alias: "Siv", organisation: "Jouren", supervisor: true };
  const { guest, lines } = now(came);
  assert.equal(guest.supervisor, true);
  assert.deepEqual([...lines.values()], [{ moves: false, text: "supervisor", values: { alias: "Siv", organisation: "Jouren" } }]);
  const relieved = now(came, { type: "guest_left", alias: "Alva" });
  assert.equal(relieved.guest, null);
  assert.deepEqual([...relieved.lines.values()].at(-1), { moves: false, text: "left", values: { alias: "Alva" } });
});

test("nothing is ticked for her, and a yes lacks what nobody is let in without", () => {
  const invitation = { offer: OFFER, asked_by: "Alva" };
  assert.equal(lacks(invitation, { secrecy: false, police: false }), true);
  assert.equal(lacks(invitation, { secrecy: true, police: false }), false);
  const police = { ...invitation, offer: { ...OFFER, police: true } };
  assert.equal(lacks(police, { secrecy: true, police: false }), true);
  assert.equal(lacks(police, { secrecy: true, police: true }), false);
});

test("an answer says no more than she has said", () => {
  const question = { seq: 7, invitation: { offer: OFFER, asked_by: "Alva" } };
  assert.deepEqual(answerOf(question, "id", null), { type: "answer", id: "id", proposal: 7 });
  assert.deepEqual(answerOf(question, "id", { secrecy: true, history: false, police: false }), {
    type: "answer",
    id: "id",
    proposal: 7,
    yes: [{ receiver: "unit", notice: "v1", items: [], secrecy: true }],
    history: false,
  });
});

test("going on elsewhere: asked, on the way, handed over, and where everybody works from then on", () => {
  const MOVE = { ...WARM, type: "transfer" };
  const yes = { type: "answered", invited: "Öppenvården" };
  assert.equal(now(proposal(MOVE)).question?.seq, 1);
  assert.equal(now(proposal(MOVE), yes).invited, "Öppenvården");
  assert.equal(now(proposal(MOVE), yes, { type: "stayed", organisation: "Öppenvården" }).invited, null);
  const over = now(
    { type: "joined", alias: "Alva" }, proposal(MOVE), yes, { type: "handed", alias: "Alva" },
    { type: "joined", alias: "Gry", organisation: "Öppenvården" }, { type: "left" }, { type: "joined", alias: "Bo" },
  );
  assert.equal(over.invited, null);
  const said = [...over.lines.values()].map(({ text, moves, values }) => [text, moves, values.organisation ?? values.alias]);
  assert.deepEqual(said, [
    ["yes", true, "Öppenvården"], ["handed", true, "Alva"], ["joined", true, "Öppenvården"], ["joined", true, "Öppenvården"],
  ]);
  const { handovers } = sorted(entries(proposal(MOVE), yes, { type: "joined", alias: "Gry", organisation: "Öppenvården" }));
  assert.deepEqual(handovers.map(({ kind }) => kind), ["asked", "joined"]);
});

test("a colleague who takes over within the house needs no other words", () => {
  const { lines } = now({ type: "joined", alias: "Alva" }, { type: "handed", alias: "Alva" }, { type: "joined", alias: "Sam" });
  assert.deepEqual([...lines.values()].map(({ text }) => text), ["handed"]);
});
