// SPDX-License-Identifier: EUPL-1.2
// The reducer of her page, from the start to every kind of end.

import assert from "node:assert/strict";
import { test } from "node:test";

import { START, firstFrame, reduce } from "../../../web/static/visitor/state.js";

const PAGE = { service: "linden", language: "sv", notice: "v1" };
const frame = (type, fields = {}) => ({ type: "frame", frame: { type, ...fields } });
const after = (...events) => events.reduce(reduce, START);
const say = (id, text = id) => ({ type: "say", id, text, at: "2026-11-22T19:00:00.000Z" });
const WELCOME = frame("welcome", { token: "T", service: "linden", phase: "waiting", seq: 0 });
const waiting = (...events) => after({ type: "start" }, { type: "connected" }, WELCOME, ...events);
const operatorSaid = (seq, text = `o${seq}`) => frame("said", { seq, from: "operator", text, at: "2026-11-22T19:00Z" });
const seqs = (state) => state.entries.map((entry) => entry.seq);

test("the first frame starts without a token and resumes with one", () => {
  const page = { ...PAGE, texts: {}, origins: [] };
  assert.deepEqual(firstFrame(after({ type: "start" }), page), { type: "start", ...PAGE });
  const state = waiting(operatorSaid(1), operatorSaid(2));
  assert.deepEqual(firstFrame(state, PAGE), { type: "resume", token: "T", after: 2 });
});

test("a resume asks for everything after the first gap", () => {
  const state = waiting(say("a"), frame("ack", { id: "a", seq: 1 }), operatorSaid(4), operatorSaid(3));
  assert.deepEqual(seqs(state), [1, 3, 4]);
  assert.equal(firstFrame(state, PAGE).after, 1);
});

test("nothing is shown twice and everything in the server's order", () => {
  const state = waiting(operatorSaid(2), operatorSaid(1), operatorSaid(2), operatorSaid(1));
  assert.deepEqual(seqs(state), [1, 2]);
});

test("a question to her has its place and its number, and what it asks", () => {
  const proposal = { offers: [] };
  const state = waiting(operatorSaid(1), frame("proposal", { seq: 2, proposal }), frame("taken_back", { seq: 3 }));
  assert.deepEqual(seqs(state), [1, 2, 3]);
  assert.equal(state.entries[1].kind, "asked");
  assert.deepEqual(state.entries[1].frame.proposal, proposal);
  assert.equal(firstFrame(state, PAGE).after, 3);
  const again = reduce(state, frame("proposal", { seq: 2, proposal }));
  assert.deepEqual(again.entries, state.entries);
  const joined = reduce(waiting(frame("proposal", { seq: 2, proposal })), frame("joined", { seq: 1, alias: "Alva" }));
  assert.equal(joined.alias, "Alva");
});

test("a message is unsent until its ack, and the ack may come after a resume showed it", () => {
  let state = waiting(say("a"));
  assert.equal(state.unsent[0].delivery, "sending");
  state = reduce(state, frame("said", { seq: 1, from: "visitor", id: "a", text: "a", at: "2026-11-22T19:00Z" }));
  assert.deepEqual(state.unsent, []);
  assert.equal(reduce(state, frame("ack", { id: "a", seq: 1 })), state);
  assert.deepEqual(seqs(state), [1]);
});

test("an ack with another text shows the text as it was stored", () => {
  const state = waiting(say("a", "ring 0701234567"), frame("ack", { id: "a", seq: 1, text: "ring [telefonnummer]" }));
  assert.equal(state.entries[0].text, "ring [telefonnummer]");
  assert.equal(state.entries[0].masked, true);
});

test("a refused message can be tried again only when that can help", () => {
  let state = waiting(say("a"), say("b"), frame("nack", { id: "a", code: "unavailable", text: "", retry: true }));
  state = reduce(state, frame("nack", { id: "b", code: "too_long", text: "", retry: false }));
  assert.deepEqual(state.unsent.map((message) => message.delivery), ["failed", "refused"]);
  state = reduce(state, { type: "retry", id: "a" });
  assert.equal(state.unsent[0].delivery, "sending");
  state = reduce(state, { type: "drop", id: "b" });
  assert.deepEqual(state.unsent.map((message) => message.id), ["a"]);
});

test("after a reconnect failed messages are sending again, refused ones are not", () => {
  const state = waiting(
    say("a"),
    say("b"),
    frame("nack", { id: "a", code: "unavailable", retry: true }),
    frame("nack", { id: "b", code: "bad_frame", retry: false }),
    { type: "disconnected" },
    { type: "connected" },
    WELCOME,
  );
  assert.deepEqual(state.unsent.map((message) => message.delivery), ["sending", "refused"]);
});

test("she can write before anybody has answered", () => {
  const state = after({ type: "start" }, say("a"), WELCOME);
  assert.equal(state.phase, "waiting");
  assert.deepEqual(state.unsent.map((message) => message.id), ["a"]);
});

test("her yes to what tells who she is stays with the message until its ack", () => {
  let state = waiting({ ...say("a", "ring 070"), keep: true }, say("b"));
  assert.deepEqual(state.unsent.map((message) => message.keep), [true, undefined]);
  state = reduce(state, frame("nack", { id: "a", code: "unavailable", text: "", retry: true }));
  state = reduce(state, { type: "retry", id: "a" });
  state = [{ type: "disconnected" }, { type: "connected" }, WELCOME].reduce(reduce, state);
  const { id, text, keep, delivery } = state.unsent[0];
  assert.deepEqual([id, text, keep, delivery], ["a", "ring 070", true, "sending"]);
});

test("that she is in danger is remembered over a lost connection, and not into another conversation", () => {
  let state = waiting({ type: "acute" }, { type: "disconnected" }, { type: "connected" }, WELCOME);
  assert.equal(state.acute, true);
  assert.equal(reduce(state, { type: "start" }).acute, false);
});

test("a message that was masked while contact was lost says so", () => {
  const state = waiting(say("a", "ring 070"), frame("said", { seq: 1, from: "visitor", id: "a", text: "ring [nummer]" }));
  assert.deepEqual([state.entries[0].text, state.entries[0].masked, state.unsent], ["ring [nummer]", true, []]);
});

test("the place in the queue is kept until somebody comes", () => {
  let state = waiting(frame("queue", { ahead: 2, wait: [5, 15] }));
  const usual = { closed: false, closes: null, understood: true };
  assert.deepEqual(state.place, { ahead: 2, wait: [5, 15], here: true, ...usual });
  state = reduce(state, frame("queue", { ahead: 0, wait: null, here: false }));
  assert.deepEqual(state.place, { ahead: 0, wait: null, here: false, ...usual });
  state = reduce(state, frame("queue", { ahead: 0, here: true, closes_at: "2026-11-26T20:00Z", understood: false }));
  assert.deepEqual([state.place?.closes, state.place?.understood], ["2026-11-26T20:00Z", false]);
  state = reduce(state, frame("queue", { ahead: 0, here: true, closed: true }));
  assert.deepEqual([state.place?.closes, state.place?.closed], [null, true]);
  state = reduce(state, frame("joined", { seq: 1, alias: "Alva" }));
  assert.deepEqual([state.phase, state.alias, state.place], ["active", "Alva", null]);
});

test("what she said first goes with the start, and never with a resume", () => {
  const said = { ...PAGE, language: "ar", intake: { need: "talk", acute: true } };
  assert.deepEqual(firstFrame(after({ type: "start" }), said), { type: "start", ...said });
  assert.deepEqual(firstFrame(waiting(operatorSaid(1)), said), { type: "resume", token: "T", after: 1 });
});

test("a lost operator leads back to the queue with who it was", () => {
  const state = waiting(frame("joined", { seq: 1, alias: "Alva" }), frame("left", { seq: 2 }));
  assert.deepEqual([state.phase, state.alias, state.lost], ["waiting", null, "Alva"]);
  const next = reduce(state, frame("joined", { seq: 3, alias: "Bo" }));
  assert.deepEqual([next.phase, next.alias, next.lost], ["active", "Bo", null]);
});

test("an older joined or left that comes late does not turn the present around", () => {
  const state = waiting(
    frame("joined", { seq: 3, alias: "Bo" }),
    frame("left", { seq: 2 }),
    frame("joined", { seq: 1, alias: "Alva" }),
    frame("left", { seq: 2 }),
  );
  assert.deepEqual([state.phase, state.alias, seqs(state)], ["active", "Bo", [1, 2, 3]]);
});

test("typing is shown in a conversation only and ends with a word or with stillness", () => {
  assert.equal(waiting(frame("typing")).typing, false);
  const active = waiting(frame("joined", { seq: 1, alias: "Alva" }), frame("typing"));
  assert.equal(active.typing, true);
  assert.equal(reduce(active, operatorSaid(2)).typing, false);
  assert.equal(reduce(active, { type: "stillness" }).typing, false);
  assert.equal(reduce(active, { type: "disconnected" }).typing, false);
});

for (const reason of ["visitor", "operator", "expired", "closed"]) {
  test(`ended because of ${reason}: the token is forgotten, the words stay, nothing more is taken`, () => {
    const state = waiting(operatorSaid(1), say("a"), frame("ended", { seq: 2, reason }));
    assert.deepEqual([state.phase, state.reason, state.token], ["over", reason, null]);
    assert.deepEqual(seqs(state), [1]);
    assert.equal(reduce(state, operatorSaid(3)), state);
    assert.equal(reduce(state, { type: "stopped", code: 1000 }).reason, reason);
    const cleared = reduce(state, { type: "clear" });
    assert.deepEqual([cleared.entries, cleared.unsent], [[], []]);
  });
}

test("a known token that is no longer live shows the end and never a new conversation", () => {
  const state = waiting(operatorSaid(1), { type: "stopped", code: 4001 });
  assert.deepEqual([state.phase, state.reason, state.token], ["over", "gone", null]);
});

test("a socket closed without a last word is over too", () => {
  assert.equal(waiting({ type: "stopped", code: 1000 }).reason, "gone");
});

test("another tab takes over, and she can take it back", () => {
  let state = waiting({ type: "stopped", code: 4003 });
  assert.deepEqual([state.phase, state.token], ["elsewhere", "T"]);
  state = reduce(state, { type: "return" });
  assert.equal(state.phase, "waiting");
  assert.equal(firstFrame(state, PAGE).type, "resume");
});

test("a server that asks not to be tried again is said to be unreachable", () => {
  assert.equal(waiting({ type: "stopped", code: 4500 }).phase, "unreachable");
  assert.equal(after({ type: "start" }, { type: "stopped", code: 1000 }).phase, "unreachable");
});

test("ending waits for the server when there is a conversation", () => {
  const state = waiting({ type: "end" });
  assert.deepEqual([state.ending, state.phase], [true, "waiting"]);
  assert.equal(reduce(state, { type: "stopped", code: 4001 }).reason, "visitor");
  assert.equal(after({ type: "start" }, { type: "end" }).phase, "over");
});

test("a start that is refused leads back to the page with the reason", () => {
  for (const code of ["conflict", "closed", "rate", "unavailable", "work"]) {
    const state = after({ type: "start" }, frame("nack", { code, text: "", retry: true }));
    assert.deepEqual([state.phase, state.refusal.code], ["before", code]);
  }
  const again = after({ type: "start" }, frame("nack", { code: "rate", retry: true }), { type: "start" });
  assert.equal(again.refusal, null);
});

test("a start that costs work stays where it is, and the solved work goes with the next one", () => {
  const asked = frame("nack", { code: "work", text: "many", retry: true, challenge: "C", bits: 15 });
  let state = after({ type: "start" }, say("a"), asked);
  assert.deepEqual([state.phase, state.holdup, state.paused], ["connecting", "many", false]);
  assert.deepEqual(firstFrame(state, PAGE), { type: "start", ...PAGE });
  const work = { challenge: "C", nonce: "N" };
  state = reduce(state, { type: "solved", work });
  assert.deepEqual(firstFrame(state, PAGE), { type: "start", ...PAGE, work });
  assert.equal(reduce(state, asked).work, null);
  const welcomed = reduce(state, WELCOME);
  assert.equal(firstFrame(welcomed, PAGE).type, "resume");
  assert.deepEqual(welcomed.unsent.map((message) => message.id), ["a"]);
});

test("when all places are taken she waits with what she has solved, and may end it", () => {
  const work = { challenge: "C", nonce: "N" };
  const full = frame("nack", { code: "unavailable", text: "full", retry: true, wait_s: 60 });
  let state = after({ type: "start" }, { type: "solved", work }, full);
  assert.deepEqual([state.phase, state.holdup, state.work], ["connecting", "full", work]);
  state = reduce(state, { type: "paused", text: "later" });
  assert.deepEqual([state.holdup, state.paused], ["later", true]);
  assert.equal(reduce(state, { type: "end" }).phase, "over");
  const again = reduce(state, frame("nack", { code: "work", text: "many", retry: true, challenge: "D", bits: 15 }));
  assert.deepEqual([again.holdup, again.paused, again.work], ["many", false, null]);
  const inside = reduce(state, WELCOME);
  assert.deepEqual([inside.phase, inside.holdup, inside.paused, inside.work], ["waiting", null, false, null]);
});

test("frames that nobody knows change nothing", () => {
  const state = waiting();
  assert.equal(reduce(state, frame("something_new", { seq: 9 })), state);
  assert.equal(reduce(state, frame("nack", { code: "bad_frame", retry: false })), state);
});

test("a code is the first frame until it has opened something, or nothing", () => {
  const coming = after({ type: "start", held: { code: { code: "a b c d e f", nonce: "n" } } }, { type: "connected" });
  assert.equal(coming.phase, "connecting");
  assert.deepEqual(firstFrame(coming, PAGE), { type: "come_back", code: "a b c d e f", nonce: "n" });
  const again = reduce(reduce(coming, { type: "disconnected" }), { type: "connected" });
  assert.deepEqual(firstFrame(again, PAGE), firstFrame(coming, PAGE), "no answer was heard: the very same again");
  const inside = reduce(coming, frame("welcome", { token: "N", service: "linden", phase: "active", seq: 4 }));
  assert.deepEqual([inside.code, inside.phase], [null, "active"]);
  assert.deepEqual(firstFrame(inside, PAGE), { type: "resume", token: "N", after: 0 });
  const refused = reduce(coming, frame("nack", { code: "wrong_code", text: "", retry: false }));
  assert.deepEqual([refused.phase, refused.code, refused.refusal.code], ["before", null, "wrong_code"]);
  assert.equal(firstFrame(reduce(refused, { type: "start" }), PAGE).type, "start");
});

test("a token that the tab has kept is resumed at once, and may be dead", () => {
  const kept = after({ type: "start", held: { token: "K" } });
  assert.deepEqual(firstFrame(kept, PAGE), { type: "resume", token: "K", after: 0 });
  const dead = reduce(kept, { type: "stopped", code: 4001 });
  assert.deepEqual([dead.phase, dead.token], ["over", null]);
});
