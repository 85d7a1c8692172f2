// SPDX-License-Identifier: EUPL-1.2
// Whose turn it is, what a tab tells, how much of a long log is laid out, and what comes first when all come back.

import assert from "node:assert/strict";
import { test } from "node:test";

import { alarmHeading } from "../../web/static/operator/alarm_words.js";
import { alarmOf } from "../../web/static/operator/danger.js";
import { LINES, shownFrom } from "../../web/static/operator/log_window.js";
import { initial, reduce } from "../../web/static/operator/state.js";
import { tabLines, turnShown, waitsFor } from "../../web/static/operator/turn.js";

const NOW = Date.parse("2026-11-22T18:10:30Z");
const at = (minute) => `2026-11-22T18:${String(minute).padStart(2, "0")}Z`;
const said = (seq, from, minute) => ({ type: "said", seq, from, text: "…", at: at(minute) });
const page = {
  language: "sv",
  account: "anna",
  services: [{ id: "linden", name: "Linden", track: "exposed" }],
  texts: {
    minutes: "%(n)s min", tab_ended: "Avslutat", tab_lost: "Inte hos dig nu", tab_draft: "Utkast",
    "turn.head_now": "Väntar på svar", "turn.head": "Väntar på svar %(n)s min", tab_now: "nu", "alarm.said": "säger", "alarm.told": "har berättat", "alarm.answered": "svarade",
  },
};
const frame = (type, fields = {}) => ({ type: "frame", frame: { type, ...fields }, now: NOW });
const open = (entries, fields = {}) =>
  frame("accepted", {
    conversation: "c", service: "linden", seq: entries.length, entries, readable: true, connected: true, acute: false,
    language: "sv", started: at(0), ...fields,
  });
const after = (...acts) => acts.reduce(reduce, initial(NOW));
const held = (...acts) => after(...acts).conversations[0];

test("she waits from the first word after our last one, whatever the service says by itself", () => {
  const waiting = [said(1, "visitor", 1), said(2, "operator", 2), said(3, "visitor", 4), said(4, "visitor", 9), said(5, "service", 9)];
  assert.equal(waitsFor(held(open(waiting)), NOW), 6);
  assert.equal(waitsFor(held(open([...waiting, said(6, "operator", 10)])), NOW), null);
  assert.equal(waitsFor(held(open([said(1, "visitor", 10)])), NOW), 0);
  assert.equal(waitsFor(held(open([])), NOW), null);
  assert.equal(waitsFor(held(open(waiting), frame("ended", { conversation: "c", seq: 5, reason: "visitor" })), NOW), null);
  const sending = held(open(waiting), { type: "send", conversation: "c", id: "i", text: "hej", now: NOW });
  assert.equal(waitsFor(sending, NOW), null, "what is on its way is an answer");
  assert.deepEqual([null, 0, 6].map((n) => turnShown(page, n)), ["", "Väntar på svar", "Väntar på svar 6 min"]);
});

test("a tab tells what is to be done before what it is, and nothing of who it is", () => {
  const waiting = held(open([said(1, "visitor", 4)], { language: "ar" }));
  assert.deepEqual(tabLines(page, waiting, " ", NOW), {
    first: "6 min", second: "arabiska · Linden", told: "Väntar på svar 6 min · arabiska · Linden · 6 min", unsent: false,
  });
  const { told, unsent } = tabLines(page, waiting, "Jag", NOW);
  assert.deepEqual([told, unsent], ["Väntar på svar 6 min · Utkast · arabiska · Linden · 6 min", true]);
  assert.equal(tabLines(page, held(open([said(1, "visitor", 10)])), "", NOW).first, "nu");
  const answered = held(open([said(1, "visitor", 4), said(2, "operator", 5)]));
  assert.deepEqual(tabLines(page, answered, "", NOW), { first: "Linden", second: "6 min", told: "Linden · 6 min", unsent: false });
  const over = held(open([said(1, "visitor", 4)]), frame("ended", { conversation: "c", seq: 1, reason: "visitor" }));
  assert.deepEqual(tabLines(page, over, "Jag", NOW), {
    first: "Avslutat", second: "Linden", told: "Avslutat · Linden", unsent: false,
  });
});

test("when one is put away one goes on with whoever has waited longest", () => {
  const talk = (id, entries) => open(entries, { conversation: id });
  const three = [talk("a", [said(1, "visitor", 9)]), talk("b", [said(1, "visitor", 2)]), talk("c", [said(1, "visitor", 1), said(2, "operator", 2)])];
  const over = frame("ended", { conversation: "c", seq: 3, reason: "visitor" });
  const front = (...acts) => after(...three, over, ...acts).recent[0];
  assert.equal(front({ type: "turn", conversation: "a" }, { type: "turn", conversation: "c" }, { type: "dismiss", conversation: "c" }), "b");
  assert.equal(front({ type: "turn", conversation: "a" }, { type: "dismiss", conversation: "c" }), "a", "not from what is in front");
});

test("the newest lines are shown, and none vanishes while one reads what came before", () => {
  assert.equal(shownFrom(0, LINES, true), 0);
  assert.equal(shownFrom(0, 500, true), 500 - LINES);
  assert.equal(shownFrom(380, 501, false), 380);
  assert.equal(shownFrom(380, 12, false), 12);
});

test("a guest who may not read what came before is not told that she says it now", () => {
  const guest = (history) => ({ acute: true, as_guest: { holder: "Alva", organisation: "Linden", history } });
  const heading = (...acts) => {
    const one = held(...acts);
    return alarmHeading(page, alarmOf(one), one.service);
  };
  assert.equal(heading(open([], guest(false))), "har berättat");
  assert.equal(heading(open([], guest(true))), "säger");
  assert.equal(heading(open([], guest(false)), frame("acute", { conversation: "c" })), "säger");
});

test("back from another tab, what one was writing comes first", () => {
  const ready = frame("ready", { held: ["a", "b", "c"].map((conversation) => ({ conversation, service: "linden", seq: 0 })) });
  const back = after(
    ready, { type: "draft", conversation: "b", text: "Jag" }, { type: "turn", conversation: "a" },
    { type: "link", link: "taken" }, { type: "link", link: "open" }, ready,
  );
  assert.deepEqual(back.recent, ["b", "a", "c"]);
  assert.equal(back.drafts["b"], "Jag");
});
