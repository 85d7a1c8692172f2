// SPDX-License-Identifier: EUPL-1.2
// Shift three times: what counts and what does not.

import assert from "node:assert/strict";
import { test } from "node:test";

import { onShiftThrice } from "../../../web/static/visitor/exit.js";

/** A keyboard whose events carry the times that the test says. */
function keyboard() {
  const target = new EventTarget();
  let left = 0;
  onShiftThrice(target, () => (left += 1));
  const press = (type, at, fields = {}) => {
    const event = Object.assign(new Event(type), fields);
    Object.defineProperty(event, "timeStamp", { value: at });
    target.dispatchEvent(event);
  };
  return {
    down: (key, at, repeat = false) => press("keydown", at, { key, repeat }),
    up: (key, at) => press("keyup", at, { key }),
    tap: (at) => press("pointerdown", at),
    shift(at) {
      press("keydown", at, { key: "Shift", repeat: false });
      press("keyup", at + 50, { key: "Shift" });
    },
    left: () => left,
  };
}

test("three times within a second and a half leaves", () => {
  const keys = keyboard();
  for (const at of [0, 500, 1400]) keys.shift(at);
  assert.equal(keys.left(), 1);
});

test("two times, or three times slowly, does not leave", () => {
  const keys = keyboard();
  for (const at of [0, 500, 1600]) keys.shift(at);
  assert.equal(keys.left(), 0);
});

test("the last three presses count, however many came slowly before", () => {
  const keys = keyboard();
  for (const at of [0, 2000, 2400, 2800]) keys.shift(at);
  assert.equal(keys.left(), 1);
});

test("capital letters never leave", () => {
  const keys = keyboard();
  for (const at of [0, 300, 600, 900]) {
    keys.down("Shift", at);
    keys.down("A", at + 50);
    keys.up("A", at + 80);
    keys.up("Shift", at + 100);
  }
  assert.equal(keys.left(), 0);
});

test("another key or a tap between begins the count anew", () => {
  const keys = keyboard();
  keys.shift(0);
  keys.shift(200);
  keys.down("a", 300);
  keys.shift(400);
  assert.equal(keys.left(), 0);
  keys.shift(600);
  keys.tap(700);
  keys.shift(800);
  assert.equal(keys.left(), 0);
});

test("holding Shift down is one press", () => {
  const keys = keyboard();
  keys.down("Shift", 0);
  for (const at of [50, 100, 150]) keys.down("Shift", at, true);
  keys.up("Shift", 200);
  assert.equal(keys.left(), 0);
});
