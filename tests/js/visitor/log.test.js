// SPDX-License-Identifier: EUPL-1.2
// What the log shows of a state.

import assert from "node:assert/strict";
import { test } from "node:test";

import { items, taken } from "../../../web/static/visitor/log.js";
import { START } from "../../../web/static/visitor/state.js";

const entry = (seq, fields) => ({
  kind: "said", seq, from: "service", text: "", at: null, id: null, masked: false, ...fields,
});
const unsent = (delivery) => ({ id: "u", text: "hej", at: "2026-11-22T19:00:00.000Z", delivery });
const delivery = (state, message) =>
  items({ ...START, phase: "active", connected: true, unsent: [message], ...state })[0].delivery;

test("who said something is who was here then", () => {
  const shown = items({
    ...START,
    entries: [
      entry(1, { kind: "joined", text: "Alva" }),
      entry(2, { from: "operator", text: "hej" }),
      entry(3, { kind: "left" }),
      entry(4, { kind: "joined", text: "Bo" }),
      entry(5, { from: "operator", text: "hej igen" }),
    ],
  });
  assert.deepEqual(shown.map((item) => item.who), ["Alva", "Alva", "Alva", "Bo", "Bo"]);
  assert.equal(shown[2].text, "Alva");
});

test("a message keeps its key when the server has it", () => {
  const [before] = items({ ...START, unsent: [unsent("sending")] });
  const [after] = items({ ...START, entries: [entry(1, { from: "visitor", id: "u", text: "hej" })] });
  assert.equal(before.key, after.key);
  assert.equal(after.delivery, "sent");
});

test("what is not sent says what will happen to it", () => {
  assert.equal(delivery({}, unsent("sending")), "sending");
  assert.equal(delivery({ connected: false }, unsent("sending")), "later");
  assert.equal(delivery({}, unsent("failed")), "failed");
  assert.equal(delivery({ phase: "over" }, unsent("sending")), "lost");
});

test("a masked message says so", () => {
  const [shown] = items({ ...START, entries: [entry(1, { from: "visitor", id: "u", masked: true })] });
  assert.equal(shown.delivery, "masked");
});

test("what was taken out is named by its masks, each once", () => {
  assert.equal(taken("ring [telefonnummer] eller [telefonnummer], [adress]", "sv"), "telefonnummer och adress");
  assert.equal(taken("[رقم الهاتف] [العنوان]", "ar"), "رقم الهاتف والعنوان");
  assert.equal(taken("utan", "sv"), "…");
});
