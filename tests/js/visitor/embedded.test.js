// SPDX-License-Identifier: EUPL-1.2
// What the chat believes of the page around it: who it is from comes first, and an exit is always heard.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { installEmbedded } from "../../../web/static/visitor/exit.js";

const HOST = "https://jouren.example";
const EXIT = "https://www.smhi.se/";

/** A frame in a page; `said` is what the page was told, and to which origin. */
function framed(origins = [HOST]) {
  const said = [];
  const listeners = [];
  const parent = { postMessage: (message, to) => said.push([message, to]) };
  const classes = new Set();
  globalThis.window = { parent, addEventListener: (_, listener) => listeners.push(listener) };
  globalThis.document = { documentElement: { classList: classes } };
  let exits = 0;
  const embedded = installEmbedded({ origins, exit: EXIT, onExit: () => (exits += 1) });
  const hear = (data, origin = HOST, source = parent) => listeners.forEach((listen) => listen({ data, origin, source }));
  return { embedded, said, hear, exits: () => exits, hosted: () => classes.has("hosted") };
}

afterEach(() => {
  delete globalThis.window;
  delete globalThis.document;
});

test("the page around says open, and is told once where the way out leads", () => {
  const frame = framed();
  for (let n = 0; n < 3; n += 1) frame.hear({ type: "open" });
  assert.deepEqual(frame.said, [[{ type: "open", exit: EXIT }, HOST]]);
  assert.equal(frame.hosted(), true);
});

test("nothing is said to a page that has not said open", () => {
  const frame = framed();
  assert.equal(frame.embedded.exit(), false);
  frame.embedded.close();
  assert.deepEqual(frame.said, []);
});

test("the frame is told whether it is left or taken away, and by the page around alone", () => {
  const frame = framed();
  const said = [];
  installEmbedded({ origins: [HOST], exit: EXIT, onExit: (type) => said.push(type) });
  for (const type of ["close", "exit", "hide"]) frame.hear({ type });
  frame.hear({ type: "close" }, "https://evil.example");
  assert.deepEqual(said, ["close", "exit"]);
});

test("what looks like the host page's origin is not", () => {
  const strangers = [
    "https://jouren.example.evil.example", "https://jouren.example:444", "http://jouren.example", "https://jouren.exampl",
    "https://evil-jouren.example", "https://jouren.example/", "HTTPS://JOUREN.EXAMPLE", "https://jоuren.example", "null", "",
    "https://jouren.example, https://evil.example", "*",
  ];
  const frame = framed();
  for (const origin of strangers) for (const type of ["open", "exit"]) frame.hear({ type }, origin);
  assert.deepEqual(frame.said, []);
  assert.equal(frame.exits(), 0);
});

test("another window than the one around is not heard, whatever its origin", () => {
  const frame = framed();
  frame.hear({ type: "exit" }, HOST, {});
  frame.hear({ type: "open" }, HOST, null);
  assert.deepEqual([frame.exits(), frame.said.length], [0, 0]);
});

test("what a stranger says is not even unpacked", () => {
  const frame = framed();
  const event = { origin: "https://evil.example", source: globalThis.window.parent };
  Object.defineProperty(event, "data", { get: () => assert.fail("unpacked") });
  let listener = null;
  globalThis.window.addEventListener = (_, given) => (listener = given);
  installEmbedded({ origins: [HOST], exit: EXIT, onExit: () => assert.fail("left") });
  listener(event);
  assert.equal(frame.hosted(), false);
});

test("other messages than open and exit change nothing, whatever their type", () => {
  const frame = framed();
  const types = [undefined, null, 0, 1, true, [], ["exit"], {}, { type: "exit" }, "Exit", "exit ", "open".padEnd(1e6, "n"), Symbol.iterator];
  for (const type of types) frame.hear({ type });
  for (const data of [null, undefined, "exit", 7, [], new ArrayBuffer(8), Object.create(null)]) frame.hear(data);
  assert.deepEqual([frame.exits(), frame.said.length, frame.hosted()], [0, 0, false]);
});

test("after a flood the way out is still heard", () => {
  const frame = framed();
  for (let n = 0; n < 20_000; n += 1) frame.hear({ type: `${n}` });
  frame.hear({ type: "exit" });
  assert.equal(frame.exits(), 1);
});
