// SPDX-License-Identifier: EUPL-1.2
// The made-up visitor of the practice: what she writes when, and what is to be learnt meanwhile.

import assert from "node:assert/strict";
import { test } from "node:test";

import { PRACTICE, isHeld } from "../../web/static/operator/conversation.js";
import { STEPS, answered, begun, canHurry, due, handed, hurried, nameOf, over, tip } from "../../web/static/operator/practice_script.js";
import { initial, reduce } from "../../web/static/operator/state.js";

const LATER = 60_000;

/** One who answers each time as soon as she has written. */
function whole() {
  let practice = begun(0);
  let now = 0;
  const lines = [];
  const tips = [];
  while (nameOf(practice) !== "bye" || tips.at(-1) !== "practice.tip.bye") {
    now += LATER;
    const played = due(practice, now);
    lines.push(...played.lines);
    tips.push(tip(played.practice));
    practice = answered(played.practice, now);
  }
  return { lines: lines.filter((line) => line !== "typing"), tips, practice, now };
}

test("greeting, silence, danger and a masked number come in this order, and the end is hers who answers", () => {
  const { lines, tips, practice, now } = whole();
  assert.deepEqual(lines, ["greet", "answer", "silence", "danger", "masked", "bye"]);
  const learnt = ["greet", "answer", "back", "danger", "hand", "masked", "line", "bye"];
  assert.deepEqual(tips, learnt.map((name) => `practice.tip.${name}`));
  assert.equal(nameOf(answered(practice, now)), "bye");
  assert.equal(tip(over(practice, now)), "practice.tip.over");
  assert.equal(hurried(practice, now).practice, practice);
  assert.equal(canHurry(practice), false);
});

test("she first writes, and sends some seconds later: never at once but for the greeting", () => {
  for (const [at, { lines }] of STEPS.entries()) {
    const practice = { step: at, since: 0, played: 0, pinged: false };
    const soon = due(practice, 1000).lines.filter((line) => line !== "typing");
    assert.deepEqual(soon, at === 0 ? ["greet"] : []);
    assert.equal(due(practice, LATER).lines.length, lines.length);
    assert.deepEqual(due(due(practice, LATER).practice, 2 * LATER).lines, []);
  }
});

test("writing again into the silence brings nothing sooner, and is spoken of", () => {
  const silent = { step: STEPS.findIndex(({ name }) => name === "silence"), since: 0, played: 1, pinged: false };
  const pinged = answered(silent, 5000);
  assert.equal(nameOf(pinged), "silence");
  assert.equal(tip(pinged), "practice.tip.pinged");
  assert.deepEqual(due(pinged, 5001).lines, []);
  const back = due(pinged, LATER);
  assert.deepEqual([back.lines, tip(back.practice)], [["silence"], "practice.tip.back"]);
});

test("a raised hand is spoken of where it is to be learnt, and brings the story no further", () => {
  const at = { step: STEPS.findIndex(({ name }) => name === "hand"), since: 0, played: 0, pinged: false };
  assert.equal(tip(at), "practice.tip.hand");
  const up = handed(at, true);
  assert.equal(tip(up), "practice.tip.hand_up");
  assert.equal(tip(handed(up, false)), "practice.tip.hand");
  assert.equal(nameOf(answered(up, 1)), "masked");
  assert.equal(tip(handed(answered(up, 1), false)), "practice.tip.masked");
});

test("nothing tells of danger before it is written", () => {
  const danger = { step: STEPS.findIndex(({ name }) => name === "danger"), since: 0, played: 0, pinged: false };
  assert.equal(tip(danger), "practice.tip.back");
  assert.equal(tip(due(danger, LATER).practice), "practice.tip.danger");
});

test("going on without waiting plays what is due, then takes the next step", () => {
  const first = due(begun(0), 0).practice;
  const second = hurried(first, 10);
  assert.equal(nameOf(second.practice), "answer");
  const played = hurried(second.practice, 20);
  assert.deepEqual(played.lines, ["typing", "answer"]);
  assert.equal(nameOf(hurried(played.practice, 30).practice), "silence");
});

test("the practice is nobody who could be forgotten or lost", () => {
  const hear = (state, frame) => reduce(state, { type: "frame", frame, now: 1 });
  const opened = hear(initial(0), {
    type: "accepted", conversation: PRACTICE, service: "linden", seq: 0, entries: [], readable: true, connected: true,
    acute: false, language: "sv",
  });
  assert.deepEqual(opened.conversations.map(isHeld), [false]);
  const [after] = hear(opened, { type: "ready", held: [] }).conversations;
  assert.equal(after?.phase, "open");
});
