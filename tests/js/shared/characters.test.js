// SPDX-License-Identifier: EUPL-1.2
// How long a text is, and that numbers in groups keep their order in one that runs from right to left.

import assert from "node:assert/strict";
import { test } from "node:test";

import { codePoints, excess, written } from "../../../web/static/shared/characters.js";

globalThis.document = { createElement: (name) => ({ name, textContent: "" }) };

const shown = (text) => written(text).map((piece) => (typeof piece === "string" ? piece : `<${piece.textContent}>`));

test("a number in groups stands apart in Arabic, and every character is there", () => {
  const text = "رقمي 070-123 45 67، أو +46 8 123 45. الرقم 112 للطوارئ";
  assert.deepEqual(shown(text), ["رقمي ", "<070-123 45 67>", "، أو ", "<+46 8 123 45>", ". الرقم 112 للطوارئ"]);
  assert.equal(shown(text).join("").replace(/[<>]/g, ""), text);
});

test("nothing is cut out of a text that runs from left to right", () => {
  assert.deepEqual(written("ring 020-50 50 50"), ["ring 020-50 50 50"]);
  assert.deepEqual(written(""), [""]);
});

test("length is counted in code points", () => {
  assert.equal(codePoints("hej"), 3);
  assert.equal(codePoints("👩‍👧"), 3);
});

test("what is too much is counted in characters as a person sees them", () => {
  const family = "👩‍👩‍👧";
  assert.equal(excess("hej", 3), 0);
  assert.equal(excess("hejsan", 3), 3);
  assert.equal(excess(family.repeat(3), 5), 2);
  assert.equal(excess(`${"a".repeat(3)}${family}`, 4), 1);
  assert.equal(excess(`a${"\u0301".repeat(50)}`, 20), 1);
});

test("a browser that cannot tell characters counts code points", (context) => {
  const { Segmenter } = Intl;
  context.after(() => Object.assign(Intl, { Segmenter }));
  Object.assign(Intl, { Segmenter: undefined });
  assert.equal(excess("👩‍👧", 1), 2);
});
