// SPDX-License-Identifier: EUPL-1.2
// The board asks often while it is seen, now and then while it is not, never twice at once, and at once when it
// is seen again.

import assert from "node:assert/strict";
import test from "node:test";

import { stays } from "../../web/static/operator/narrowing.js";
import { keepFresh } from "../../web/static/operator/polling.js";

function stage() {
  /** @type {(() => void)[]} */
  const timers = [];
  /** @type {((fine: boolean) => void)[]} */
  const answers = [];
  /** @type {boolean[]} */
  const said = [];
  const scene = { timers, answers, said, visible: true, look: async () => {} };
  scene.look = keepFresh({
    ask: () => new Promise((answer) => answers.push(answer)),
    told: (fine) => said.push(fine),
    every: 5000,
    unseen: 20000,
    seen: () => scene.visible,
    after: (run, ms) => {
      assert.equal(ms, scene.visible ? 5000 : 20000);
      timers.push(run);
      return run;
    },
    forget: (timer) => void timers.splice(timers.indexOf(timer), timers.includes(timer) ? 1 : 0),
  }).look;
  return scene;
}

const settled = () => new Promise((done) => setImmediate(done));

test("it asks again some time after an answer, good or not", async () => {
  const scene = stage();
  assert.equal(scene.timers.length, 1);
  for (const fine of [true, false, true]) {
    scene.timers[0]?.();
    assert.equal(scene.timers.length, 0);
    scene.answers.pop()?.(fine);
    await settled();
    assert.equal(scene.timers.length, 1);
  }
  assert.deepEqual(scene.said, [true, false, true]);
});

test("it asks now and then while nobody sees it, and at once when somebody does", async () => {
  const scene = stage();
  scene.visible = false;
  await scene.look();
  assert.deepEqual([scene.timers.length, scene.answers.length], [1, 0]);
  scene.timers[0]?.();
  scene.answers.pop()?.(true);
  await settled();
  assert.equal(scene.timers.length, 1);
  scene.visible = true;
  scene.look();
  assert.deepEqual([scene.timers.length, scene.answers.length], [0, 1]);
});

test("it never asks twice at once, and goes on slowly when it is hidden meanwhile", async () => {
  const scene = stage();
  scene.look();
  scene.look();
  assert.equal(scene.answers.length, 1);
  scene.visible = false;
  await scene.look();
  assert.equal(scene.timers.length, 0);
  scene.answers[0]?.(true);
  await settled();
  assert.equal(scene.timers.length, 1);
});

test("a line stays when it is sought, when something happens, and always when it calls", () => {
  const quiet = { name: "Jouren i Åmål", alert: false, busy: false };
  assert.equal(stays(quiet, "", false), true);
  assert.equal(stays(quiet, " åmål ", false), true);
  assert.equal(stays(quiet, "bro", false), false);
  assert.equal(stays(quiet, "", true), false);
  assert.equal(stays({ ...quiet, busy: true }, "", true), true);
  assert.equal(stays({ ...quiet, alert: true, busy: true }, "bro", true), true);
});
