// SPDX-License-Identifier: EUPL-1.2
// The work under load: the hash itself, the short slices, and the waiting instead.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { patience, trier } from "../../../web/static/visitor/work.js";

const CHALLENGE = "awgenw8xMjM0NTY38OeMjoKgvgYv5p0M";
const digest = (text) => createHash("sha256").update(text).digest();

/** A page that wants to begin; timers run when the test says so, and each look at the clock takes a moment. */
function scene({ look = 0 } = {}) {
  const seen = { solved: [], paused: [], again: 0, waits: [] };
  const held = { now: 0, wanted: true, due: [] };
  const makeRoom = patience({
    timers: {
      setTimeout: (act, ms) => {
        held.due.push(act);
        seen.waits.push(ms);
      },
      clearTimeout: () => {},
    },
    now: () => (held.now += look),
    random: () => 0.5,
    isWanted: () => held.wanted,
    onSolved: (work) => seen.solved.push(work),
    onPause: (text) => seen.paused.push(text),
    again: () => (seen.again += 1),
  });
  return {
    held,
    seen,
    ask: (bits, challenge = CHALLENGE) => makeRoom({ type: "nack", code: "work", text: "w", challenge, bits }),
    busy: (wait_s) => makeRoom({ type: "nack", code: "unavailable", text: "full", wait_s }),
    /** Let everything run that waits now; false when nothing does. */
    run() {
      const due = held.due.splice(0);
      for (const act of due) act();
      return due.length > 0;
    },
  };
}

test("the hash is SHA-256, whatever the challenge and the nonce", () => {
  for (const challenge of ["", "x", CHALLENGE, "y".repeat(46), "å".repeat(23)]) {
    const { hash, nonce } = trier(challenge);
    for (const n of [0, 1, 255, 65_536, 4_294_967_295]) {
      const got = hash(n);
      assert.match(nonce(), /^[a-p]{8}$/);
      assert.equal(got, digest(`${challenge}:${nonce()}`).readUInt32BE(0));
    }
  }
});

test("every nonce is another one", () => {
  const { hash, nonce } = trier(CHALLENGE);
  const seen = new Set();
  for (let n = 0; n < 5000; n += 1) {
    hash(n);
    seen.add(nonce());
  }
  assert.equal(seen.size, 5000);
});

test("work is done in slices, and its nonce solves the challenge", () => {
  const page = scene();
  page.ask(15);
  let slices = 1;
  while (page.run()) slices += 1;
  const [{ challenge, nonce }] = page.seen.solved;
  assert.equal(challenge, CHALLENGE);
  assert.equal(digest(`${challenge}:${nonce}`).readUInt32BE(0) >>> 17, 0);
  assert.ok(slices > 1);
  assert.deepEqual(page.seen.paused, []);
});

test("a slice ends after its time, or after so many hashes where the clock stands still", () => {
  const slow = scene({ look: 5 });
  slow.ask(32);
  assert.ok(slow.held.now <= 30);
  const still = scene();
  still.ask(32);
  assert.deepEqual([still.held.due.length, still.seen.waits], [1, [0]]);
});

test("work stops as soon as she has left or ended", () => {
  const page = scene();
  page.ask(32);
  page.held.wanted = false;
  assert.equal(page.run(), true);
  assert.equal(page.run(), false);
  assert.deepEqual([page.seen.solved, page.seen.paused], [[], []]);
});

test("a new challenge takes the place of the old one", () => {
  const page = scene();
  page.ask(32);
  page.ask(8, "b".repeat(32));
  while (page.run());
  assert.deepEqual(page.seen.solved.map((work) => work.challenge), ["b".repeat(32)]);
});

test("an old phone waits instead after a while, longer each time, and asks again", () => {
  const page = scene({ look: 1000 });
  for (const expected of [1, 2, 3, 4]) {
    page.ask(32);
    while (page.seen.paused.length < expected) page.run();
    assert.equal(page.seen.again, expected - 1);
    page.run();
    assert.equal(page.seen.again, expected);
  }
  assert.deepEqual(page.seen.paused, [undefined, undefined, undefined, undefined]);
  assert.deepEqual(
    page.seen.waits.filter((ms) => ms > 0),
    [16_875, 33_750, 67_500, 67_500],
  );
});

test("when every place is taken it says so and asks again after the time that it was told", () => {
  const page = scene();
  page.busy(60);
  assert.deepEqual([page.seen.paused, page.seen.waits], [["full"], [67_500]]);
  page.run();
  assert.equal(page.seen.again, 1);
  page.busy(60);
  page.held.wanted = false;
  page.run();
  assert.equal(page.seen.again, 1);
});

test("the module that is loaded for it is small", () => {
  const module = readFileSync(new URL("../../../web/static/visitor/work.js", import.meta.url));
  assert.ok(gzipSync(module).length <= 2_000);
});
