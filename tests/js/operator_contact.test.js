// SPDX-License-Identifier: EUPL-1.2
// When the console may say that it is connected: silence, sleep, and questions that nobody answers.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  DROP_MS, EVERY_MS, GAP_MS, HIDDEN_GAP_MS, PATIENCE_MS, SILENT_MS, answered, follow,
} from "../../web/static/operator/contact.js";

const START = 1_800_000_000_000;

/** A console and its clock: what it asked, and how often it gave its connection up. */
function scene() {
  let now = START;
  const seen = { asked: [], drops: 0 };
  let contact = answered(now);
  const tell = (happening) => {
    const step = follow(contact, { ...happening, now });
    contact = step.contact;
    if (step.ask) seen.asked.push(contact.number);
    if (step.drop) seen.drops += 1;
  };
  return {
    seen,
    tell,
    get doubt() {
      return contact.doubt;
    },
    jump: (ms) => (now += ms),
    /** Every second of this time the page ticks, and the server does what `each` says. */
    pass(ms, each = () => {}, hidden = false) {
      for (const until = now + ms; now < until; ) {
        now += 1000;
        tell({ type: "tick", hidden });
        each(now - START);
      }
    },
    hears: (id = null) => tell({ type: "heard", id }),
    answers: () => tell({ type: "heard", id: contact.number }),
  };
}

test("beats that come and are answered never make it doubt, and each is answered", () => {
  const it = scene();
  it.pass(240_000, (ms) => {
    if (ms % 24_000 === 0) {
      it.hears();
      it.answers();
    }
  });
  assert.deepEqual([it.doubt, it.seen.drops, it.seen.asked.length], [false, 0, 10]);
});

test("many frames are answered every ten seconds at most, so that two consoles never answer each other for ever", () => {
  const it = scene();
  it.pass(60_000, () => {
    it.hears();
    it.answers();
  });
  assert.ok(it.seen.asked.length <= 60_000 / EVERY_MS + 1, String(it.seen.asked.length));
});

test("silence makes it doubt before the watchdog of 45 s, and an answer ends that", () => {
  const it = scene();
  it.pass(SILENT_MS);
  assert.equal(it.doubt, false);
  it.pass(1000);
  assert.equal(it.doubt, true);
  assert.ok(SILENT_MS + 1000 < 45_000);
  assert.equal(it.seen.asked.length, 1);
  it.answers();
  assert.equal(it.doubt, false);
});

test("a question that nobody answers makes it doubt, and then ends the connection", () => {
  const it = scene();
  it.hears();
  assert.equal(it.seen.asked.length, 1);
  it.pass(PATIENCE_MS, () => it.hears());
  assert.equal(it.doubt, false);
  it.pass(1000);
  assert.equal(it.doubt, true);
  it.pass(DROP_MS - PATIENCE_MS);
  assert.equal(it.seen.drops, 1);
});

test("what lay in the network before a sleep is no answer after it", () => {
  const it = scene();
  it.hears();
  const [old] = it.seen.asked;
  it.jump(8 * 3600_000);
  it.tell({ type: "tick", hidden: false });
  assert.equal(it.doubt, true);
  it.hears();
  it.hears(old);
  assert.equal(it.doubt, true);
  it.answers();
  assert.equal(it.doubt, false);
});

const cases = [
  ["a page that is seen and did not tick for a while", GAP_MS + 1, { type: "tick", hidden: false }, true],
  ["a page that is seen and ticked late", GAP_MS, { type: "tick", hidden: false }, false],
  ["a hidden page that ticks once a minute", 60_000, { type: "tick", hidden: true }, false],
  ["a hidden page that slept", HIDDEN_GAP_MS + 1, { type: "tick", hidden: true }, true],
  ["a clock that was set back", -3600_000, { type: "tick", hidden: false }, true],
  ["a page that was frozen", 1000, { type: "woken" }, true],
  ["a device that says it has no network", 1000, { type: "offline" }, true],
  ["a page that is looked at again soon", 10_000, { type: "seen" }, false],
  ["a page that is looked at again after a long silence", SILENT_MS + 1, { type: "seen" }, true],
];
for (const [what, ms, happening, doubt] of cases) {
  test(`${what}: ${doubt ? "doubtful at once, until a round trip" : "no doubt"}`, () => {
    const it = scene();
    // A hidden page hears its beats all the same.
    if (happening.hidden === true && !doubt) {
      it.jump(ms - 20_000);
      it.hears();
      it.answers();
      it.jump(20_000);
    } else it.jump(ms);
    it.tell(happening);
    assert.equal(it.doubt, doubt);
    if (!doubt) return;
    assert.ok(it.seen.asked.length >= 1);
    it.hears();
    assert.equal(it.doubt, true);
    it.answers();
    assert.equal(it.doubt, false);
    it.pass(5000);
    assert.equal(it.seen.drops, 0);
  });
}

test("a page that is looked at again asks, even without a doubt", () => {
  const it = scene();
  it.jump(3000);
  it.tell({ type: "seen" });
  it.tell({ type: "online" });
  assert.deepEqual([it.seen.asked.length, it.doubt], [2, false]);
});

test("a network that is back is asked for an answer, not believed", () => {
  const it = scene();
  it.tell({ type: "offline" });
  it.pass(3000);
  it.tell({ type: "online" });
  assert.equal(it.doubt, true);
  it.answers();
  assert.equal(it.doubt, false);
});

test("a new connection goes on counting: an answer to the old one's question is none", () => {
  const contact = answered(START, 7);
  assert.equal(follow(contact, { type: "woken", now: START }).contact.number, 8);
  const doubt = follow(contact, { type: "woken", now: START }).contact;
  assert.equal(follow(doubt, { type: "heard", id: 7, now: START }).contact.doubt, true);
});
