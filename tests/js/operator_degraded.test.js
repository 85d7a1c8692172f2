// SPDX-License-Identifier: EUPL-1.2
// Whether messages take longer just now, as the server tells it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isSlow, isToldSlow } from "../../web/static/operator/degraded.js";
import { initial, reduce } from "../../web/static/operator/state.js";

test("the server says when it is so and when it is over; a new connection begins well", () => {
  assert.equal(isSlow({ type: "degraded", away: true }), true);
  assert.equal(isSlow({ type: "degraded", away: false }), false);
  assert.equal(isSlow({ type: "ready", held: [] }), false);
  assert.equal(isSlow({ type: "beat" }), null);
});

test("it is never said beside a line about lost contact, and again when contact is there", () => {
  const ready = { type: "frame", frame: { type: "ready", held: [] }, now: 0 };
  const open = [{ type: "link", link: "open" }, ready].reduce(reduce, initial(0));
  const lost = reduce(open, { type: "link", link: "lost" });
  assert.equal(isToldSlow(true, open), true);
  assert.equal(isToldSlow(false, open), false);
  assert.equal(isToldSlow(true, lost), false);
  for (const link of ["connecting", "doubtful", "refused", "taken", "signed_out"]) {
    assert.equal(isToldSlow(true, reduce(lost, { type: "link", link })), false, link);
  }
  assert.equal(isToldSlow(true, [{ type: "link", link: "open" }, ready].reduce(reduce, lost)), true);
});
