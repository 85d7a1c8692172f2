// SPDX-License-Identifier: EUPL-1.2
// The form about a conversation that is over: ticks as a frame, digits, and forms that are not counted yet.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isCounted } from "../../web/static/operator/wrapup.js";
import { AGAIN_MS, NONE, after, answers, due, placeOf, sending } from "../../web/static/operator/wrapup_model.js";

const form = (id) => ({ type: "wrap_up", id, service: "linden", channel: "chat" });
const ids = (frames) => frames.map(({ id }) => id);

test("what is ticked is told, and what was left open or not told is not there", () => {
  assert.deepEqual(answers([]), {});
  const ticked = [["violence", "latent"], ["violence", "digital"], ["relation", ""], ["themes", "shelter"], ["outcome", "line"], ["age_band", ""]];
  assert.deepEqual(answers(ticked), { violence: ["latent", "digital"], themes: ["shelter"], outcome: "line" });
});

test("digits stand in the order of the keyboard: 1 is the first, 0 the tenth", () => {
  assert.deepEqual(["1", "9", "0"].map(placeOf), [0, 8, 9]);
  for (const key of ["a", "", "12", "F1", "Enter", "²"]) assert.equal(placeOf(key), -1, key);
});

test("a form that is counted is done, and another's answer changes nothing", () => {
  const sent = sending(sending(NONE, form("a"), 1000), form("b"), 1000);
  assert.deepEqual(ids(after(sent, { type: "wrapped_up", id: "a" }).sent.map(({ frame }) => frame)), ["b"]);
  assert.equal(after(sent, { type: "wrapped_up", id: "c" }), sent);
  assert.equal(after(sent, { type: "ack", id: "a" }), sent);
  assert.equal(after(sent, { type: "nack", id: "c", code: "not_now", retry: false }), sent);
});

test("what is not heard of is sent again under the same id, at once after the connection is back", () => {
  const sent = sending(NONE, form("a"), 50_000);
  assert.deepEqual(due(sent, 50_000 + AGAIN_MS - 1), []);
  assert.deepEqual(ids(due(sent, 50_000 + AGAIN_MS)), ["a"]);
  assert.deepEqual(ids(due(after(sent, { type: "ready" }), 50_001)), ["a"]);
  assert.deepEqual(ids(due(sending(NONE, form("a"), 0), 50_000)), ["a"], "what could not be sent at all");
  assert.deepEqual(due(sending(sent, form("a"), 60_000), 60_001), [], "and never twice in the list");
});

test("a store that is away is tried again; what is refused for good is told and let go", () => {
  const sent = sending(NONE, form("a"), 1000);
  assert.equal(after(sent, { type: "nack", id: "a", code: "unavailable", retry: true }), sent);
  assert.deepEqual(after(sent, { type: "nack", id: "a", code: "not_now", retry: false }), { sent: [], trouble: "lost" });
  assert.deepEqual(after(sent, { type: "nack", id: "a", code: "rate", retry: true }), { sent: [], trouble: "too_many" });
  assert.equal(sending({ sent: [], trouble: "lost" }, form("b"), 1).trouble, "");
});

test("only what was held to its end is counted, and nobody is asked after a threat", () => {
  const over = { phase: "ended", as_guest: null, unsafe: null };
  assert.equal(isCounted(over), true);
  for (const not of [{ id: "practice" }, { phase: "lost" }, { phase: "open" }, { phase: "ending" }, { as_guest: {} }, { unsafe: "threat" }]) {
    assert.equal(isCounted({ ...over, ...not }), false, JSON.stringify(not));
  }
});
