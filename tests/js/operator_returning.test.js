// SPDX-License-Identifier: EUPL-1.2
// Coming back at the console: what its frames tell, and what may be asked for when.

import assert from "node:assert/strict";
import { test } from "node:test";

import { after, shown } from "../../web/static/operator/returning.js";

const NOTHING = { until: null, returns: 0, word: null };
const UNTIL = "2026-11-23T19:00Z";
const presence = (more) => ({ type: "presence", conversation: "c", connected: true, ...more });
const word = (state, left = 3) => ({ type: "word", conversation: "c", word: { state, left } });
const told = (...frames) => shown(frames.reduce(after, NOTHING));

test("nothing has happened: a word may be offered, and there is nothing to say", () => {
  assert.deepEqual(told(), { lines: [], asks: false, offers: true, aside: false });
});

test("away with a code: until when, and what may be let go of", () => {
  const away = told(presence({ connected: false, until: UNTIL }));
  assert.deepEqual(away, { lines: ["returns.away"], asks: false, offers: false, aside: true });
  assert.deepEqual(told(presence({ connected: false })).lines, []);
  assert.deepEqual(told(presence({ connected: false, until: UNTIL }), presence()).lines, []);
});

test("back with a code: the word is asked for, or there is none to ask for", () => {
  const back = presence({ returns: 1 });
  assert.deepEqual(told(word("agreed"), back).lines, ["returns.back", "agreed.agreed", "returns.suggest"]);
  assert.equal(told(word("agreed"), back).asks, true);
  assert.deepEqual(told(back).lines, ["returns.back", "agreed.none"]);
});

test("told wrong as often as it may be, it is asked for no more", () => {
  assert.equal(told(word("differed", 1)).asks, true);
  assert.equal(told(word("differed", 0)).asks, false);
  for (const state of ["offered", "asked", "declined"]) assert.equal(told(word(state)).asks, false, state);
  assert.deepEqual(["declined", "agreed", "offered"].map((state) => told(word(state)).offers), [true, false, false]);
});

test("no yes counts while the word is asked for, or was told wrong and not right since", () => {
  assert.deepEqual(told(word("asked")).lines, ["agreed.asked", "agreed.doubt"]);
  for (const state of ["differed", "skipped", "agreed"]) {
    assert.deepEqual(told(word(state, 2)).lines, [`agreed.${state}`, "agreed.doubt"]);
  }
  for (const [state, left] of [["matched", 1], ["matched", 0], ["skipped", 3], ["agreed", 3]]) {
    assert.deepEqual(told(word(state, left)).lines, [`agreed.${state}`]);
  }
  assert.deepEqual(told(word("differed", 0)).lines, ["agreed.out"], "and what to do then");
});

test("a console that opens it later knows the same", () => {
  const accepted = { type: "accepted", conversation: "c", connected: false, until: UNTIL, returns: 2, word: { state: "matched", left: 3 } };
  assert.deepEqual(after(NOTHING, accepted), { until: UNTIL, returns: 2, word: { state: "matched", left: 3 } });
  assert.deepEqual(after({ until: UNTIL, returns: 2, word: null }, { ...accepted, connected: true, until: undefined, returns: undefined, word: undefined }), NOTHING);
});
