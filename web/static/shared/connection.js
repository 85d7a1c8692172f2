// SPDX-License-Identifier: EUPL-1.2
/**
 * One lasting connection over many sockets: first frame, watchdog, backoff, drain and close codes. See `types.d.ts`.
 * And its frames as text: knows their form, and nothing of what they mean.
 */

/** @typedef {{ type: string, [field: string]: unknown }} Frame */
/** @typedef {import("./types").Connection} Connection */
/** @typedef {import("./types").Status} Status */

export const SUBPROTOCOL = "jourchatt.v1";

/** Close codes after which trying again cannot help: over, unknown token, another tab, do not retry. */
export const FINAL_CODES = new Set([1000, 4001, 4003, 4500]);

const TOO_MANY = 4029;
const WATCHDOG_MS = 45_000;
const CONNECTING_MS = 10_000;
const TOO_MANY_WAITED_MS = 24_000;
const BUCKET_BYTES = 1024;

/** In a pattern with `u`, half a pair that stands alone: an old keyboard may make one, and no server takes it. */
const LONE_SURROGATE = /[\ud800-\udfff]/gu;

/**
 * Full jitter: evenly up to a third of what has been waited already, from 0.5 to 8 s in the first two minutes, then
 * to 30 s. Thousands do not come back at once, and a server that was away for 15 s has everybody back within 5.
 * @param {number} waitedMs all pauses since the server was last heard
 * @param {number} random
 * @returns {number} milliseconds
 */
export function backoff(waitedMs, random) {
  // The figures stand here and nowhere else, for the sake of her first download.
  return random * Math.min(waitedMs < 120_000 ? 8000 : 30_000, Math.max(500, waitedMs / 3));
}

/**
 * Open a connection that mends itself.
 * @param {import("./types").Options} options
 * @returns {Connection}
 */
export function openConnection(options) {
  const { timers, random } = options;
  /** @type {import("./types").Socket | null} */
  let socket = null;
  /** @type {Status} */
  let status = "stopped";
  let waited = 0;
  /** @type {any} */
  let watchdog;
  /** @type {any} */
  let next;

  /** @param {Status} now */
  function become(now) {
    if (status === now) return;
    status = now;
    options.onStatus(now);
  }

  /** @param {number} ms */
  function watch(ms) {
    timers.clearTimeout(watchdog);
    watchdog = timers.setTimeout(() => lose(), ms);
  }

  function connect() {
    timers.clearTimeout(next);
    become("connecting");
    const opened = new options.WebSocket(options.url, SUBPROTOCOL);
    socket = opened;
    watch(CONNECTING_MS);
    opened.onopen = () => {
      watch(WATCHDOG_MS);
      opened.send(encode(options.first()));
      become("open");
    };
    opened.onmessage = (event) => receive(event.data);
    opened.onclose = (event) => closed(event.code);
    opened.onerror = null;
  }

  /** Forget the socket at once: closing a dead one can take minutes. */
  function drop() {
    timers.clearTimeout(watchdog);
    timers.clearTimeout(next);
    const dropped = socket;
    socket = null;
    if (dropped === null) return;
    dropped.onopen = dropped.onmessage = dropped.onclose = dropped.onerror = null;
    dropped.close(1000);
  }

  /** @param {number} [waitedMs] go on as if so much had been waited already */
  function lose(waitedMs = 0) {
    drop();
    waited = Math.max(waited, waitedMs);
    const pause = backoff(waited, random());
    next = timers.setTimeout(connect, pause);
    waited += pause;
    become("lost");
  }

  /** @param {number} code */
  function closed(code) {
    if (!FINAL_CODES.has(code)) {
      lose(code === TOO_MANY ? TOO_MANY_WAITED_MS : 0);
      return;
    }
    drop();
    become("stopped");
    options.onStopped(code);
  }

  /** @param {unknown} received */
  function receive(received) {
    watch(WATCHDOG_MS);
    const frame = decode(received);
    if (frame === null) return;
    // Only a server that speaks has answered: one that accepts and closes must not be hammered.
    waited = 0;
    if (frame.type === "drain") leaveWithin(Number(frame.within_ms) || 0);
    else if (frame.type !== "beat") options.onFrame(frame);
  }

  /** @param {number} ms the server stops within this time: move at a random moment of it */
  function leaveWithin(ms) {
    timers.clearTimeout(next);
    next = timers.setTimeout(() => {
      drop();
      connect();
    }, random() * ms);
  }

  connect();
  return {
    send(frame) {
      if (status !== "open" || socket === null) return false;
      socket.send(encode(frame));
      return true;
    },
    wake() {
      if (status === "lost") connect();
    },
    stop() {
      drop();
      become("stopped");
    },
  };
}

/**
 * Write a frame. One that carries text is filled up with trailing spaces (JSON allows them) to a multiple of
 * 1,024 bytes, so that its size on the network does not tell how much was written.
 * @param {Frame} frame
 * @returns {string}
 */
export function encode(frame) {
  const json = JSON.stringify(frame, (_, value) =>
    typeof value === "string" ? value.replace(LONE_SURROGATE, "\ufffd") : value,
  );
  if (typeof frame.text !== "string" && !/^answer$|ask|come_back|_word/.test(frame.type)) return json;
  const bytes = new TextEncoder().encode(json).length;
  return json + " ".repeat((BUCKET_BYTES - (bytes % BUCKET_BYTES)) % BUCKET_BYTES);
}

/**
 * Read a frame; null for what is none.
 * @param {unknown} received
 * @returns {Frame | null}
 */
export function decode(received) {
  if (typeof received !== "string") return null;
  try {
    const value = JSON.parse(received);
    return value !== null && typeof value === "object" && typeof value.type === "string" ? value : null;
  } catch {
    return null;
  }
}

/**
 * Return a new id for a message: 16 random bytes as 22 characters of base64url.
 * @param {(bytes: Uint8Array<ArrayBuffer>) => void} fill fills with random bytes
 * @returns {string}
 */
export function clientId(fill) {
  const bytes = new Uint8Array(16);
  fill(bytes);
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
