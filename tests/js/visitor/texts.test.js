// SPDX-License-Identifier: EUPL-1.2
// Texts with values and plural forms, and the words about her place.

import assert from "node:assert/strict";
import { test } from "node:test";

import { aboutPlace, speaker } from "../../../web/static/visitor/texts.js";

const before = { one: "%(n)s person före dig.", other: "%(n)s personer före dig." };

test("values are put in and a missing one stays visible", () => {
  const say = speaker({ joined: "%(alias)s från %(service)s är här." }, "sv");
  assert.equal(say("joined", { alias: "Alva", service: "X" }), "\u2068Alva\u2069 från \u2068X\u2069 är här.");
  assert.equal(say("joined", { alias: "Alva" }), "\u2068Alva\u2069 från %(service)s är här.");
});

test("a value is never read as a pattern", () => {
  const say = speaker({ joined: "%(alias)s är här." }, "sv");
  assert.equal(say("joined", { alias: "$& %(alias)s" }), "\u2068$& %(alias)s\u2069 är här.");
});

test("plural forms follow the language", () => {
  const say = speaker({ before }, "sv");
  assert.deepEqual([1, 2].map((n) => say("before", { n })), ["1 person före dig.", "2 personer före dig."]);
  const arabic = speaker({ n: { zero: "z", one: "o", two: "t", few: "f", many: "m", other: "x" } }, "ar");
  assert.deepEqual([0, 1, 2, 3, 11, 100].map((n) => arabic("n", { n })), ["z", "o", "t", "f", "m", "x"]);
});

test("her place is said with the kind of range that is known", () => {
  const say = (key, values = {}) => [key, ...Object.values(values)].join(" ");
  assert.deepEqual(aboutPlace(say, { ahead: 0, wait: null, here: true }), ["queue.next", "queue.unknown"]);
  assert.deepEqual(aboutPlace(say, { ahead: 3, wait: [10, 25], here: true }), ["queue.before 3", "queue.range 10 25"]);
  assert.deepEqual(aboutPlace(say, { ahead: 1, wait: [5, 5], here: true }), ["queue.before 1", "queue.about 5"]);
  assert.deepEqual(aboutPlace(say, { ahead: 0, wait: [0, 10], here: true }), ["queue.next", "queue.most 10"]);
  assert.deepEqual(aboutPlace(say, { ahead: 0, wait: [0, 1], here: true }), ["queue.next", "queue.soon"]);
  // With a free place for her there is no figure to tell.
  assert.deepEqual(aboutPlace(say, { ahead: 0, wait: [0, 2], here: true }), ["queue.next", "queue.soon"]);
});

test("where nobody answers it is said first, nobody is next, and there is other help", () => {
  const say = (key, values = {}) => [key, ...Object.values(values)].join(" ");
  const place = { ahead: 0, wait: null, here: false };
  assert.deepEqual(aboutPlace(say, place), ["queue.nobody", "queue.meanwhile"]);
  assert.deepEqual(aboutPlace(say, { ...place, ahead: 2 }), ["queue.nobody", "queue.before 2 queue.meanwhile"]);
  assert.deepEqual(aboutPlace(say, place, true), ["queue.nobody.else", "queue.meanwhile"]);
});
