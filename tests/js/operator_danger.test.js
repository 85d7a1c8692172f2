// SPDX-License-Identifier: EUPL-1.2
// What the console makes of danger: what is told first, when it is told again, and how.

import assert from "node:assert/strict";
import { test } from "node:test";

import { alarmHeading, alarmTold, alarmWhen, isOutdated, markShown, tabAlarm } from "../../web/static/operator/alarm_words.js";
import { alarmOf, isAcute, isFolded, isNews, routineFor } from "../../web/static/operator/danger.js";
import { find } from "../../web/static/operator/desk.js";
import { initial, reduce } from "../../web/static/operator/state.js";

const NOW = Date.parse("2026-11-22T18:00:00Z");
const AT = "2026-11-22T18:00Z";
const after = (state, ...acts) => acts.reduce(reduce, state);
const frame = (type, fields = {}) => ({ type: "frame", frame: { type, conversation: "c1", ...fields }, now: NOW });
const said = (seq, seen, fields = {}) =>
  frame("said", { seq, from: "visitor", text: `ord ${seq}`, at: AT, ...(seen ? { seen } : {}), ...fields });
const accepted = (entries = [], fields = {}) => frame("accepted", {
  service: "linden", seq: entries.length, entries, readable: true, connected: true, acute: false, language: "sv", ...fields,
});
const open = after(initial(NOW), { type: "link", link: "open" }, frame("ready", { held: [] }), accepted());
const acute = { danger: "acute", subject: "visitor", reason: "weapon" };
const concern = { danger: "concern", subject: "self", reason: "suicide" };
const her = frame("acute");
const fold = { type: "fold", conversation: "c1" };
const held = (state) => find(state, "c1");
const alarm = (state) => alarmOf(held(state));
const folded = (state) => isFolded(held(state), alarm(state));
const page = {
  language: "sv", account: "anna", services: [], masks: [],
  texts: {
    conversation: "Samtal %(n)s", "alarm.said": "hon säger", "alarm.acute_visitor": "hon, nu", "alarm.concern_self": "oro",
    "alarm.place": "adress bort", "alarm.answered": "svarade ja", "alarm.answered_at": "före, %(time)s",
    "alarm.answered_before": "före", "alarm.said_at": "sagt %(time)s", "alarm.denied": "nej", "alarm.denied_at": "nej, %(time)s", "sounds.acute": "fara", "sounds.concern": "allvarligt",
  },
};

test("nothing seen is no alarm", () => {
  assert.equal(alarm(after(open, said(1), said(2, { cover: "threat" }), said(3, { masked: ["address"] }))), null);
});

test("acute comes before concern, and of acute ones the newest", () => {
  const state = after(open, said(1, concern), said(2, acute), said(3, acute), said(4, concern));
  assert.deepEqual(alarm(state), { said: false, told: false, before: false, level: "acute", subject: "visitor", seq: 3, place: 0 });
  assert.equal(isAcute(alarm(state)), true);
});

test("what she says herself is kept beside the guess, and comes first", () => {
  const state = after(open, said(1, concern), her);
  assert.deepEqual(alarm(state), { said: true, told: false, before: false, level: "concern", subject: "self", seq: 1, place: 0 });
  assert.equal(alarmHeading(page, alarm(state), "linden"), "hon säger");
  assert.equal(alarmHeading(page, alarm(after(open, said(1, concern))), "linden"), "oro");
});

test("whoever says at the start that she is in danger is heard when her conversation is opened", () => {
  assert.equal(alarm(after(open, accepted([], { acute: true }))).said, true);
});

const when = (state) => alarmWhen(page, held(state), alarm(state)).replace(/[\u2068\u2069]/g, "");
/** In the zone of the services, whatever this machine's is: 18.00 UTC in November. */
const AT_HOME = "19:00";

test("an answer before the start is not told as her words, and both have their time", () => {
  const answered = after(open, accepted([], { acute: true, intake: { acute: true }, started: "2026-11-22T17:36Z" }));
  assert.equal(alarmHeading(page, alarm(answered), "linden"), "svarade ja");
  assert.equal(when(answered), "före, 18:36");
  const early = after(open, accepted([], { acute: true, intake: { acute: true } }));
  assert.equal(when(early), "före");
  assert.equal(when(after(open, her)), `sagt ${AT_HOME}`);
  assert.equal(when(after(open, accepted([], { acute: true }))), "");
});

test("her no is told, aloud too, until she says yes", () => {
  const no = frame("not_acute");
  const asked = after(open, said(1, acute));
  const denied = after(asked, no);
  assert.equal(when(denied), `nej, ${AT_HOME}`);
  assert.deepEqual(alarmTold(page, asked, denied), { urgent: "", calm: "Samtal 1. nej" });
  assert.equal(alarmTold(page, denied, after(denied, said(2))).calm, "");
  assert.equal(when(after(denied, her)), `sagt ${AT_HOME}`);
});

test("what was told aloud is out of date once its conversation is over or away", () => {
  const two = after(open, accepted([], { conversation: "c2" }));
  const over = after(two, frame("ended", { seq: 1, reason: "visitor" }));
  assert.equal(isOutdated(open, two), false);
  assert.equal(isOutdated(two, over), true);
  assert.equal(isOutdated(over, after(over, said(1, acute, { conversation: "c2" }))), false);
  assert.equal(isOutdated(over, after(over, { type: "dismiss", conversation: "c1" })), true);
});

test("a folded alarm stays folded for more of the same, and for what is less", () => {
  const seen = after(open, said(1, concern), fold);
  assert.equal(folded(seen), true);
  assert.equal(folded(after(seen, said(2, concern), said(3))), true);
  const worse = after(open, said(1, acute), fold);
  assert.equal(folded(after(worse, said(2, concern))), true);
});

test("a folded alarm comes back for what is worse, or acute and newer", () => {
  const seen = after(open, said(1, concern), fold);
  assert.equal(folded(after(seen, said(2, acute))), false);
  assert.equal(folded(after(seen, her)), false);
  const both = after(seen, said(2, acute), fold);
  assert.equal(folded(both), true);
  assert.equal(folded(after(both, said(3, acute))), false);
  assert.equal(folded(after(both, her)), false);
  assert.equal(folded(after(both, her, fold)), true);
  assert.equal(folded(after(both, her, fold, said(3, acute))), false);
});

test("a folded alarm can be shown again, and folding needs no network", () => {
  const seen = after(open, said(1, acute), { type: "link", link: "lost" }, fold);
  assert.equal(folded(seen), true);
  assert.equal(folded(after(seen, { type: "unfold", conversation: "c1" })), false);
});

test("a place that was taken out matters only when it is acute, whichever came first", () => {
  const place = { masked: ["phone", "postcode"] };
  assert.equal(alarm(after(open, said(1, concern), said(2, place))).place, 0);
  assert.equal(alarm(after(open, said(1, { ...acute, masked: ["address"] }))).place, 1);
  assert.equal(alarm(after(open, said(1, place), her)).place, 1);
  assert.equal(alarm(after(open, her, said(1, { masked: ["phone"] }))).place, 0);
  const seen = after(open, said(1, acute), fold);
  assert.equal(folded(after(seen, said(2, place))), false);
  assert.equal(folded(after(seen, said(2, place), fold)), true);
});

test("what was seen stays when the conversation is read anew without it", () => {
  const entry = { type: "said", seq: 1, from: "visitor", text: "ord 1", at: AT, seen: acute };
  const state = after(open, said(1, { ...acute, masked: ["address"] }), accepted([entry]));
  assert.equal(alarm(state).place, 1);
});

test("the routine follows who is in danger, then how near it is", () => {
  const routine = (fields) => routineFor({ said: false, told: false, before: false, level: null, subject: "visitor", seq: 1, place: 0, ...fields });
  assert.equal(routine({ level: "acute" }), "acute");
  assert.equal(routine({ level: "concern" }), "concern");
  assert.equal(routine({ level: "concern", subject: "self" }), "self");
  assert.equal(routine({ level: "acute", subject: "other" }), "other");
  assert.equal(routine({ said: true }), "acute");
  assert.equal(routine({ said: true, told: false, before: false, level: "concern", subject: "self" }), "acute");
  assert.equal(routine({ said: true, told: false, before: false, level: "acute", subject: "self" }), "self");
});

test("what is acute is told at once, what is not in its turn, and nothing twice", () => {
  const told = (before, ...acts) => alarmTold(page, before, after(before, ...acts));
  assert.deepEqual(told(open, said(1, acute)), { urgent: "Samtal 1. hon, nu", calm: "" });
  assert.deepEqual(told(open, said(1, concern)), { urgent: "", calm: "Samtal 1. oro" });
  assert.deepEqual(told(open, said(1)), { urgent: "", calm: "" });
  assert.deepEqual(told(after(open, said(1, acute)), said(2, concern), fold), { urgent: "", calm: "" });
  assert.equal(told(open, said(1, { ...acute, masked: ["address"] })).urgent, "Samtal 1. adress bort");
  assert.equal(told(after(open, said(1, acute)), her).urgent, "Samtal 1. hon säger");
});

test("an alarm in a conversation that is opened is told", () => {
  const before = initial(NOW);
  const state = after(before, accepted([{ type: "said", seq: 1, from: "visitor", text: "x", at: AT, seen: acute }]));
  assert.equal(alarmTold(page, before, state).urgent, "Samtal 1. hon, nu");
});

test("a tab is marked until the alarm has been seen, and not when it is over", () => {
  const state = after(open, said(1, acute));
  assert.equal(tabAlarm(held(state)), "acute");
  assert.equal(tabAlarm(held(after(open, said(1, concern)))), "concern");
  assert.equal(tabAlarm(held(after(state, fold))), "");
  assert.equal(tabAlarm(held(after(state, frame("ended", { seq: 2, reason: "visitor" })))), "");
});

test("the message that it comes from is marked", () => {
  const [one, two] = held(after(open, said(1, acute), said(2))).entries.map((entry) => markShown(page, entry));
  assert.deepEqual([one, two], ["fara", ""]);
});

test("an alarm of which nothing was known is news", () => {
  assert.equal(isNews({ said: false, told: false, before: false, level: "concern", subject: "visitor", seq: 1, place: 0 }, null), true);
});

test("danger in a conversation that is not held here changes nothing", () => {
  assert.deepEqual(after(open, frame("acute", { conversation: "c9" })), open);
});

test("where those write who use violence, the words do not say who it is done to", () => {
  const texts = {
    ...page.texts, "alarm.concern_visitor": "hon lever med våld", "alarm.acute_somebody": "någon, nu", "alarm.concern_somebody": "våld finns",
  };
  const services = [{ id: "hamnen", track: "perpetrator" }, { id: "linden", track: "exposed" }];
  const own = { ...page, texts, services };
  const heading = (service, seen) => alarmHeading(own, alarm(after(open, said(1, seen))), service);
  const hits = { ...concern, subject: "visitor" };
  assert.equal(heading("hamnen", hits), "våld finns");
  assert.equal(heading("hamnen", acute), "någon, nu");
  assert.equal(heading("hamnen", concern), "oro");
  assert.equal(heading("linden", hits), "hon lever med våld");
  const hers = after(initial(NOW), { type: "link", link: "open" }, frame("ready", { held: [] }), accepted([], { service: "hamnen" }));
  assert.equal(alarmTold(own, hers, after(hers, said(1, acute))).urgent, "Samtal 1. någon, nu");
});
