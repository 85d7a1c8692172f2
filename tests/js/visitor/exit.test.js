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
    press,
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

test("Shift with an arrow, with the wheel, or after Caps Lock in a capital does not count", () => {
  for (const [type, fields] of [["keydown", { key: "ArrowLeft" }], ["wheel", {}], ["keydown", { key: "CapsLock" }]]) {
    const keys = keyboard();
    for (const at of [0, 300, 600, 900]) {
      keys.down("Shift", at);
      keys.press(type, at + 20, fields);
      keys.up("Shift", at + 40);
    }
    assert.equal(keys.left(), 0, type);
  }
});

test("Shift as a part of Alt and Shift, which changes the keyboard, does not count", () => {
  for (const held of ["altKey", "ctrlKey", "metaKey"]) {
    const keys = keyboard();
    for (const at of [0, 300, 600]) {
      keys.press("keydown", at, { key: "Shift", repeat: false, [held]: true });
      keys.press("keyup", at + 40, { key: "Shift", [held]: true });
    }
    assert.equal(keys.left(), 0, held);
  }
});

test("Shift while letters are being put together does not count, nor a key that the system took", () => {
  const keys = keyboard();
  for (const at of [0, 300, 600]) {
    keys.press("keydown", at, { key: "Shift", repeat: false, isComposing: true });
    keys.press("keyup", at + 40, { key: "Shift", isComposing: true });
  }
  for (const at of [900, 1000, 1100]) {
    keys.down("Process", at);
    keys.up("Shift", at + 20);
  }
  assert.equal(keys.left(), 0);
});

test("a sticky Shift, which is pressed and let go before its letter, does not count with the letter", () => {
  const keys = keyboard();
  for (const at of [0, 400, 800, 1200]) {
    keys.shift(at);
    keys.down("A", at + 100);
    keys.up("A", at + 150);
  }
  assert.equal(keys.left(), 0);
});

test("what stops a key on its way to the page does not stop this", () => {
  const target = new EventTarget();
  const seen = [];
  const add = target.addEventListener.bind(target);
  target.addEventListener = (type, listener, options) => {
    seen.push(options.capture);
    add(type, listener, options);
  };
  onShiftThrice(target, () => {});
  assert.deepEqual([...new Set(seen)], [true]);
});
