// SPDX-License-Identifier: EUPL-1.2
// A shift at the console: what is proposed at its start, who else is here, and how long one has gone on.

import assert from "node:assert/strict";
import { test } from "node:test";

import { LONG_MS, company, stretchTold, stretched } from "../../web/static/operator/shift.js";
import { initial, reduce } from "../../web/static/operator/state.js";
import { choices, proposed } from "../../web/static/operator/view_start.js";

const MINUTE = 60_000;
const page = {
  account: "mira.berg",
  aliases: ["Kim", "Mira", "Noa"],
  services: [
    { id: "linden", capacity: 3, speaks: ["en", "ar"] },
    { id: "eken", capacity: 5, speaks: ["en"] },
  ],
};

test("a name is proposed that is not the account's, and another one each time", () => {
  const names = [0, 0.3, 0.6, 0.999].map((chance) => proposed(page, chance));
  assert.deepEqual(new Set(names), new Set(["Kim", "Noa"]));
  for (const chance of [0, 0.999]) assert.equal(proposed(page, chance, "Kim"), "Noa");
  assert.equal(proposed({ ...page, aliases: ["Mira"] }, 0.5), "");
});

test("languages and number are those of what is ticked", () => {
  assert.deepEqual(choices(page, []), { speaks: [], most: 1 });
  assert.deepEqual(choices(page, ["linden"]), { speaks: ["ar", "en"], most: 3 });
  assert.deepEqual(choices(page, ["linden", "eken"]), { speaks: ["ar", "en"], most: 5 });
});

test("alone is who has nobody else that takes somebody: a pause beside one is no help", () => {
  const linden = (...others) => ({ service: "linden", others });
  const eken = (...others) => ({ service: "eken", others, waits: true });
  const kim = { alias: "Kim" };
  const resting = { alias: "Noa", paused: true };
  assert.equal(company([]).everywhere, false);
  assert.deepEqual(company([linden(), eken()]).alone, ["linden", "eken"]);
  assert.equal(company([linden(), eken()]).everywhere, true);
  assert.deepEqual(company([linden(kim), eken()]).alone, ["eken"]);
  const beside = company([linden(resting)]);
  assert.deepEqual([beside.everywhere, beside.paused, beside.beside.length], [true, true, 1]);
  assert.deepEqual([company([eken()]).waits, company([eken(kim)]).waits, company([linden()]).waits], [true, false, false]);
});

test("a stretch ends with a pause, the longest stays, and the shift's end forgets it", () => {
  const on = { on: true, paused: false };
  const pause = { on: true, paused: true };
  const steps = [[on, 0], [on, 40], [pause, 41], [on, 50], [on, 60]];
  const now = steps.reduce((held, [duty, minute]) => stretched(held, duty, minute * MINUTE), { from: null, longest: 0 });
  assert.deepEqual(now, { from: 50 * MINUTE, longest: 40 * MINUTE });
  assert.deepEqual(stretched(now, { on: false, paused: false }, 61 * MINUTE), { from: null, longest: 0 });
});

test("a short stretch is not spoken of, and a long one in one sentence more while it lasts", () => {
  const told = (from, longest, now) => stretchTold({ from, longest }, now);
  assert.equal(told(0, 14 * MINUTE, 14 * MINUTE), null);
  assert.deepEqual(told(0, 20 * MINUTE, 20 * MINUTE), {
    name: "stretch.minutes", values: { hours: 0, minutes: 20 }, long: false,
  });
  assert.deepEqual(told(0, LONG_MS, LONG_MS), { name: "stretch.hours", values: { hours: 1, minutes: 30 }, long: true });
  assert.equal(told(null, LONG_MS, LONG_MS).long, false);
  assert.equal(told(2 * LONG_MS, LONG_MS, 2 * LONG_MS + MINUTE).long, false);
});

test("cap and pause are as the server has them, and without them there are none", () => {
  const hear = (state, frame) => reduce(state, { type: "frame", frame, now: 1 });
  const paused = hear(initial(0), {
    type: "duty", on: true, services: ["linden"], alias: "Kim", capacity: 1, paused: "2026-11-26T20:04Z",
  });
  assert.deepEqual([paused.duty.capacity, paused.duty.paused], [1, "2026-11-26T20:04Z"]);
  const { duty } = hear(paused, { type: "duty", on: true, services: ["linden"], alias: "Kim" });
  assert.deepEqual([duty.capacity, duty.paused, duty.on], [null, null, true]);
});
