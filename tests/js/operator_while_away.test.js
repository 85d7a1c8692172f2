// SPDX-License-Identifier: EUPL-1.2
// What happened while somebody was away: the visitor's connection, and conversations that this console has lost.

import assert from "node:assert/strict";
import { test } from "node:test";

import { lastSeen, seenNow } from "../../web/static/operator/last_seen.js";
import { initial, reduce } from "../../web/static/operator/state.js";
import { linesOf, sameDuty, wasMissed } from "../../web/static/operator/while_away.js";
import { presenceShown } from "../../web/static/operator/words.js";

const NOW = Date.parse("2026-11-22T20:04:40Z");
const MINUTE = 60_000;
const here = { connected: true, awaySince: null, backAt: null, reason: "", phase: "open" };
const page = { language: "sv", texts: {
  "presence.back": "Tillbaka %(time)s", "presence.away_for": { one: "%(n)s min", other: "%(n)s min" },
  "presence.left_quickly": "Skriv inte",
} };

test("one who has just lost contact lost it now, whatever minute the server names", () => {
  const away = seenNow(here, { connected: false, since: "2026-11-22T20:04Z" }, NOW);
  assert.deepEqual(away, { connected: false, awaySince: NOW, backAt: null });
  assert.equal(lastSeen({ ...here, ...away }, NOW + MINUTE - 1).text, "presence.away_now");
  assert.deepEqual(lastSeen({ ...here, ...away }, NOW + 2 * MINUTE), { text: "presence.away_for", n: 2 });
  assert.deepEqual(lastSeen({ ...here, ...away }, NOW + 60 * MINUTE), { text: "presence.away_at", at: NOW });
});

test("after a reload the server's minute counts, and a second frame changes nothing", () => {
  const away = seenNow(here, { connected: false, since: "2026-11-22T19:50Z" }, NOW);
  assert.equal(lastSeen({ ...here, ...away }, NOW).n, 14);
  assert.deepEqual(seenNow({ ...here, ...away }, { connected: false }, NOW + MINUTE), away);
  assert.equal(lastSeen({ ...here, connected: false }, NOW).text, "presence.away");
});

test("one who comes back came back at that time, for a while", () => {
  const back = seenNow({ ...here, connected: false, awaySince: NOW - MINUTE }, { connected: true }, NOW);
  assert.deepEqual(lastSeen({ ...here, ...back }, NOW + MINUTE), { text: "presence.back", at: NOW });
  assert.equal(lastSeen({ ...here, ...back }, NOW + 11 * MINUTE).text, "presence.here");
  assert.deepEqual(seenNow(here, { connected: true }, NOW), { connected: true, awaySince: null, backAt: null });
});

const frame = (type, fields = {}, now = NOW) => ({ type: "frame", frame: { type, ...fields }, now });
const after = (state, ...acts) => acts.reduce(reduce, state);
const talking = after(initial(NOW), { type: "link", link: "open" }, frame("ready", { held: [] }),
  frame("duty", { on: true, services: ["linden"], alias: "Alva" }),
  frame("accepted", { conversation: "c1", service: "linden", seq: 0, entries: [], readable: true, connected: true,
    acute: false, language: "sv" }));

test("the head of a conversation tells it, and nothing while nobody can know", () => {
  const away = after(talking, frame("presence", { conversation: "c1", connected: false, since: "2026-11-22T20:04Z" }));
  const later = after(away, { type: "tick", now: NOW + 3 * MINUTE });
  assert.equal(presenceShown(page, later, later.conversations[0]), "3 min");
  const back = after(later, frame("presence", { conversation: "c1", connected: true }, NOW + 3 * MINUTE));
  assert.match(presenceShown(page, back, back.conversations[0]), /^Tillbaka \u2068\d\d[:.]07\u2069$/);
  const doubtful = after(later, { type: "link", link: "doubtful" });
  assert.equal(presenceShown(page, doubtful, doubtful.conversations[0]), "");
});

test("of one who left quickly it says not to write; of another end it says nothing", () => {
  const [quick, plain] = ["left_quickly", "visitor"].map((reason) =>
    after(talking, frame("ended", { conversation: "c1", seq: 1, reason })));
  assert.equal(presenceShown(page, quick, quick.conversations[0]), "Skriv inte");
  assert.equal(presenceShown(page, plain, plain.conversations[0]), "");
});

test("a conversation that is gone after a reconnect was missed, one that was given away was not", () => {
  const again = [{ type: "link", link: "lost" }, { type: "link", link: "open" }, frame("ready", { held: [] })];
  assert.equal(wasMissed(after(talking, ...again).conversations[0]), true);
  assert.equal(wasMissed(after(talking, frame("lost", { conversation: "c1", seq: 3 })).conversations[0]), true);
  const aside = after(talking, { type: "aside", conversation: "c1" }, frame("lost", { conversation: "c1", seq: 3 }));
  assert.equal(wasMissed(aside.conversations[0]), false);
  assert.equal(wasMissed(talking.conversations[0]), false);
});

test("what became of it is told as far as it is known", () => {
  const since = "2026-11-22T20:04Z";
  assert.deepEqual(linesOf({ now: "waits", since }), [["away.back_in_queue", { since }], ["away.waits", {}]]);
  assert.deepEqual(linesOf({ now: "taken", since, alias: "Mira" }),
    [["away.back_in_queue", { since }], ["away.taken", { alias: "Mira" }]]);
  assert.deepEqual(linesOf({ now: "gone" }), [["away.gone", {}]]);
});

test("going on duty again asks for the same duty, and takes no pause along", () => {
  const duty = { type: "duty", on: true, services: ["linden"], alias: "Alva" };
  assert.deepEqual(sameDuty(duty), { ...duty, own_alias: true });
  const all = { ...duty, own_alias: true, capacity: 2, languages: ["en", "sv"] };
  assert.deepEqual(sameDuty({ ...all, paused: "2026-11-22T20:04Z" }), all);
});
