// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import test from "node:test";

import { sendsAgain } from "../../web/static/shared/again.js";

function setting(random = () => 1) {
  const sent = [];
  const pauses = [];
  let due = null;
  const timers = {
    setTimeout(act, ms) {
      assert.equal(due, null, "one timer at a time");
      pauses.push(ms);
      due = act;
      return pauses.length;
    },
    clearTimeout() {
      due = null;
    },
  };
  const tell = sendsAgain({ send: (one) => sent.push(one), timers, random });
  const pass = () => {
    const act = due;
    due = null;
    act?.();
  };
  return { sent, pauses, tell, pass, isWaiting: () => due !== null };
}

test("what is refused goes again, with longer and longer pauses, until it is through", () => {
  const { sent, pauses, tell, pass, isWaiting } = setting();
  for (let round = 0; round < 8; round += 1) {
    tell(["a"]);
    tell(["a"]);
    pass();
  }
  assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  assert.deepEqual(sent, Array(8).fill("a"));
  tell([]);
  assert.equal(isWaiting(), false);
  tell(["b"]);
  assert.equal(pauses.at(-1), 1000, "it begins anew");
});

test("only what still stands refused is sent, in its order", () => {
  const { sent, tell, pass } = setting();
  tell(["a", "b"]);
  tell(["b", "c"]);
  pass();
  assert.deepEqual(sent, ["b", "c"]);
  tell(["b"]);
  tell([]);
  pass();
  assert.deepEqual(sent, ["b", "c"], "taken back, it is not sent");
});

test("not everybody at once", () => {
  const { pauses, tell } = setting(() => 0);
  tell(["a"]);
  assert.deepEqual(pauses, [500]);
});
