// SPDX-License-Identifier: EUPL-1.2
// A question to the visitor as the console follows it: asked, refused, taken back, answered, over.

import assert from "node:assert/strict";
import { test } from "node:test";

import { hasHole } from "../../web/static/operator/conversation.js";
import { find } from "../../web/static/operator/desk.js";
import { handingOver } from "../../web/static/operator/handing.js";
import { BLANK } from "../../web/static/operator/handover.js";
import { handoverTold, questionNoted, questionShown } from "../../web/static/operator/handover_words.js";
import { wishOf } from "../../web/static/operator/keys.js";
import { handoverOf, hasUnsent, questionOf } from "../../web/static/operator/question.js";
import { initial, reduce } from "../../web/static/operator/state.js";
import { encode } from "../../web/static/shared/connection.js";

const NOW = Date.parse("2026-11-22T18:00:00Z");
const after = (state, ...acts) => acts.reduce(reduce, state);
const frame = (type, fields = {}) => ({ type: "frame", frame: { type, conversation: "c1", ...fields }, now: NOW });
const accepted = (entries = [], fields = {}) => frame("accepted", {
  service: "linden", seq: entries.length, entries, readable: true, connected: true, acute: false, language: "sv", ...fields,
});
const joined = { type: "joined", seq: 1, alias: "Kim" };
const open = after(initial(NOW), { type: "link", link: "open" }, frame("ready", { held: [] }), accepted([joined]));
const hand = (done, conversation = "c1") => ({ type: "hand", conversation, hand: done });
const write = (text) => hand({ do: "write", field: "want", text });
const offers = [{ receiver: "a", name: "A", organisation: "o", hours: "h" }, { receiver: "b", name: "B", organisation: "o", hours: "h" }];
const proposal = { content: { want: "Hjälp" }, offers, purpose: "Boende", asked_by: "Kim" };
const asked = (seq, id) => frame("proposal", { seq, proposal, ...(id && { id }) });
const answered = (seq, receivers) => frame("answered", { seq, ...(receivers && { receivers }) });
const held = (state) => find(state, "c1");
const panel = (state) => handoverOf(state, "c1");
const asking = after(open, hand({ do: "open" }), write("Hjälp"), hand({ do: "preview" }), hand({ do: "ask", id: "q1" }));
const page = {
  language: "sv", account: "anna", services: [], masks: [],
  texts: {
    conversation: "Samtal %(n)s", "question.asked": "Frågan sedan %(at)s.", "question.yes": "Ja till: %(receivers)s. En kod.",
    "question.no": "Nej. Okej.", "question.taken_back": "Tillbaka.", "noted.asked": "%(alias)s frågade om %(receivers)s.",
    "noted.yes": "Ja till %(receivers)s.", "noted.no": "Nej.", "noted.taken_back": "Togs tillbaka.",
  },
};
const RULES = { rules: {}, masks: {} };
const plain = (text) => text.replace(/[\u2068\u2069]/g, "");

test("nothing is asked before anything is", () => {
  assert.deepEqual(questionOf(held(open)), { state: "none", seq: 0, at: null, receivers: [], proposal: null });
  assert.equal(questionShown(page, questionOf(held(open))), "");
});

test("our question has come through: the panel closes, the draft stays, and nothing is on its way", () => {
  const state = after(asking, asked(2, "q1"));
  assert.deepEqual([panel(state).asking, panel(state).open, panel(state).step], [null, false, "draft"]);
  assert.equal(panel(state).draft.want, "Hjälp");
  assert.equal(questionOf(held(state)).state, "asked");
  assert.match(plain(questionShown(page, questionOf(held(state)))), /^Frågan sedan \d\d:00\.$/);
  assert.equal(held(state).seq, 2);
  assert.equal(hasUnsent(state, "c1"), false);
});

test("somebody else's question leaves ours on its way, and a voice tells a second one", () => {
  const other = after(asking, asked(2, "q0"));
  assert.equal(panel(other).asking, "q1");
  assert.match(plain(handoverTold(page, other, after(other, asked(3, "q1")))), /^Samtal 1\. Frågan sedan/);
});

test("a question of before a new connection comes with the log, and is not asked twice", () => {
  const cut = after(asking, { type: "link", link: "lost" }, { type: "link", link: "open" });
  assert.equal(panel(cut).asking, "q1");
  assert.equal(panel(cut).draft.want, "Hjälp");
  const back = after(cut, frame("ready", { held: [{ conversation: "c1", service: "linden", seq: 2 }] }),
    accepted([{ type: "proposed", seq: 2, from: "operator", id: "q1", proposal }], { seq: 2 }));
  assert.equal(panel(back).asking, null);
});

test("a yes names the receivers, and never an item", () => {
  const state = after(asking, asked(2, "q1"), answered(3, ["A", "B"]));
  const question = questionOf(held(state));
  assert.deepEqual([question.state, question.receivers], ["yes", ["A", "B"]]);
  assert.equal(plain(questionShown(page, question)), "Ja till: A och B. En kod.");
  assert.deepEqual(panel(state).draft, BLANK);
});

test("a no is told as one, and its draft is gone", () => {
  const state = after(asking, asked(2, "q1"), answered(3));
  assert.equal(questionShown(page, questionOf(held(state))), "Nej. Okej.");
  assert.deepEqual(panel(state).draft, BLANK);
});

test("what was drafted after the question outlives the answer", () => {
  const state = after(asking, asked(2, "q1"), hand({ do: "open" }), write("Något annat"), answered(3));
  assert.equal(panel(state).draft.want, "Något annat");
  assert.equal(panel(state).open, true);
});

test("taken back, it can be asked again; asked again, it takes the place of the first", () => {
  const back = after(asking, asked(2, "q1"), hand({ do: "take_back" }), frame("taken_back", { seq: 3 }));
  assert.equal(questionOf(held(back)).state, "taken_back");
  assert.deepEqual([panel(back).taking, panel(back).draft.want], [false, "Hjälp"]);
  const again = after(back, asked(4, "q2"), asked(5, "q3"));
  assert.deepEqual([questionOf(held(again)).state, questionOf(held(again)).seq], ["asked", 5]);
});

test("identity is told at its field, and the panel goes back to the draft", () => {
  const refused = (field, code = "identity") =>
    panel(after(asking, frame("nack", { id: "q1", code, text: "nej", retry: false, field })));
  assert.deepEqual(refused("summary").wrong, { field: "summary", code: "identity", text: "nej" });
  assert.equal(refused("contact").wrong.field, "times");
  assert.deepEqual([refused("purpose").step, refused("purpose").asking], ["draft", null]);
  assert.deepEqual([refused(undefined, "not_allowed").step, refused(undefined, "not_allowed").wrong.field], ["preview", ""]);
  assert.equal(refused("summary").draft.want, "Hjälp");
});

test("a refused question is unsaved again", () => {
  assert.equal(hasUnsent(after(asking, frame("nack", { id: "q1", code: "identity", text: "", retry: false })), "c1"), true);
});

test("taking back too late is told at the question", () => {
  const state = after(asking, asked(2, "q1"), hand({ do: "take_back" }), frame("nack", { code: "not_now", text: "nej", retry: false }));
  assert.deepEqual(panel(state).wrong, { field: "question", code: "not_now", text: "nej" });
  assert.equal(panel(state).taking, false);
});

test("a refusal of something else is left where it belongs", () => {
  const said = after(asking, { type: "send", conversation: "c1", id: "m1", text: "Hej", now: NOW },
    frame("nack", { id: "m1", code: "identity", text: "nej", retry: false }));
  assert.equal(panel(said).asking, "q1");
  assert.equal(held(said).entries.at(-1).delivery, "failed");
  assert.equal(held(after(open, frame("nack", { code: "not_now", text: "nej", retry: false }))).notice, "nej");
});

test("an answer counts as unread where nobody looks, once", () => {
  const two = after(open, frame("accepted", { ...accepted().frame, conversation: "c2" }), { type: "turn", conversation: "c2" });
  assert.equal(held(after(two, asked(2), answered(3, ["A"]))).unread, 1);
  assert.equal(held(after(two, asked(2), answered(3, ["A"]), answered(3, ["A"]))).unread, 1);
});

test("drafts of two conversations are two, and neither outlives its own", () => {
  const two = after(open, frame("accepted", { ...accepted().frame, conversation: "c2" }), write("ett"),
    hand({ do: "write", field: "want", text: "två" }, "c2"));
  assert.deepEqual([panel(two).draft.want, handoverOf(two, "c2").draft.want], ["ett", "två"]);
  for (const over of [frame("ended", { seq: 2, reason: "visitor" }), frame("lost", { seq: 2 }), frame("ready", { held: [] })]) {
    assert.equal("c1" in after(two, over).handovers, false);
  }
  assert.equal(handoverOf(after(two, frame("ended", { seq: 2, reason: "visitor" })), "c2").draft.want, "två");
  assert.deepEqual(after(two, { type: "link", link: "taken" }).handovers, {});
});

test("over is over: nothing can be drafted any more", () => {
  assert.deepEqual(after(open, frame("ended", { seq: 2, reason: "visitor" }), write("sent")).handovers, {});
});

test("a missing question is asked for like any other entry", () => {
  assert.equal(hasHole(held(after(open, asked(3)))), true);
  assert.equal(hasHole(held(after(open, asked(2), answered(3)))), false);
});

test("the log tells who asked whom, and what came of it", () => {
  const noted = (entry) => plain(questionNoted(page, { receivers: [], proposal: null, ...entry }));
  assert.equal(noted({ type: "proposed", proposal }), "Kim frågade om A och B.");
  assert.equal(noted({ type: "answered", receivers: ["A"] }), "Ja till A.");
  assert.equal(noted({ type: "answered" }), "Nej.");
  assert.equal(noted({ type: "taken_back" }), "Togs tillbaka.");
});

test("a voice tells what has just happened, and not what the log brought", () => {
  const state = after(asking, asked(2, "q1"));
  const yes = after(state, answered(3, ["A"]));
  assert.equal(plain(handoverTold(page, state, yes)), "Samtal 1. Ja till: A. En kod.");
  assert.equal(handoverTold(page, yes, after(yes, frame("typing"))), "");
  const said = frame("said", { seq: 4, from: "visitor", text: "Tack", at: "2026-11-22T18:00Z" });
  assert.equal(handoverTold(page, yes, after(yes, said)), "");
  const taken = after(initial(NOW), accepted([joined, { type: "proposed", seq: 2, proposal }, { type: "answered", seq: 3 }]));
  assert.equal(handoverTold(page, initial(NOW), taken), "");
  const empty = after(initial(NOW), frame("ready", { held: [{ conversation: "c1", service: "linden", seq: 3 }] }));
  assert.equal(handoverTold(page, empty, after(empty, accepted(held(taken).entries))), "");
});

test("an answer that was put away stays away until the next", () => {
  const state = after(asking, asked(2, "q1"), answered(3));
  assert.equal(panel(after(state, hand({ do: "put_away", seq: 3 }))).put_away, 3);
});

test("receivers that cannot be fetched leave those that are known, and say so", () => {
  const known = { receivers: [], lines: [{ name: "L", address: "1", note: "" }] };
  const state = after(initial(NOW, { linden: known }), { type: "receivers", service: "linden", receivers: null });
  assert.deepEqual(state.receivers.linden, { ...known, stale: true });
  assert.equal(after(state, { type: "receivers", service: "linden", receivers: known }).receivers.linden.stale, false);
});

test("opening asks for the receivers as they are now; asking sends once, and again after a new connection", async () => {
  let state = open;
  const sent = [];
  const [fetched, learnt] = [[], []];
  const { hand: done, ask, askAgain } = handingOver({
    state: () => state,
    act: (act) => {
      state = reduce(state, act);
    },
    send: (one) => sent.push(one) > 0,
    fetch: async (service) => (fetched.push(service) > 0 ? { receivers: [], lines: [] } : Promise.reject(new Error())),
    fetchRules: async (...of) => (learnt.push(of) > 0 ? RULES : Promise.reject(new Error())),
    newId: () => "q1",
  });
  done("c1", { do: "open" });
  await new Promise(setImmediate);
  assert.deepEqual(fetched, ["linden"]);
  assert.deepEqual(state.rules, { "linden sv": RULES });
  done("c1", { do: "open" });
  assert.deepEqual([fetched.length, learnt], [2, [["linden", "sv"]]]);
  done("c1", { do: "write", field: "want", text: "Hjälp" });
  ask("c1");
  ask("c1");
  assert.equal(sent.length, 1);
  assert.deepEqual([sent[0].type, sent[0].id, sent[0].draft.want], ["ask", "q1", "Hjälp"]);
  askAgain("c1");
  assert.deepEqual(sent[1], sent[0]);
  state = reduce(state, asked(2, "q1"));
  askAgain("c1");
  assert.equal(sent.length, 2);
});

test("opening the panel puts away what came of the last question, and never one that is still asked", () => {
  const no = after(asking, asked(2, "q1"), answered(3));
  assert.equal(panel(no).put_away, 0);
  assert.equal(panel(after(no, hand({ do: "open" }))).put_away, 3);
  const again = after(no, hand({ do: "open" }), asked(4, "q2"), hand({ do: "close" }), hand({ do: "open" }));
  assert.equal(questionOf(held(again)).state, "asked");
  assert.equal(panel(again).put_away, 3);
});

test("receivers have the names that the operator reads, where they are known", () => {
  const receivers = [{ id: "a", name: "Mottagningen" }];
  const ours = { ...page, receivers: { linden: { receivers, lines: [] } } };
  const state = after(asking, asked(2, "q1"), answered(3, ["A", "B"]));
  assert.equal(plain(questionShown(ours, questionOf(held(state)))), "Ja till: Mottagningen och B. En kod.");
  const entry = { type: "answered", proposal: null, receivers: ["A", "B"] };
  assert.equal(plain(questionNoted(ours, entry, proposal)), "Ja till Mottagningen och B.");
  assert.equal(plain(questionNoted(ours, entry)), "Ja till A och B.");
  assert.equal(plain(questionNoted(ours, { type: "proposed", proposal, receivers: [] })), "Kim frågade om Mottagningen och B.");
});

test("what cannot be taken back now is not marked as on its way", () => {
  let state = after(asking, asked(2, "q1"));
  const act = (one) => {
    state = reduce(state, one);
  };
  const house = {
    state: () => state, act, fetch: async () => ({ receivers: [], lines: [] }), fetchRules: async () => RULES, newId: () => "x",
  };
  handingOver({ ...house, send: () => false }).hand("c1", { do: "take_back" });
  assert.equal(panel(state).taking, false);
  handingOver({ ...house, send: () => true }).hand("c1", { do: "take_back" });
  assert.equal(panel(state).taking, true);
});

test("Alt+O opens it, wherever the focus is", () => {
  const press = { key: "o", code: "KeyO", altKey: true, ctrlKey: false, metaKey: false, shiftKey: false, repeat: false, isComposing: false };
  for (const where of ["composer", "field", "queue", "elsewhere"]) assert.deepEqual(wishOf(press, where), { wish: "handover" });
});

test("a question is as long on the wire as the next: it is padded", () => {
  assert.equal(encode({ type: "ask", draft: { want: "a" } }).length % 1024, 0);
  assert.equal(encode({ type: "ask", draft: { want: "a" } }).length, encode({ type: "ask", draft: { want: "a".repeat(500) } }).length);
});
