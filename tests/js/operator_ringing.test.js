// SPDX-License-Identifier: EUPL-1.2
// Who rings at a console, how urgent and how loud; that one of several rings; and what it sounds like.

import assert from "node:assert/strict";
import { test } from "node:test";

import { oneRings } from "../../web/static/operator/one_rings.js";
import { callsOf, ringOf, toneLevel, toneOf } from "../../web/static/operator/ringing.js";
import { PATTERNS, samples } from "../../web/static/operator/sound.js";
import { initial, reduce } from "../../web/static/operator/state.js";
import { newsOf } from "../../web/static/operator/words.js";

const NOW = Date.parse("2026-11-22T18:00:00Z");
const after = (state, ...acts) => acts.reduce(reduce, state);
const frame = (type, fields = {}) => ({ type: "frame", frame: { type, ...fields }, now: NOW });
const who = (conversation, fields = {}) => ({
  conversation, service: "linden", since: "", waited_s: 0, acute: false, language: "sv", returned: false,
  connected: true, mine: false, ...fields,
});
const waits = (...all) => frame("waiting", { conversations: all });
const accepted = (conversation) => frame("accepted", {
  conversation, service: "linden", seq: 0, entries: [], readable: true, connected: true, acute: false, language: "sv",
});
const said = (conversation, seq = 1) =>
  frame("said", { conversation, seq, from: "visitor", text: "hemligt", at: "2026-11-22T18:00Z" });
const LOUD = { volume: "high", quiet: false, hushed: [] };
const idle = after(initial(NOW), { type: "link", link: "open" }, frame("ready", { held: [] }),
  frame("duty", { on: true, services: ["linden"], alias: "Alva" }));
const one = after(idle, waits(who("c1")));
const agreed = (state, duty) => ({ ...state, duty: { ...state.duty, ...duty } });
const busy = after(one, { type: "claim", conversation: "c9" }, accepted("c9"));

const table = [
  ["nobody waits", idle, LOUD, ""],
  ["somebody waits", one, LOUD, "waiting"],
  ["it rings for me alone", after(idle, waits(who("c1", { mine: true }))), LOUD, "mine"],
  ["a guest is awaited", after(idle, waits(who("c1", { joins: true }))), LOUD, "mine"],
  ["somebody is in danger", after(idle, waits(who("c1"), who("c2", { acute: true }))), LOUD, "acute"],
  ["I have asked for her", after(one, { type: "claim", conversation: "c1" }), LOUD, ""],
  ["somebody else has taken her", after(one, waits()), LOUD, ""],
  ["she has lost her connection", after(idle, waits(who("c1", { connected: false }))), LOUD, ""],
  ["I am not on duty", after(one, frame("duty", { on: false, services: [] })), LOUD, ""],
  ["I pause", agreed(one, { paused: true }), LOUD, ""],
  ["I have as many as I can take", agreed(busy, { capacity: 1 }), LOUD, ""],
  ["I have room for one more", agreed(busy, { capacity: 2 }), LOUD, "waiting"],
  ["the connection is doubtful", after(one, { type: "link", link: "doubtful" }), LOUD, "waiting"],
  ["the connection is lost", after(one, { type: "link", link: "lost" }), LOUD, ""],
  ["another tab has the console", after(one, { type: "link", link: "taken" }), LOUD, ""],
  ["it is a quiet evening", one, { ...LOUD, quiet: true }, ""],
  ["I have silenced her", one, { ...LOUD, hushed: ["c1"] }, ""],
  ["I have silenced another", one, { ...LOUD, hushed: ["c2"] }, "waiting"],
];
for (const [what, state, choice, kind] of table) {
  test(`${what}: ${kind === "" ? "nothing rings" : `it rings (${kind})`}`, () => {
    const ring = ringOf(state, choice);
    assert.equal(ring.kind, kind);
    assert.equal(ring.level > 0, kind !== "");
    assert.ok(ring.level < 0.5);
  });
}

test("it is as loud as was chosen, softer while one writes, and a little louder for danger", () => {
  const level = (state, volume) => ringOf(state, { ...LOUD, volume }).level;
  assert.ok(level(one, "low") < level(one, "middle") && level(one, "middle") < level(one, "high"));
  assert.equal(level(busy, "high"), level(one, "high") / 2);
  assert.equal(level({ ...busy, focused: false }, "high"), level(one, "high"));
  assert.ok(level(after(idle, waits(who("c1", { acute: true }))), "low") > level(one, "low"));
});

test("what calls for a supervisor rings, and stands in the title, until somebody has seen to it", () => {
  const calls = (fields) => frame("alerts", { hands: [], talks: [], returned: [], unattended: [], ...fields });
  const hand = { conversation: "c1", service: "linden", alias: "Alva", waited_s: 0, acute: false, language: "sv" };
  const up = after(idle, calls({ hands: [hand] }));
  assert.equal(ringOf(up, LOUD).kind, "mine");
  assert.equal(newsOf(up), 1);
  assert.equal(ringOf(after(up, { type: "claim", conversation: "c1" }), LOUD).kind, "");
  assert.equal(ringOf(after(up, calls({})), LOUD).kind, "");
  assert.equal(ringOf(after(idle, calls({ hands: [{ ...hand, acute: true }] })), LOUD).kind, "acute");
  assert.equal(ringOf(agreed(up, { capacity: 0 }), LOUD).kind, "mine");
  for (const one of [{ unattended: [{ service: "linden", waiting: 1, waited_s: 5 }] },
    { returned: [{ service: "linden", waited_s: 5, acute: false }] },
    { talks: [{ talk: "t1", services: ["linden"], alias: "Alva", waited_s: 1 }] }]) {
    assert.equal(ringOf(after(idle, calls(one)), LOUD).kind, "mine");
    assert.equal(newsOf(after(idle, calls(one))), 1);
  }
  const taken = { talk: "t1", services: ["linden"], alias: "Alva", waited_s: 1, taken_by: "Siv" };
  assert.equal(ringOf(after(idle, calls({ talks: [taken] })), LOUD).kind, "");
  assert.equal(newsOf(after(up, frame("duty", { on: false, services: [] }))), 0);
});

test("nobody rings beyond what the service lets one hold", () => {
  assert.equal(ringOf(busy, LOUD, () => 1).kind, "");
  assert.equal(ringOf(busy, LOUD, () => 2).kind, "waiting");
});

test("who waits long for a desk that is full makes one soft tone there, and in danger at once", () => {
  const tick = (s) => ({ type: "tick", now: NOW + s * 1000 });
  const full = agreed(busy, { capacity: 1 });
  const [soon, long] = [after(full, tick(29)), after(full, tick(30))];
  assert.equal(toneOf(full, soon), "");
  assert.equal(toneOf(soon, long), "message");
  assert.equal(toneOf(long, after(long, tick(31))), "");
  assert.equal(toneOf(full, after(full, waits(who("c1"), who("c2", { acute: true })))), "message");
  assert.equal(toneOf(soon, after(long, waits(who("c1", { connected: false, waited_s: 30 })))), "");
  assert.equal(toneOf(agreed(soon, { paused: "2026" }), agreed(long, { paused: "2026" })), "");
  assert.equal(toneOf(agreed(soon, { capacity: 2 }), agreed(long, { capacity: 2 })), "", "there it rings");
  assert.equal(toneOf(agreed(soon, { capacity: 2 }), agreed(long, { capacity: 2 }), () => 1), "message");
});

test("who is away neither rings nor stands in the title, and does again when she is back", () => {
  const away = waits(who("c1", { connected: false }), who("c2"));
  assert.equal(newsOf(after(idle, away)), 1);
  assert.deepEqual(ringOf(after(idle, away), LOUD).calls, ["c2"]);
  assert.equal(newsOf(after(idle, waits(who("c1"), who("c2")))), 2);
});

test("what a colleague offers stands in the title", () => {
  assert.equal(newsOf(after(idle, waits(who("c1", { offered: "you" })))), 1);
});

test("a silenced one is still counted as calling, so that the desktop may tell of it", () => {
  assert.deepEqual(ringOf(one, { ...LOUD, quiet: true, hushed: ["c1"] }).calls, ["c1"]);
  assert.deepEqual(callsOf(idle), []);
});

test("a message where nobody looks makes one tone; where one reads, and after a reload, none", () => {
  assert.equal(toneOf(busy, after(busy, said("c9"))), "");
  const away = after(busy, { type: "focused", focused: false });
  const unread = after(away, said("c9"));
  assert.equal(toneOf(away, unread), "message");
  assert.equal(toneOf(unread, after(unread, { type: "tick", now: NOW + 1000 })), "");
  assert.equal(toneOf(unread, after(unread, { type: "focused", focused: true })), "");
  const reloaded = after(idle, { type: "focused", focused: false });
  assert.equal(toneOf(reloaded, after(reloaded, accepted("c9"))), "");
});

test("a connection that is lost at work makes one tone", () => {
  const lost = after(idle, { type: "link", link: "lost" });
  assert.equal(toneOf(idle, lost), "lost");
  assert.equal(toneOf(lost, after(lost, { type: "link", link: "connecting" })), "");
  const off = after(idle, frame("duty", { on: false, services: [] }));
  assert.equal(toneOf(off, after(off, { type: "link", link: "lost" })), "");
  assert.equal(toneLevel({ ...LOUD, quiet: true }), 0);
});

/** Locks as a browser has them, for one name: one holds, the others stand in line. */
function fakeLocks() {
  let held = Promise.resolve();
  return {
    request(_name, { signal }, granted) {
      const before = held;
      const mine = before.then(() => {
        if (signal.aborted) throw new DOMException("given up", "AbortError");
        return granted();
      });
      held = mine.catch(() => undefined);
      return mine;
    },
  };
}
const settled = () => new Promise((done) => setImmediate(done));

test("of three consoles one rings, and the next when that one is done", async () => {
  const locks = fakeLocks();
  let changes = 0;
  const [first, second, third] = [1, 2, 3].map(() => oneRings(locks, () => (changes += 1)));
  const rings = () => [first, second, third].map((each) => each.mayRing());
  for (const each of [first, second, third]) each.want();
  await settled();
  assert.deepEqual([rings(), changes], [[true, false, false], 1]);
  first.want();
  second.give();
  first.give();
  assert.deepEqual(rings(), [false, false, false]);
  await settled();
  assert.deepEqual(rings(), [false, false, true]);
  third.give();
  second.want();
  await settled();
  assert.deepEqual(rings(), [false, true, false]);
});

test("a turn that comes after it was given up is passed on at once", async () => {
  /** @type {(() => unknown)[]} */
  const grants = [];
  const late = oneRings({ request: (_name, _options, granted) => (grants.push(granted), Promise.resolve()) }, () => {});
  late.want();
  late.give();
  assert.equal(grants[0](), undefined);
  assert.equal(late.mayRing(), false);
  late.want();
  assert.equal(grants[0](), undefined);
  assert.equal(late.mayRing(), false);
  assert.ok(grants[1]() instanceof Promise);
  assert.equal(late.mayRing(), true);
});

test("without locks each console rings while it wants to", () => {
  const alone = oneRings(undefined, () => {});
  assert.equal(alone.mayRing(), false);
  alone.want();
  assert.equal(alone.mayRing(), true);
  alone.give();
  assert.equal(alone.mayRing(), false);
});

test("every pattern is soft at both ends, never clipped, and quiet for a while before it comes again", () => {
  for (const [kind, pattern] of Object.entries(PATTERNS)) {
    const played = samples(pattern, 12_000);
    assert.equal(played.length, Math.round(pattern.period * 12_000), kind);
    assert.ok(played.some((value) => Math.abs(value) > 0.1), kind);
    assert.ok(played.every((value) => Math.abs(value) <= 1), kind);
    assert.ok(Math.abs(played[0]) < 0.001 && Math.abs(played.at(-1)) < 0.001, kind);
  }
  for (const kind of ["waiting", "mine", "acute"]) {
    const rest = samples(PATTERNS[kind], 12_000).slice(-12_000 * 0.8);
    assert.ok(rest.every((value) => value === 0), kind);
  }
});
