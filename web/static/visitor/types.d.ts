// SPDX-License-Identifier: EUPL-1.2
/**
 * The shapes of the visitor's page, and what its modules must not know. Read by people and by the type checker, never
 * by a browser: her download stays small, so what is longer than a line stands here.
 *
 * `chat.js`: the token lives in its state, in memory, and nowhere else: no cookie, storage or address. But a tab may
 *   keep it whose place she has asked to be kept (`returning.js`), and a tab that begins does not even look. What is
 *   kept is in the state before anything waits for the network, and is deleted here with the conversation: that must
 *   not need a module that may not come.
 *   A short gap (a restart, a change of network) is mended before it is worth a word, and one word is for the whole
 *   gap. A socket without a conversation is of no use, and is stopped. `work.js` is loaded when many come at once,
 *   `consent/` when she is first asked for a yes. What she may say first (`ask.js`) is loaded when she opens it, the
 *   waiting room with what is asked afterwards (`room.js`) in every talk, so that nothing on the device tells how it
 *   went.
 * `writing.js`: loads `asking.js` when she is let in, for the line with 112, and again when she begins to write. What
 *   has not come within a second of her sending is not waited for, and the server masks. When it cannot be loaded at
 *   all, the page's own line about danger is moved to where it is seen. A message goes out again with its old id, for the server to answer each once.
 * `state.js`: owns what is sent and what is not, and where the conversation stands. Knows no page, socket or clock:
 *   times come with the events.
 * `log.js`: one element for each thing said, in order, changed as little as possible, so that a screen reader says
 *   each once. An entry without words is what she is asked for a yes to: `consent/` fills its element.
 * `exit.js`: knows no conversation; what must be told to the server is told by `onLeave`. What it cannot do (the
 *   history, a program that watches the phone) the page says in words. The beacon ends a conversation also when no
 *   socket does: the server takes the token from the body. The page around a frame is believed only when its origin is
 *   one that the organisation has named and the message comes from the very window that frames us. Nothing of the
 *   conversation is ever said to it.
 */

import type { parts } from "./view.js";

/**
 * `before`: not begun. `connecting`: asked for a place. `over`: ended, for `reason`. `elsewhere`: taken over by
 * another tab. `unreachable`: the server asks not to be tried again.
 */
export type Phase = "before" | "connecting" | "waiting" | "active" | "over" | "elsewhere" | "unreachable";

/** One thing in the conversation, with the server's number. */
export interface Entry {
  kind: "said" | "joined" | "left" | "asked";
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
  /**
   * Of an entry of kind `asked`: what she is asked for a yes to, and how that went (`consent/`). Of who joined: when they
   * work in another place than before.
   */
  frame?: import("../shared/connection.js").Frame;
  /** Of a message: the alias of the guest who said it. */
  guest?: string;
}

/** A message of hers that the server has not acknowledged. `refused`: trying again does not help. */
export interface Unsent {
  id: string;
  text: string;
  at: string;
  delivery: "sending" | "failed" | "refused";
  /** She was asked: what tells who she is may stay. Every retry says so again. */
  keep?: boolean;
}

export interface Place {
  ahead: number;
  /** The usual range in minutes; null when nobody can know. */
  wait: readonly [number, number] | null;
  /** Whether anybody is on duty. */
  here: boolean;
  /** The opening hours are over. */
  closed: boolean;
  /** They end soon: when, as ISO 8601. */
  closes: string | null;
  /** Whether anybody on duty speaks the language in which she wants to write. */
  understood: boolean;
}

/** What she said before the start, where she said anything. `language`: in which she wants to write. */
export interface Said {
  language?: string | undefined;
  intake?: { need?: string; age_band?: string; municipality?: string; acute?: boolean };
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
  /** A text: the alias of the guest who writes. */
  typing: boolean | string;
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
  /** She has said that she is in danger now. */
  acute: boolean;
  /** The code that she comes back with, until it has opened something. */
  code: Code | null;
}

/** `nonce`: random, for this code: with it the same page may send the code again when it has heard no answer. */
export interface Code {
  code: string;
  nonce: string;
}

/** An answer to the server's challenge. */
export interface Solved {
  challenge: string;
  nonce: string;
}

export type Event =
  /** Anew; or with a code that she has, or the token that this tab has kept. */
  | { type: "start"; held?: { code: Code } | { token: string } }
  | { type: "connected" }
  | { type: "disconnected" }
  | { type: "stopped"; code: number }
  | { type: "say"; id: string; text: string; at: string; keep?: boolean }
  | { type: "retry"; id: string }
  | { type: "drop"; id: string }
  | { type: "acute" }
  | { type: "end" }
  | { type: "stillness" }
  | { type: "solved"; work: Solved }
  | { type: "paused"; text: string }
  | { type: "return" }
  | { type: "clear" }
  | { type: "frame"; frame: import("../shared/connection.js").Frame };

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
  guest?: string | undefined;
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
}

export interface WritingOptions {
  page: ReturnType<typeof parts>;
  given: Given;
  say: Say;
  now: () => State;
  dispatch: (event: Event) => void;
  /** To the server, when it is there. That she types is told at most every 3 s, and never what. */
  tell: (frame: import("../shared/connection.js").Frame) => void;
  /** In which she has said that she writes. */
  language: () => string | undefined;
}

export interface ExitOptions {
  /** The way out, a plain link until now. */
  link: HTMLAnchorElement;
  /** Tell the server; must not wait for anything. */
  onLeave: () => void;
  /** Ask the page around the frame to leave; false when there is none. */
  byHost: () => boolean;
}

export interface EmbeddedOptions {
  /** Exact origins that may frame this chat. */
  origins: readonly string[];
  /** The address of the quick exit, which the page around us needs. */
  exit: string;
  /** The page around us is leaving, or takes the frame away. */
  onExit: (type: "exit" | "close") => void;
}

export interface CoverOptions {
  /** The button that is seen instead. */
  cover: HTMLElement;
  /** The button that covers. */
  hide: HTMLElement;
  covered: readonly HTMLElement[];
}

/** What the server gives when she begins to write: what to look for, and the words of the questions. */
export interface Asking {
  rules: import("../shared/types").IdentityRules;
  /** The kinds that she is asked about. */
  kinds: string[];
  /** What stands in the place of each kind. */
  masks: { [kind: string]: string };
  texts: { [key: string]: Text };
  /** The emergency line. */
  call: { text: string; href: string } | null;
}

/** A part of a text; `kind` when it tells who somebody is. */
export interface Cut {
  kind: string | null;
  text: string;
}

/** Something that was taken out of her last words, which she may still send. */
export interface Taken {
  text: string;
  kinds: readonly string[];
  byHer: boolean;
}

export interface BesideOptions {
  page: ReturnType<typeof parts>;
  written: string | undefined;
  given: Given;
  /** Put words back into the field. */
  put: (words: string) => void;
  onSend: (words: string, keep: boolean) => void;
  /** What she answers when she is asked whether she is in danger. */
  onDanger: (is: boolean) => void;
}

export interface Beside {
  /** True: she is asked first, and it is sent as she answers. */
  asks: (words: string) => boolean;
  /** The server has seen danger, or taken something out of `mine`, as she wrote it. */
  hear: (frame: import("../shared/connection.js").Frame, mine?: string) => void;
  /** What in a text tells who she is, and what is left without it. */
  look: (words: string) => Looked;
  draw: (state: State) => void;
}

/** What she may do about coming back (`returning.js`). */
export interface Returning {
  /** Show what there is to know and do. */
  open: () => void;
  /** Ask for her code, before a conversation. */
  ask: () => void;
  draw: (state: State, event?: Event) => void;
}

export interface ReturningOptions {
  page: ReturnType<typeof parts>;
  given: Given;
  dispatch: (event: Event) => void;
  connect: () => void;
  /** The connection at the moment. */
  socket: () => import("../shared/connection.js").Connection | null;
}

export interface Looked {
  pieces: Cut[];
  left: string;
}

export interface Question {
  /** Sentences. */
  what: readonly string[];
  pieces: readonly Cut[];
  acute: boolean;
  onRemove: () => void;
  onKeep: () => void;
  /** Names need not be asked about again; null when none is seen. */
  onNames: (() => void) | null;
  onBack: () => void;
}

export interface Offer {
  what: string;
  urgent: boolean;
  onKeep: () => void;
  onClose: () => void;
}

export interface DangerOptions {
  page: ReturnType<typeof parts>;
  say: Say;
  call: Asking["call"];
  /** Milliseconds that only ever rise. */
  now?: () => number;
  onYes: () => void;
  onNo: () => void;
}
