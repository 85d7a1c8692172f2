// SPDX-License-Identifier: EUPL-1.2
// Which keys, pressed while she is asked, are meant for her field.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isWriting } from "../../../web/static/visitor/question.js";

const press = (key, fields = {}) =>
  isWriting({ key, target: { tagName: "SECTION" }, ctrlKey: false, metaKey: false, altKey: false, ...fields });

test("letters, a space and rubbing out are meant for the field", () => {
  for (const key of ["a", "å", "1", " ", "😀", "Backspace", "Dead", "Process"]) assert.equal(press(key), true, key);
});

test("keys that move, press or command are not", () => {
  for (const key of ["Enter", "Tab", "Escape", "ArrowDown", "Shift"]) assert.equal(press(key), false, key);
  assert.equal(press("c", { ctrlKey: true }), false);
  assert.equal(press("c", { metaKey: true }), false);
  assert.equal(press(" ", { target: { tagName: "BUTTON" } }), false);
});
