// SPDX-License-Identifier: EUPL-1.2
// Whether messages take longer just now, as the server tells it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isSlow } from "../../web/static/operator/degraded.js";

test("the server says when it is so and when it is over; a new connection begins well", () => {
  assert.equal(isSlow({ type: "degraded", away: true }), true);
  assert.equal(isSlow({ type: "degraded", away: false }), false);
  assert.equal(isSlow({ type: "ready", held: [] }), false);
  assert.equal(isSlow({ type: "beat" }), null);
});
