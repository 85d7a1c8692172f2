// SPDX-License-Identifier: EUPL-1.2
// A supervisor at the console: raised hands, the list of who needs one, taking over, and a wish to talk.

import assert from "node:assert/strict";
import { test } from "node:test";

import { alarmsOf } from "../../web/static/operator/alarms.js";
import { cardsOf, news } from "../../web/static/operator/alerts.js";
import { after as afterHand } from "../../web/static/operator/hands.js";
import { initial, reduce } from "../../web/static/operator/state.js";
import { shown } from "../../web/static/operator/talk.js";
import { after as afterGuest } from "../../web/static/operator/warm.js";
import { closing } from "../../web/static/operator/words.js";

const NOW = 1_700_000_000_000;
const SINCE = "2026-11-23T19:00Z";
const DOWN = { since: null, here: true };
const PAGE = {
  language: "sv",
  account: "anna",
  masks: [],
  services: [{ id: "linden", name: "Linden", track: "exposed", routine: {} }],
  texts: {
    "alerts.hand": "%(alias)s räcker upp handen",
    "alerts.talk": "%(alias)s vill prata",
    "alerts.talk_taken": "%(taken)s hör av sig till %(alias)s",
    "alerts.unattended": { one: "%(n)s väntar", other: "%(n)s väntar" },
    "alerts.unattended_do": "Ring.",
    "alerts.returned": "först i kön",
    "alerts.come": "Gå in",
    "alerts.in_touch": "Jag hör av mig",
    "reasons.transferred": "%(alias)s har tagit över",
    "after.transferred": "Tack",
    "reasons.lost": "tillbaka i kön",
  },
};
const HAND = { conversation: "c", service: "linden", alias: "Alva", waited_s: 5, acute: false, language: "sv", connected: true };
const TALK = { talk: "t", services: ["linden"], alias: "Alva", waited_s: 5 };
const NONE = { hands: [], talks: [], returned: [], unattended: [] };

const heard = (state, ...frames) => frames.reduce((so, frame) => reduce(so, { type: "frame", frame, now: NOW }), state);
const accepted = (more = {}) => ({
  type: "accepted", conversation: "c", service: "linden", seq: 1, entries: [], readable: true, connected: true, acute: false, language: "sv", ...more,
});

test("a hand is where the server says it is", () => {
  const up = afterHand(DOWN, { type: "hand", conversation: "c", since: SINCE });
  assert.deepEqual(up, { since: SINCE, here: true });
  const alone = afterHand(up, { type: "hand", conversation: "c", since: SINCE, here: false });
  assert.deepEqual(alone, { since: SINCE, here: false });
  assert.deepEqual(afterHand(alone, accepted({ hand: SINCE })), alone, "a reconnect tells nothing new of who is there");
  assert.deepEqual(afterHand(up, { type: "hand", conversation: "c" }), DOWN);
  assert.deepEqual(afterHand(up, { type: "supervisor_came", conversation: "c", seq: 2, alias: "Siv" }), DOWN);
  assert.deepEqual(afterHand(up, accepted()), DOWN);
});

test("what cannot wait stands first, and what is answered last without a button", () => {
  const alerts = {
    hands: [HAND],
    unattended: [{ service: "linden", waiting: 2, waited_s: 9 }],
    returned: [{ service: "eken", waited_s: 3, acute: true }],
    talks: [TALK, { ...TALK, talk: "u", taken_by: "Siv" }],
  };
  const cards = cardsOf(PAGE, alerts);
  assert.deepEqual(cards.map(({ kind }) => kind), ["hand", "unattended", "returned", "talk", "taken"]);
  assert.deepEqual(cards.map(({ button }) => button), ["Gå in", "", "", "Jag hör av mig", ""]);
  assert.deepEqual(cards.map(({ of }) => of), ["c", "", "", "t", "u"]);
  assert.equal(new Set(cards.map(({ key }) => key)).size, cards.length);
  assert.match(cards[0].text, /Alva.* räcker upp handen/);
  // Nobody is there, and she lost the one who was: one line, with what can be done.
  const once = { ...NONE, unattended: alerts.unattended, returned: [{ service: "linden", waited_s: 3, acute: true }] };
  assert.deepEqual(cardsOf(PAGE, once).map(({ kind, text, acute }) => [kind, text, acute]), [["unattended", "2 väntar Ring.", true]]);
  assert.equal(alarmsOf(once).length, 1);
  assert.equal(cards[0].place, "Linden");
  assert.equal(cards[0].away, false);
  assert.equal(cardsOf(PAGE, { ...NONE, hands: [{ ...HAND, connected: false }] })[0].away, true);
});

test("only what is new is read aloud, and not that somebody else has answered", () => {
  const before = cardsOf(PAGE, { ...NONE, hands: [HAND] });
  assert.equal(news(before, cardsOf(PAGE, { ...NONE, hands: [{ ...HAND, waited_s: 60 }] })), "");
  assert.match(news(before, cardsOf(PAGE, { ...NONE, hands: [HAND], talks: [TALK] })), /^.*Alva.* vill prata Linden\.$/);
  assert.equal(news([], cardsOf(PAGE, { ...NONE, talks: [{ ...TALK, taken_by: "Siv" }] })), "");
});

test("a supervisor here and a guest here are told apart, and both take the one seat", () => {
  const nothing = { possible: null, open: true, asked: null, invited: null, alias: null, declined: false, supervisor: null };
  const came = afterGuest(nothing, { type: "supervisor_came", conversation: "c", seq: 2, alias: "Siv" });
  assert.deepEqual([came.supervisor, came.alias, came.open], ["Siv", null, false]);
  assert.equal(afterGuest(came, { type: "guest_left", conversation: "c", seq: 3, alias: "Siv" }).supervisor, null);
  const again = afterGuest(nothing, accepted({ guest: { organisation: "Jouren", alias: "Siv", supervisor: true } }));
  assert.deepEqual([again.supervisor, again.invited], ["Siv", null]);
  const guest = afterGuest(nothing, accepted({ guest: { organisation: "Kommunen", alias: "Gry" } }));
  assert.deepEqual([guest.supervisor, guest.invited, guest.alias], [null, "Kommunen", "Gry"]);
});

test("taken over: the talk is closed with the name of who has it now", () => {
  const held = heard(initial(NOW), accepted());
  const lost = heard(held, { type: "lost", conversation: "c", seq: 3, by: "Siv" }).conversations[0];
  assert.deepEqual([lost.phase, lost.reason], ["lost", "transferred"]);
  assert.deepEqual(lost.entries, []);
  assert.equal(closing(PAGE, lost).heading, "\u2068Siv\u2069 har tagit över");
  const back = heard(held, { type: "lost", conversation: "c", seq: 3 }).conversations[0];
  assert.deepEqual([back.reason, closing(PAGE, back).heading], ["lost", "tillbaka i kön"]);
});

test("whoever takes over holds it from then on: no guest any more", () => {
  const as_guest = { holder: "Alva", organisation: "Jouren", history: true, supervisor: true };
  const guest = heard(initial(NOW), accepted({ as_guest }));
  assert.equal(guest.conversations[0].as_guest.supervisor, true);
  const holder = heard(guest, { type: "yours", conversation: "c", seq: 3, alias: "Siv", relieved: "Alva" });
  assert.deepEqual([holder.conversations[0].as_guest, holder.conversations[0].seq], [null, 3]);
  assert.deepEqual(holder.conversations[0].entries.map(({ type }) => type), ["relieved", "joined"]);
});

test("a wish to talk: asked, seen, and nothing of it any more", () => {
  assert.deepEqual(shown({ at: null, alias: null, here: true }), { line: "talk.about", button: "talk.ask" });
  assert.deepEqual(shown({ at: SINCE, alias: null, here: true }), { line: "talk.asked", button: "talk.take_back" });
  assert.equal(shown({ at: SINCE, alias: null, here: false }).line, "talk.asked_nobody");
  assert.deepEqual(shown({ at: SINCE, alias: "Siv", here: true }), { line: "talk.seen", button: "talk.done" });
});
