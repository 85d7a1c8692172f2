// SPDX-License-Identifier: EUPL-1.2
/**
 * The shapes of a connection, and how to use one. Read by people and by the type checker, never by a browser.
 *
 * A connection owns when to connect and when to give up. It knows no page, no conversation and no wall clock: the
 * WebSocket constructor, the timers and the randomness are arguments, so tests need no network and no waiting.
 *
 *     const connection = openConnection({
 *       url, first: () => ({ type: "resume", token, after }),
 *       WebSocket, timers: window, random: Math.random,
 *       onFrame: (frame) => …, onStatus: (status) => …, onStopped: (code) => …,
 *     });
 *     connection.send({ type: "say", id, text });   // false: not connected, keep it and send it again later
 *
 * Nothing is queued in it: what was sent and not acknowledged is known to the caller, who sends it again with
 * the same id after the next greeting (`welcome`, `ready`).
 */

import type { Frame } from "./connection.js";

/**
 * `connecting`: a socket is being opened. `open`: the first frame is sent, frames may follow. `lost`: no
 * connection, the next attempt is scheduled. `stopped`: for good, by `stop()` or by a final close code.
 */
export type Status = "connecting" | "open" | "lost" | "stopped";

/** The part of a WebSocket that is used. */
export interface Socket {
  onopen: ((event: any) => void) | null;
  onmessage: ((event: any) => void) | null;
  onclose: ((event: any) => void) | null;
  onerror: ((event: any) => void) | null;
  send: (data: string) => void;
  close: (code?: number) => void;
}

export interface Timers {
  setTimeout: (act: () => void, ms: number) => any;
  clearTimeout: (timer: any) => void;
}

export interface Options {
  /** A ws: or wss: address. */
  url: string;
  /** The first frame of every socket, asked for anew each time. */
  first: () => Frame;
  WebSocket: new (url: string, protocol: string) => Socket;
  timers: Timers;
  /** From 0 up to, not including, 1. */
  random: () => number;
  /** Every frame but `beat` and `drain`. */
  onFrame: (frame: Frame) => void;
  onStatus: (status: Status) => void;
  /** After a final close code; no attempt follows. */
  onStopped: (code: number) => void;
}

export interface Connection {
  /** True when it was handed to an open socket. */
  send: (frame: Frame) => boolean;
  /** Try now instead of waiting out the backoff: the network is back, the page is seen. */
  wake: () => void;
  /** Close for good; `onStopped` is not called. */
  stop: () => void;
}

/** How identity data is seen: a part of `config/rules/identity.toml`, in that file's own form. */
export interface IdentityRules {
  /** What a letter is folded to. */
  letters: { [letter: string]: string };
  /** By language, by the letter of the class: words, with spaces between. */
  words: { [language: string]: { [letter: string]: string } };
  /** By language: a word, its digits, a word, its digits. */
  numbers: { [language: string]: string };
  endings: { streets: string; places: string; surnames: string; none: string };
  allowed: { numbers: string; hosts: string };
  /** Parts of the patterns. */
  pieces: { [name: string]: string };
  /** Which side is looked at, whether it must match, and the pattern. */
  checks: { [name: string]: [Side, boolean, string][] };
  /** Kind, what must be in the sketch, the pattern, and the names of checks. */
  rule: [string, string[], string, string][];
}

export type Side = "digits" | "tight" | "plain" | "sketch";

/** What a rule has found, from each side from which it is looked at. */
export type Piece = { [side in Side]: string };

/** `text.slice(start, end)` is of this kind. */
export interface Span {
  kind: string;
  start: number;
  end: number;
}
