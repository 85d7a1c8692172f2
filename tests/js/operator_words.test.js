// SPDX-License-Identifier: EUPL-1.2
// Which words, figures and keys the console picks.

import assert from "node:assert/strict";
import { test } from "node:test";

import { wishOf } from "../../web/static/operator/keys.js";
import { initial, reduce } from "../../web/static/operator/state.js";
import { objection } from "../../web/static/operator/view_start.js";
import { columnsIn, visible } from "../../web/static/operator/view_panes.js";
import {
  DOUBT_MS, announcement, closing, connectionShown, deliveryShown, languageName, minutesOpen, say, ticking, title, waited,
} from "../../web/static/operator/words.js";

const NOW = Date.parse("2026-11-22T18:00:00Z");
const page = {
  language: "sv",
  account: "anna",
  services: [{ id: "linden", name: "Linden", track: "exposed" }],
  texts: {
    title: "Konsol", conversation: "Samtal %(n)s", unread: { one: "%(n)s nytt", other: "%(n)s nya" },
    "told.waiting": "Väntar: %(service)s.", "told.acute": "Akut: %(service)s.", "told.unread": "Nytt i %(n)s.",
    "reasons.left_quickly": "Lämnade snabbt", "reasons.other": "Slut",
    "after.left_quickly": "Skriv inte.", "after.other": "Raderas.",
    "delivery.sending": "Skickar", "delivery.later": "Senare", "delivery.sent": "Skickat", "delivery.failed": "Inte skickat.",
    "duty.alias_missing": "alias?", "duty.alias_own": "eget", "duty.service_missing": "tjänst?", "link.lost": "Ingen kontakt.",
  },
};
const after = (state, ...acts) => acts.reduce(reduce, state);
const frame = (type, fields = {}, now = NOW) => ({ type: "frame", frame: { type, ...fields }, now });
const waiting = (conversation, acute = false) => ({
  conversation, service: "linden", since: "", waited_s: 60, acute, language: "sv", returned: false, connected: true, mine: false,
});
const online = after(initial(NOW), { type: "link", link: "open" }, frame("ready", { held: [] }),
  frame("duty", { on: true, services: ["linden"], alias: "Månen" }));
const accepted = (conversation, entries = []) => frame("accepted", {
  conversation, service: "linden", seq: entries.length, entries, readable: true, connected: true, acute: false, language: "sv",
});
const press = (key, fields = {}) => ({
  key, code: "", altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, repeat: false, isComposing: false, ...fields,
});

test("a text takes its values and its plural form", () => {
  assert.equal(say(page, "conversation", { n: 2 }), "Samtal 2");
  assert.equal(say(page, "unread", { n: 1 }), "1 nytt");
  assert.equal(say(page, "unread", { n: 4 }), "4 nya");
  assert.equal(say(page, "absent"), "");
});

test("an end that nobody has thought of takes the general words", () => {
  assert.deepEqual(closing(page, { reason: "left_quickly" }), { heading: "Lämnade snabbt", body: "Skriv inte." });
  assert.deepEqual(closing(page, { reason: "strange" }), { heading: "Slut", body: "Raderas." });
});

test("waiting ticks on from what the server counted", () => {
  const state = after(online, frame("waiting", { conversations: [waiting("c1")] }), { type: "tick", now: NOW + 5000 });
  assert.equal(waited(state, state.waiting[0]), 65);
  assert.deepEqual([0, 65, 3723, -4].map(ticking), ["0:00", "1:05", "1:02:03", "0:00"]);
});

test("a conversation is as old as the first word after its operator came", () => {
  const entries = [
    { type: "said", seq: 1, from: "visitor", text: "Hej", at: "2026-11-22T17:30Z" },
    { type: "joined", seq: 2, alias: "Månen" },
    { type: "said", seq: 3, from: "operator", text: "Hej", at: "2026-11-22T17:48Z" },
  ];
  assert.equal(minutesOpen(after(online, accepted("c1", entries)).conversations[0], NOW), 12);
});

test("the connection is doubtful when a message waits too long for its ack", () => {
  const sent = after(online, accepted("c1"), { type: "send", conversation: "c1", id: "a", text: "x", now: NOW });
  assert.equal(connectionShown(sent), "fine");
  assert.equal(connectionShown(after(sent, { type: "tick", now: NOW + DOUBT_MS + 1 })), "doubtful");
  assert.equal(connectionShown(after(sent, { type: "link", link: "doubtful" })), "doubtful");
  assert.equal(connectionShown(after(sent, { type: "link", link: "lost" })), "lost");
  assert.equal(connectionShown(after(sent, { type: "link", link: "connecting" })), "lost");
  assert.equal(connectionShown(initial(NOW)), "connecting");
});

test("a message without contact says that it is sent later", () => {
  const sent = after(online, accepted("c1"), { type: "send", conversation: "c1", id: "a", text: "x", now: NOW });
  const [entry] = sent.conversations[0].entries;
  assert.equal(deliveryShown(page, sent, entry), "Skickar");
  assert.equal(deliveryShown(page, after(sent, { type: "link", link: "lost" }), entry), "Senare");
  assert.equal(deliveryShown(page, sent, { ...entry, delivery: "failed", why: "Vänta." }), "Inte skickat. Vänta.");
});

test("the title counts who waits and what is unread", () => {
  const state = after(online, frame("waiting", { conversations: [waiting("c1"), waiting("c2")] }));
  assert.equal(title(page, online), "Konsol");
  assert.equal(title(page, state), "(2) Konsol");
  const unread = after(state, accepted("c3"),
    frame("said", { conversation: "c3", seq: 1, from: "visitor", text: "Hej", at: "2026-11-22T18:00Z" }));
  assert.equal(title(page, unread), "(3) Konsol");
});

test("each new visitor is announced once, the acute as acute", () => {
  const one = after(online, frame("waiting", { conversations: [waiting("c1")] }));
  assert.equal(announcement(page, online, one), "Väntar: \u2068Linden\u2069.");
  const two = after(one, frame("waiting", { conversations: [waiting("c2", true), waiting("c1")] }));
  assert.equal(announcement(page, one, two), "Akut: \u2068Linden\u2069.");
  assert.equal(announcement(page, two, after(two, { type: "tick", now: NOW + 1000 })), "");
  assert.equal(announcement(page, two, after(two, { type: "link", link: "lost" })), "Ingen kontakt.");
});

test("an announcement never holds a visitor's words", () => {
  const before = after(online, accepted("c1"));
  const state = after(before, frame("said", { conversation: "c1", seq: 1, from: "visitor", text: "hemligt", at: "" }));
  assert.equal(announcement(page, before, state), "Nytt i 1.");
});

test("a language is named only when it is another than the page's", () => {
  assert.equal(languageName(page, "sv"), "");
  assert.equal(languageName(page, "ar"), "arabiska");
  assert.equal(languageName(page, "not a tag"), "not a tag");
});

test("an alias must be there and not be her own name, and a service must be chosen", () => {
  assert.deepEqual(objection(page, "", ["linden"]), { of: "alias", text: "alias?" });
  assert.deepEqual(objection(page, "Anna", ["linden"]), { of: "alias", text: "eget" });
  assert.equal(objection({ ...page, account: "en" }, "Månen", ["linden"]), null);
  assert.deepEqual(objection(page, "Månen", []), { of: "services", text: "tjänst?" });
  assert.equal(objection(page, "Månen", ["linden"]), null);
});

test("Enter sends in the composer only, not with Shift, held down, or in the middle of a composed letter", () => {
  assert.deepEqual(wishOf(press("Enter"), "composer"), { wish: "send" });
  assert.deepEqual(wishOf(press("Enter", { ctrlKey: true }), "composer"), { wish: "send" });
  assert.equal(wishOf(press("Enter", { shiftKey: true }), "composer"), null);
  assert.equal(wishOf(press("Enter", { repeat: true }), "composer"), null);
  assert.equal(wishOf(press("Enter", { isComposing: true }), "composer"), null);
  assert.equal(wishOf(press("Enter"), "queue"), null);
});

test("Alt with a digit or a letter works everywhere, a question mark only outside fields", () => {
  assert.deepEqual(wishOf(press("¡", { altKey: true, code: "Digit1" }), "composer"), { wish: "number", number: 1 });
  assert.deepEqual(wishOf(press("0", { altKey: true, code: "Digit0" }), "composer"), { wish: "number", number: 0 });
  assert.deepEqual(wishOf(press("q", { altKey: true, code: "KeyQ" }), "field"), { wish: "queue" });
  assert.deepEqual(wishOf(press("Dead", { altKey: true, code: "KeyU" }), "composer"), { wish: "unsafe" });
  assert.equal(wishOf(press("q", { altKey: true, ctrlKey: true, code: "KeyQ" }), "composer"), null);
  assert.deepEqual(wishOf(press("?", { shiftKey: true }), "queue"), { wish: "help" });
  assert.equal(wishOf(press("?", { shiftKey: true }), "composer"), null);
});

test("as many conversations show as fit, those last turned to, in the order of their numbers", () => {
  const state = after(online, ...["a", "b", "c", "d"].map((id) => accepted(id)), { type: "turn", conversation: "d" });
  assert.deepEqual(visible(state, 3), ["a", "b", "d"]);
  assert.deepEqual(visible(state, 1), ["d"]);
  assert.deepEqual([200, 360, 720, 976, 1136, 3000].map(columnsIn), [1, 1, 1, 2, 3, 3]);
});
