// SPDX-License-Identifier: EUPL-1.2
/**
 * The shapes of the visitor's page. Read by people and by the type checker, never by a browser: her download stays
 * small.
 */

import type { parts } from "./view.js";

/**
 * `before`: not begun. `connecting`: asked for a place. `over`: ended, for `reason`. `elsewhere`: taken over by
 * another tab. `unreachable`: the server asks not to be tried again.
 */
export type Phase = "before" | "connecting" | "waiting" | "active" | "over" | "elsewhere" | "unreachable";

/** One thing in the conversation, with the server's number. */
export interface Entry {
  kind: "said" | "joined" | "left";
  /** From 1, without gaps. */
  seq: number;
  from: "visitor" | "operator" | "service";
  /** What was said, or the alias of who joined. */
  text: string;
  /** ISO 8601. */
  at: string | null;
  /** The client id of her own message. */
  id: string | null;
  /** Something that tells who she is was taken out. */
  masked: boolean;
}

/** A message of hers that the server has not acknowledged. `refused`: trying again does not help. */
export interface Unsent {
  id: string;
  text: string;
  at: string;
  delivery: "sending" | "failed" | "refused";
}

export interface Place {
  ahead: number;
  /** The usual range in minutes; null when nobody can know. */
  wait: readonly [number, number] | null;
  /** Whether anybody is on duty. */
  here: boolean;
}

export interface Refusal {
  code: string;
  retry: boolean;
}

export interface State {
  phase: Phase;
  connected: boolean;
  /** In memory only. */
  token: string | null;
  /** By seq, each once. */
  entries: readonly Entry[];
  /** In the order in which she wrote them. */
  unsent: readonly Unsent[];
  place: Place | null;
  /** Who is here. */
  alias: string | null;
  /** Who was here and lost contact. */
  lost: string | null;
  typing: boolean;
  /** Why it is over. */
  reason: string | null;
  /** Why it did not begin. */
  refusal: Refusal | null;
  /** She has said that she wants to end. */
  ending: boolean;
  /** Why it takes a moment to begin, in words. */
  holdup: string | null;
  /** Nothing is done about it but to wait a while. */
  paused: boolean;
  /** What lets her in under load. */
  work: Solved | null;
}

/** An answer to the server's challenge. */
export interface Solved {
  challenge: string;
  nonce: string;
}

export type Event =
  | { type: "start" }
  | { type: "connected" }
  | { type: "disconnected" }
  | { type: "stopped"; code: number }
  | { type: "say"; id: string; text: string; at: string }
  | { type: "retry"; id: string }
  | { type: "drop"; id: string }
  | { type: "end" }
  | { type: "stillness" }
  | { type: "solved"; work: Solved }
  | { type: "paused"; text: string }
  | { type: "return" }
  | { type: "clear" }
  | { type: "frame"; frame: import("../shared/frames.js").Frame };

export interface PatienceOptions {
  timers?: import("../shared/types").Timers;
  /** Milliseconds that only ever rise. */
  now?: () => number;
  random?: () => number;
  /** Whether she still wants to begin and has not been let in. */
  isWanted: () => boolean;
  onSolved: (work: Solved) => void;
  /** No work for a while. Without words: it took too long. */
  onPause: (text?: string) => void;
  /** Ask again. */
  again: () => void;
}

/** What the log shows: sent and unsent alike. */
export interface Item {
  /** The same before and after the server has it. */
  key: string;
  kind: Entry["kind"];
  from: Entry["from"];
  /** The alias of who was here. */
  who: string;
  text: string;
  at: string | null;
  delivery: "sent" | "masked" | "sending" | "later" | "failed" | "refused" | "lost" | null;
}

export type Text = string | { [category: string]: string };

/** Say a text of the catalogue. One with plural forms chooses by the value `n`. */
export type Say = (key: string, values?: { [name: string]: string | number }) => string;

/** What the server put in the page. */
export interface Given {
  service: string;
  language: string;
  /** The version of the text about secrecy and reporting that this page shows. */
  notice: string;
  /** What the service is called, in the page's language when it has a name there. */
  name: string;
  exit: string;
  /** Exact origins that may frame this chat. */
  origins: string[];
  texts: { [key: string]: Text };
}

interface MessageActs {
  onRetry: (id: string) => void;
  onEdit: (id: string) => void;
}

export interface LogOptions extends MessageActs {
  log: HTMLElement;
  say: Say;
  language: string;
}

export interface ViewOptions extends MessageActs {
  page: ReturnType<typeof parts>;
  say: Say;
  language: string;
  name: string;
  framed: boolean;
}
