// SPDX-License-Identifier: EUPL-1.2
/** What the waiting room says about closing time and languages, and when it names others. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { aboutRoom, wantsHelp, wantsOthers } from "../../../web/static/visitor/room.js";
import { START } from "../../../web/static/visitor/state.js";

/** @type {import("../../../web/static/visitor/types").Say} */
const say = (key, values = {}) => [key, ...Object.values(values)].join(" ");
const usual = { ahead: 0, wait: null, here: true, closed: false, closes: null, understood: true };

/**
 * @param {Partial<import("../../../web/static/visitor/types").Place>} place
 * @param {Partial<import("../../../web/static/visitor/types").State>} [more]
 */
function waiting(place, more = {}) {
  return { ...START, phase: /** @type {const} */ ("waiting"), place: { ...usual, ...place }, ...more };
}

/** @param {import("../../../web/static/visitor/types").State} state */
const told = (state) => aboutRoom(say, state, { tag: "sv", wanted: "ar" });

test("closing time is told by the clock in Sweden, in winter and in summer", () => {
  assert.deepEqual(told(waiting({ closes: "2026-11-26T20:00Z" })), ["closes 21:00"]);
  assert.deepEqual(told(waiting({ closes: "2026-06-26T20:00Z" })), ["closes 22:00"]);
});

test("after closing time it depends on whether anybody is left", () => {
  assert.deepEqual(told(waiting({ closed: true })), ["closed"]);
  assert.deepEqual(told(waiting({ closed: true, here: false })), ["closed.nobody"]);
});

test("a language that nobody here speaks is named in hers", () => {
  assert.deepEqual(told(waiting({ understood: false })), ["language arabiska"]);
});

test("without trouble, and once somebody is here, nothing is said", () => {
  assert.deepEqual(told(waiting({})), []);
  assert.deepEqual(told(waiting({ closed: true }, { phase: "active" })), []);
  assert.deepEqual(told(waiting({ closed: true }, { place: null })), []);
});

test("others are named where nobody can answer, or not for long", () => {
  assert.equal(wantsOthers(waiting({ here: false })), true);
  assert.equal(wantsOthers(waiting({ wait: [20, 45] })), true);
  assert.equal(wantsOthers(waiting({ wait: [5, 30] })), false);
  assert.equal(wantsOthers(waiting({ here: false }, { phase: "active" })), false);
  assert.equal(wantsOthers({ ...START, phase: "connecting", paused: true }), true);
});

test("other help is offered on its own in a talk without contact, and nowhere else", () => {
  assert.equal(wantsHelp({ ...START, phase: "active", connected: false }), true);
  assert.equal(wantsHelp({ ...START, phase: "active", connected: true }), false);
  assert.equal(wantsHelp({ ...START, phase: "waiting", connected: false }), false);
  assert.equal(wantsHelp({ ...START, phase: "over", connected: false }), false);
});
