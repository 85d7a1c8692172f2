// SPDX-License-Identifier: EUPL-1.2
// The connection against a socket, timers and randomness that the test holds in its hand.

import assert from "node:assert/strict";
import { test } from "node:test";

import { SUBPROTOCOL, backoff, openConnection } from "../../../web/static/shared/connection.js";

class FakeTimers {
  now = 0;
  #next = 1;
  #due = new Map();

  setTimeout = (act, ms) => {
    this.#due.set(this.#next, { at: this.now + ms, act });
    return this.#next++;
  };

  clearTimeout = (timer) => {
    this.#due.delete(timer);
  };

  get pending() {
    return this.#due.size;
  }

  pass(ms) {
    const until = this.now + ms;
    for (;;) {
      const due = [...this.#due].filter(([, timer]) => timer.at <= until).sort((a, b) => a[1].at - b[1].at)[0];
      if (due === undefined) break;
      this.#due.delete(due[0]);
      this.now = due[1].at;
      due[1].act();
    }
    this.now = until;
  }
}

/** A connection with everything that happened to it. */
function scene({ random = () => 0.5 } = {}) {
  const timers = new FakeTimers();
  const sockets = [];
  const seen = { frames: [], statuses: [], stopped: [] };
  class FakeWebSocket {
    sent = [];
    closedWith = null;
    constructor(url, protocol) {
      Object.assign(this, { url, protocol });
      sockets.push(this);
    }
    send(text) {
      this.sent.push(JSON.parse(text));
    }
    close(code) {
      this.closedWith = code;
    }
  }
  let greetings = 0;
  const connection = openConnection({
    url: "wss://chat.example/ws/visitor",
    first: () => ({ type: "resume", token: "t", after: greetings++ }),
    WebSocket: FakeWebSocket,
    timers,
    random,
    onFrame: (frame) => seen.frames.push(frame),
    onStatus: (status) => seen.statuses.push(status),
    onStopped: (code) => seen.stopped.push(code),
  });
  return {
    connection,
    timers,
    sockets,
    seen,
    last: () => sockets.at(-1),
    open: () => sockets.at(-1).onopen({}),
    receives: (frame) => sockets.at(-1).onmessage({ data: JSON.stringify(frame) }),
    closes: (code) => sockets.at(-1).onclose({ code }),
  };
}

test("a connection speaks the subprotocol and sends its first frame before anything else", () => {
  const it = scene();
  assert.equal(it.connection.send({ type: "typing" }), false);
  it.open();
  assert.equal(it.connection.send({ type: "typing" }), true);
  assert.equal(it.last().protocol, SUBPROTOCOL);
  assert.deepEqual(it.last().sent.map((frame) => frame.type), ["resume", "typing"]);
  assert.deepEqual(it.seen.statuses, ["connecting", "open"]);
});

test("a lost socket is followed by another with a first frame asked for anew", () => {
  const it = scene();
  it.open();
  it.closes(1006);
  assert.equal(it.connection.send({ type: "typing" }), false);
  it.timers.pass(500);
  it.open();
  assert.equal(it.last().sent[0].after, 1);
  assert.deepEqual(it.seen.statuses, ["connecting", "open", "lost", "connecting", "open"]);
});

test("backoff lies between nothing and a ceiling from half a second to half a minute", () => {
  assert.equal(backoff(0, 0), 0);
  assert.equal(backoff(0, 0.5), 250);
  assert.equal(backoff(12_000, 1), 4000);
  assert.equal(backoff(1_000_000, 1), 30_000);
});

test("a server that was away for a minute or two has everybody back within eight seconds", () => {
  assert.equal(backoff(24_000, 1), 8000);
  assert.equal(backoff(119_999, 1), 8000);
});

test("nobody waits longer than a third of the time that the server was away, whatever chance says", () => {
  for (const random of [0.02, 0.3, 0.5, 0.999]) {
    for (const away of [2_000, 5_000, 15_000, 60_000]) {
      const it = scene({ random: () => random });
      it.open();
      it.receives({ type: "beat" });
      it.closes(1006);
      while (it.timers.now < away) {
        const count = it.sockets.length;
        while (it.sockets.length === count) it.timers.pass(1);
        if (it.timers.now < away) it.closes(1006);
      }
      assert.ok(it.timers.now - away <= Math.max(500, away / 3), `${random}: ${it.timers.now} for ${away}`);
    }
  }
});

test("attempts come more seldom until a server has answered", () => {
  const it = scene({ random: () => 0.999 });
  const waits = [];
  for (let attempt = 0; attempt < 12; attempt += 1) {
    it.open();
    it.closes(1006);
    const count = it.sockets.length;
    const since = it.timers.now;
    while (it.sockets.length === count) it.timers.pass(1);
    waits.push(it.timers.now - since);
  }
  assert.ok(waits.every((wait, at) => at === 0 || wait >= waits[at - 1]), String(waits));
  assert.ok(waits[0] === 500 && waits[11] > 2000, String(waits));
  it.open();
  it.receives({ type: "beat" });
  it.closes(1006);
  it.timers.pass(500);
  assert.equal(it.sockets.length, 14);
});

test("silence of 45 seconds drops the socket, a beat keeps it", () => {
  const it = scene();
  it.open();
  it.timers.pass(44_000);
  it.receives({ type: "beat" });
  it.timers.pass(44_000);
  assert.equal(it.sockets.length, 1);
  it.timers.pass(2_000);
  assert.equal(it.sockets[0].closedWith, 1000);
  assert.equal(it.sockets.length, 2);
});

test("a socket that never opens is given up after 10 seconds", () => {
  const it = scene();
  it.timers.pass(10_000);
  assert.equal(it.seen.statuses.at(-1), "lost");
});

test("beats and drains stay inside, unknown frames go through, nonsense is dropped", () => {
  const it = scene();
  it.open();
  it.receives({ type: "beat" });
  it.receives({ type: "drain", within_ms: 1000 });
  it.receives({ type: "something_new" });
  it.last().onmessage({ data: "not json" });
  it.last().onmessage({ data: "[1]" });
  it.last().onmessage({ data: new ArrayBuffer(2) });
  assert.deepEqual(it.seen.frames, [{ type: "something_new" }]);
});

test("a drain moves to a new socket at a random moment within its time", () => {
  const it = scene({ random: () => 0.25 });
  it.open();
  it.receives({ type: "drain", within_ms: 4000 });
  it.timers.pass(999);
  assert.equal(it.sockets.length, 1);
  assert.equal(it.connection.send({ type: "typing" }), true);
  it.timers.pass(1);
  assert.equal(it.sockets.length, 2);
  assert.equal(it.sockets[0].closedWith, 1000);
});

test("a socket closed while draining leads to one new socket, not two", () => {
  const it = scene();
  it.open();
  it.receives({ type: "drain", within_ms: 4000 });
  it.closes(4012);
  it.timers.pass(4000);
  assert.equal(it.sockets.length, 2);
});

for (const code of [1000, 4001, 4003, 4500]) {
  test(`close code ${code} is final`, () => {
    const it = scene();
    it.open();
    it.closes(code);
    assert.deepEqual(it.seen.stopped, [code]);
    assert.equal(it.seen.statuses.at(-1), "stopped");
    it.connection.wake();
    assert.equal(it.timers.pending, 0);
    assert.equal(it.sockets.length, 1);
  });
}

for (const code of [1001, 1006, 1009, 1012, 4008, 4012]) {
  test(`close code ${code} is followed by another attempt`, () => {
    const it = scene();
    it.open();
    it.closes(code);
    it.timers.pass(500);
    assert.equal(it.sockets.length, 2);
  });
}

test("too many connections are answered with a longer wait", () => {
  const it = scene();
  it.open();
  it.closes(4029);
  it.timers.pass(3_999);
  assert.equal(it.sockets.length, 1);
  it.timers.pass(1);
  assert.equal(it.sockets.length, 2);
});

test("waking tries at once and only when the connection is lost", () => {
  const it = scene();
  it.open();
  it.connection.wake();
  assert.equal(it.sockets.length, 1);
  it.closes(1006);
  it.connection.wake();
  assert.equal(it.sockets.length, 2);
  it.timers.pass(500);
  assert.equal(it.sockets.length, 2);
});

test("stopping closes for good and leaves no timer", () => {
  const it = scene();
  it.open();
  it.connection.stop();
  assert.equal(it.last().closedWith, 1000);
  assert.equal(it.timers.pending, 0);
  assert.deepEqual(it.seen.stopped, []);
  assert.equal(it.connection.send({ type: "typing" }), false);
});
