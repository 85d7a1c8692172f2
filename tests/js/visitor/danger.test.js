// SPDX-License-Identifier: EUPL-1.2
// What she reads after she has said that she is in danger: nothing that is not so.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { what } from "../../../web/static/visitor/danger.js";
import { START } from "../../../web/static/visitor/state.js";

const told = (fields) => what({ ...START, connected: true, phase: "waiting", ...fields });

test("while she waits she goes before those who are not in danger", () => {
  assert.equal(told({ place: { ahead: 1, wait: null, here: true } }), "told.waiting");
  assert.equal(told({ place: null }), "told.waiting");
});

test("where nobody can answer it says so", () => {
  assert.equal(told({ place: { ahead: 0, wait: null, here: false } }), "told.nobody");
});

test("whoever is with her sees it", () => {
  assert.equal(told({ phase: "active", alias: "Alva" }), "told.active");
});

test("without contact nobody has been told yet", () => {
  assert.equal(told({ connected: false }), "told.later");
  assert.equal(told({ connected: false, phase: "active" }), "told.later");
});

test("what is loaded when she begins to write is small", () => {
  const files = ["visitor/asking.js", "visitor/danger.js", "visitor/pieces.js", "visitor/question.js",
    "visitor/asking.css", "shared/identity.js"];
  const sizes = files.map((file) => gzipSync(readFileSync(new URL(`../../../web/static/${file}`, import.meta.url))).length);
  assert.ok(sizes.reduce((one, other) => one + other) <= 14_000);
});
