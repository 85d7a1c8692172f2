// SPDX-License-Identifier: EUPL-1.2
// Numbers in groups keep their order in a text that runs from right to left.

import assert from "node:assert/strict";
import { test } from "node:test";

import { written } from "../../../web/static/shared/numbers.js";

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
