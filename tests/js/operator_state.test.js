// SPDX-License-Identifier: EUPL-1.2
// What frames and acts make of the console's state.

import assert from "node:assert/strict";
import { test } from "node:test";

import { hasHole } from "../../web/static/operator/conversation.js";
import { find } from "../../web/static/operator/desk.js";
import { initial, reduce } from "../../web/static/operator/state.js";

const NOW = Date.parse("2026-11-22T18:00:00Z");
const after = (state, ...acts) => acts.reduce(reduce, state);
const frame = (type, fields = {}, now = NOW) => ({ type: "frame", frame: { type, ...fields }, now });
const said = (seq, text, fields = {}) =>
  frame("said", { conversation: "c1", seq, from: "visitor", text, at: "2026-11-22T18:00Z", ...fields });
const waiting = (conversation, fields = {}) => ({
  conversation, service: "linden", since: "2026-11-22T17:59Z", waited_s: 60, acute: false, language: "sv",
  returned: false, connected: true, mine: false, ...fields,
});
const accepted = (conversation, entries = [], fields = {}) =>
  frame("accepted", {
    conversation, service: "linden", seq: entries.length, entries, readable: true, connected: true, acute: false,
    language: "sv", ...fields,
  });
const entry = (seq, from, text, fields = {}) => ({ type: "said", seq, from, text, at: "2026-11-22T18:00Z", ...fields });
const online = after(
  initial(NOW),
  { type: "link", link: "open" },
  frame("ready", { held: [] }),
  frame("duty", { on: true, services: ["linden"], alias: "Månen" }),
);
const talking = after(online, frame("waiting", { conversations: [waiting("c1")] }), { type: "claim", conversation: "c1" },
  accepted("c1", [entry(1, "visitor", "Hej"), { type: "joined", seq: 2, alias: "Månen" }]));
const texts = (state, id = "c1") => find(state, id).entries.map((one) => one.text);

test("a claim that wins opens the conversation and turns to it", () => {
  assert.deepEqual(talking.claiming, []);
  assert.equal(talking.pane, "conversation");
  assert.equal(talking.recent[0], "c1");
  assert.equal(find(talking, "c1").seq, 2);
  assert.equal(find(talking, "c1").unread, 0);
});

test("a claim that loses shows the server's sentence and opens nothing", () => {
  const state = after(online, { type: "claim", conversation: "c1" },
    frame("nack", { code: "conflict", text: "Eken hann före.", retry: false, conversation: "c1" }));
  assert.equal(state.notice, "Eken hann före.");
  assert.deepEqual(state.claiming, []);
  assert.deepEqual(state.conversations, []);
});

test("a claim is still known when its card leaves the queue before the conversation opens", () => {
  const state = after(online, { type: "claim", conversation: "c1" }, frame("waiting", { conversations: [] }),
    accepted("c1", [entry(1, "visitor", "Hej")]));
  assert.equal(state.pane, "conversation");
  assert.deepEqual(state.claiming, []);
});

test("a claim is given up when the conversation ends before it opens", () => {
  const state = after(online, { type: "claim", conversation: "c1" },
    frame("ended", { conversation: "c1", seq: 1, reason: "visitor" }));
  assert.deepEqual([state.claiming, state.conversations], [[], []]);
});

test("a claim leaves her where she has begun to write in the meantime", () => {
  const state = after(talking, { type: "queue" }, { type: "claim", conversation: "c2" },
    { type: "turn", conversation: "c1" }, accepted("c2", [entry(1, "visitor", "Hallå")]));
  assert.equal(state.recent[0], "c1");
  assert.equal(find(state, "c2").unread, 1);
});

test("an own message stands as sending, then as sent in the server's order", () => {
  const sending = after(talking, { type: "send", conversation: "c1", id: "a", text: "Hej du", now: NOW });
  assert.equal(find(sending, "c1").entries.at(-1).delivery, "sending");
  const crossed = after(sending, said(3, "Är du där?"), frame("ack", { conversation: "c1", id: "a", seq: 4 }));
  assert.deepEqual(texts(crossed), ["Hej", "", "Är du där?", "Hej du"]);
  const other = after(sending, said(4, "Är du där?"), frame("ack", { conversation: "c1", id: "a", seq: 3 }));
  assert.deepEqual(texts(other), ["Hej", "", "Hej du", "Är du där?"]);
  assert.equal(find(other, "c1").seq, 4);
  assert.equal(find(other, "c1").entries[2].delivery, "sent");
});

test("an own message that comes back in a resume is not shown twice", () => {
  const state = after(talking, { type: "send", conversation: "c1", id: "a", text: "Hej du", now: NOW },
    { type: "link", link: "lost" }, { type: "link", link: "open" },
    frame("ready", { held: [{ conversation: "c1", service: "linden", seq: 3 }] }),
    accepted("c1", [entry(3, "operator", "Hej du", { id: "a" })], { seq: 3 }),
    frame("ack", { conversation: "c1", id: "a", seq: 3 }));
  assert.deepEqual(texts(state), ["Hej", "", "Hej du"]);
  assert.equal(find(state, "c1").entries[2].delivery, "sent");
});

test("entries are shown once however often they come", () => {
  const state = after(talking, said(3, "Ett"), said(3, "Ett"), accepted("c1", [entry(3, "visitor", "Ett")], { seq: 3 }));
  assert.deepEqual(texts(state), ["Hej", "", "Ett"]);
});

test("a hole is seen, and an own message on its way is none", () => {
  const hole = after(talking, said(4, "Två"));
  assert.equal(hasHole(find(hole, "c1")), true);
  assert.equal(find(hole, "c1").seq, 2);
  const filled = after(hole, accepted("c1", [entry(3, "visitor", "Ett"), entry(4, "visitor", "Två")], { seq: 4 }));
  assert.equal(hasHole(find(filled, "c1")), false);
  assert.equal(find(filled, "c1").seq, 4);
  const own = after(talking, { type: "send", conversation: "c1", id: "a", text: "x", now: NOW }, said(4, "Två"));
  assert.equal(hasHole(find(own, "c1")), false);
});

test("a refused message can be tried again or taken back into the draft", () => {
  const refused = after(talking, { type: "send", conversation: "c1", id: "a", text: "Hej du", now: NOW },
    { type: "draft", conversation: "c1", text: "mer" },
    frame("nack", { code: "rate", text: "Vänta.", retry: true, conversation: "c1", id: "a" }));
  assert.equal(find(refused, "c1").entries.at(-1).delivery, "failed");
  const again = after(refused, { type: "retry", conversation: "c1", id: "a", now: NOW });
  assert.equal(find(again, "c1").entries.at(-1).delivery, "sending");
  const edited = after(refused, { type: "edit", conversation: "c1", id: "a" });
  assert.equal(edited.drafts.c1, "Hej du\nmer");
  assert.deepEqual(texts(edited), ["Hej", ""]);
});

test("words are unread unless their conversation is before her eyes", () => {
  assert.equal(find(after(talking, said(3, "Ett")), "c1").unread, 0);
  assert.equal(find(after(talking, { type: "queue" }, said(3, "Ett")), "c1").unread, 1);
  const away = after(talking, { type: "focused", focused: false }, said(3, "Ett"), said(4, "Två"));
  assert.equal(find(away, "c1").unread, 2);
  assert.equal(find(after(away, { type: "focused", focused: true }), "c1").unread, 0);
});

test("what she said after the last answer is unread on a page that was loaded again", () => {
  const state = after(online, frame("ready", { held: [{ conversation: "c1", service: "linden", seq: 3 }] }),
    accepted("c1", [entry(1, "visitor", "Hej"), entry(2, "operator", "Hej"), entry(3, "visitor", "Är du där?")]));
  assert.equal(find(state, "c1").unread, 1);
});

test("the end is asked for before it is sent, and a broken connection takes it back", () => {
  const asking = after(talking, { type: "ask_end", conversation: "c1" });
  assert.equal(find(asking, "c1").phase, "asking");
  assert.equal(find(after(asking, { type: "keep", conversation: "c1" }), "c1").phase, "open");
  const ending = after(asking, { type: "end", conversation: "c1" });
  assert.equal(find(after(ending, { type: "link", link: "lost" }), "c1").phase, "open");
  assert.equal(find(after(ending, frame("ended", { conversation: "c1", seq: 2, reason: "operator" })), "c1").phase, "ended");
});

test("nothing is written, heard or asked in a conversation that is over", () => {
  const over = after(talking, frame("ended", { conversation: "c1", seq: 2, reason: "left_quickly" }));
  const later = after(over, { type: "send", conversation: "c1", id: "a", text: "Är du där?", now: NOW }, said(3, "x"),
    { type: "ask_end", conversation: "c1" }, frame("typing", { conversation: "c1" }));
  assert.deepEqual(later.conversations, over.conversations);
});

test("what was on its way when it ended is shown as not sent", () => {
  const state = after(talking, { type: "send", conversation: "c1", id: "a", text: "Hej du", now: NOW },
    frame("ended", { conversation: "c1", seq: 2, reason: "visitor" }));
  assert.equal(find(state, "c1").entries.at(-1).delivery, "failed");
  assert.equal(find(state, "c1").entries.at(-1).retry, false);
});

test("a dismissed conversation leaves no word behind, nor a draft", () => {
  const state = after(talking, { type: "draft", conversation: "c1", text: "hemligt" },
    frame("ended", { conversation: "c1", seq: 2, reason: "visitor" }), { type: "dismiss", conversation: "c1" });
  assert.equal(JSON.stringify(state).includes("hemligt"), false);
  assert.equal(JSON.stringify(state).includes("Hej"), false);
  assert.equal(state.pane, "queue");
});

test("another tab takes every word of the visitors with it and leaves the drafts", () => {
  const state = after(talking, { type: "draft", conversation: "c1", text: "utkast" }, { type: "link", link: "taken" });
  assert.deepEqual(state.conversations, []);
  assert.equal(state.drafts.c1, "utkast");
});

test("what is no longer held after a reconnect is shown as gone", () => {
  const state = after(talking, { type: "link", link: "lost" }, { type: "link", link: "open" }, frame("ready", { held: [] }));
  assert.equal(find(state, "c1").phase, "lost");
  assert.equal(find(state, "c1").reason, "gone");
});

test("a conversation that comes back after it was lost begins afresh", () => {
  const state = after(talking, frame("lost", { conversation: "c1", seq: 3 }), { type: "claim", conversation: "c1" },
    accepted("c1", [entry(1, "visitor", "Hej")]));
  assert.equal(find(state, "c1").phase, "open");
  assert.equal(state.conversations.length, 1);
});

test("an unreadable conversation keeps asking from the start until its text has come", () => {
  const blind = after(online, { type: "claim", conversation: "c1" },
    accepted("c1", [], { seq: 5, readable: false, connected: false }));
  assert.equal(find(blind, "c1").seq, 0);
  const readable = after(blind, accepted("c1", [entry(1, "visitor", "Hej")]));
  assert.equal(find(readable, "c1").readable, true);
  assert.equal(find(readable, "c1").seq, 1);
});

test("numbers stay with their conversation and are never those of another one", () => {
  const three = after(talking, accepted("c2"), accepted("c3"));
  const fewer = after(three, frame("ended", { conversation: "c2", seq: 0, reason: "visitor" }), { type: "dismiss", conversation: "c2" });
  assert.deepEqual(fewer.conversations.map((held) => [held.id, held.number]), [["c1", 1], ["c3", 3]]);
  const fourth = after(fewer, accepted("c4"));
  assert.equal(find(fourth, "c4").number, 4);
  const again = after(fourth, { type: "dismiss", conversation: "c3" }, accepted("c5"), accepted("c3"));
  assert.deepEqual(again.conversations.map((held) => [held.id, held.number]), [["c1", 1], ["c3", 3], ["c4", 4], ["c5", 5]]);
});

test("set aside while she is away is not told as a lost contact, and she who is back is not set aside", () => {
  const lost = frame("lost", { conversation: "c1", seq: 3 });
  const away = frame("presence", { conversation: "c1", connected: false });
  const aside = { type: "aside", conversation: "c1" };
  const why = (...acts) => find(after(talking, away, ...acts, lost), "c1").reason;
  assert.equal(why(), "lost");
  assert.equal(why(aside), "aside");
  assert.equal(why(aside, frame("presence", { conversation: "c1", connected: true })), "lost");
  assert.equal(why(aside, frame("nack", { conversation: "c1", code: "not_now", text: "", retry: false })), "lost");
});

test("a duty that the server ends by itself is told, one that she ends is not", () => {
  const off = frame("duty", { on: false, services: [] });
  assert.equal(after(online, off).duty.dropped, true);
  assert.equal(after(online, { type: "duty" }, off).duty.dropped, false);
  assert.deepEqual(after(online, frame("waiting", { conversations: [waiting("c1")] }), off).waiting, []);
});

test("a refused duty is told at the switch", () => {
  const state = after(online, { type: "duty" }, frame("nack", { code: "not_allowed", text: "Det går inte.", retry: false }));
  assert.deepEqual([state.duty.refusal, state.duty.pending, state.duty.taken], ["Det går inte.", false, false]);
  const taken = after(state, { type: "duty" }, frame("nack", { code: "conflict", text: "Någon heter så.", retry: false }));
  assert.deepEqual([taken.duty.refusal, taken.duty.pending, taken.duty.taken], ["", false, true]);
  assert.equal(after(taken, { type: "duty" }).duty.taken, false);
});

test("unknown frames and frames about unknown conversations change nothing", () => {
  for (const strange of [frame("sparkle"), frame("sparkle", { conversation: "c1" }), said(1, "x", { conversation: "c9" })]) {
    assert.deepEqual(after(talking, strange), talking);
  }
});

test("an act returns a new state and leaves the old one as it was", () => {
  const before = JSON.stringify(talking);
  after(talking, said(3, "Ett"), { type: "send", conversation: "c1", id: "a", text: "x", now: NOW });
  assert.equal(JSON.stringify(talking), before);
});

test("how many more wait is kept, and is nobody when the list says nothing or duty ends", () => {
  const listed = after(online, frame("waiting", { conversations: [waiting("c1")], more: 7 }));
  assert.equal(listed.waitingMore, 7);
  assert.equal(after(listed, frame("waiting", { conversations: [waiting("c1")] })).waitingMore, 0);
  assert.equal(after(listed, frame("duty", { on: false, services: [], alias: null })).waitingMore, 0);
});

test("a conversation that comes in parts is joined, and what was answered in a later part is not unread", () => {
  const parts = [
    accepted("c1", [entry(1, "visitor", "Ett"), entry(2, "visitor", "Två")], { seq: 2 }),
    accepted("c1", [entry(3, "operator", "Svar"), entry(4, "visitor", "Tre")], { seq: 4 }),
  ];
  const state = after(online, frame("ready", { held: [{ conversation: "c1", service: "linden", seq: 4 }] }), ...parts);
  assert.deepEqual(texts(state), ["Ett", "Två", "Svar", "Tre"]);
  assert.equal(find(state, "c1").seq, 4);
  assert.equal(find(state, "c1").unread, 1);
});
