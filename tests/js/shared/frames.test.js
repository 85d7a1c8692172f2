// SPDX-License-Identifier: EUPL-1.2
// Frames as text: padding, reading and ids.

import assert from "node:assert/strict";
import { test } from "node:test";

import { clientId, decode, encode } from "../../../web/static/shared/connection.js";

const size = (text) => new TextEncoder().encode(text).length;

test("a frame with one and one with 400 characters have the same size", () => {
  const short = encode({ type: "say", id: "a", text: "x" });
  const long = encode({ type: "say", id: "a", text: "x".repeat(400) });
  assert.equal(size(short), 1024);
  assert.equal(size(long), 1024);
});

test("padding counts bytes, keeps the text and never adds a bucket to a full one", () => {
  const text = "å".repeat(900);
  const frame = encode({ type: "say", id: "a", text });
  assert.equal(size(frame), 2048);
  assert.equal(JSON.parse(frame).text, text);
  const bare = JSON.stringify({ type: "say", text: "" }).length;
  assert.equal(size(encode({ type: "say", text: "x".repeat(1024 - bare) })), 1024);
});

test("an answer to what she is asked is padded too: a no looks like a short yes", () => {
  const no = encode({ type: "answer", id: "a", proposal: 1, yes: [] });
  const yes = encode({ type: "answer", id: "a", proposal: 1, yes: [{ receiver: "r" }], content: { want: "x".repeat(300) } });
  assert.equal(size(no), 1024);
  assert.equal(size(yes), 1024);
});

test("a frame without text is not padded", () => {
  assert.equal(encode({ type: "typing" }), '{"type":"typing"}');
});

test("decode gives null for all that is no frame", () => {
  for (const wrong of ["", "nope", "null", "3", "[]", "{}", '{"type":3}', undefined, new Uint8Array(1)]) {
    assert.equal(decode(wrong), null);
  }
  assert.deepEqual(decode('{"type":"beat"}   '), { type: "beat" });
});

test("a client id is 22 characters of base64url made of 16 random bytes", () => {
  assert.equal(clientId((bytes) => bytes.fill(255)), "_____________________w");
  assert.equal(clientId((bytes) => bytes.fill(0)), "A".repeat(22));
  assert.match(clientId((bytes) => crypto.getRandomValues(bytes)), /^[A-Za-z0-9_-]{22}$/);
});

test("half a surrogate pair becomes the mark for what cannot be read, and whole pairs stay", () => {
  const frame = encode({ type: "say", id: "a", text: "a\ud800b\udc00 👩‍👧" });
  assert.equal(JSON.parse(frame).text, "a\ufffdb\ufffd 👩‍👧");
  assert.ok(!frame.includes("\\ud"));
});
