// SPDX-License-Identifier: EUPL-1.2
/**
 * The shapes of asking her for a yes. Loaded when somebody answers her; see `../types.d.ts` for the rest of her page.
 *
 * `consent.js`: puts the parts together. Her words, her ticks and the code are in its model, in memory, and nowhere else.
 * `asked.js`: what she was asked and how each question went, read from the entries: a resume may play them again.
 * `draft.js`: the items as she wants them, and what must be kept of them when another question comes.
 * `model.js`: where she is, what she has said, and what must go on the wire. Knows no page, socket or clock.
 * `answer.js`: what a yes consists of, what it lacks, and the frame. What no receiver gets is not in the frame at all.
 * `cards.js`: what the log shows of it, and `left.js` the ended page. `sheet.js`: what lies over the chat, one screen at a time, from `items_screen.js`,
 *   `receiver_screen.js`, `summary_screen.js` and `code_screen.js`. They draw and tell, and decide nothing.
 */

import type { Entry, Event as PageEvent, Given, Looked, Say, State } from "../types";
import type { parts } from "../view.js";
import type { Frame } from "../../shared/connection.js";

export type { Looked, Say, State };

export type Item =
  | "want"
  | "summary"
  | "forms"
  | "relation"
  | "children"
  | "danger"
  | "called_112"
  | "messages"
  | "contact"
  | "name"
  | "reach";

/** The content of a proposal; what is not there is not asked about. */
export interface Content {
  want?: string;
  summary?: string;
  forms?: string[];
  relation?: string;
  children?: string;
  danger?: string;
  called_112?: string;
  messages?: Message[];
  contact?: { way: string; times?: string };
}

export interface Message {
  seq: number;
  by: string;
  text: string;
  /** Of whom an operator's message is; from the log. */
  alias?: string;
}

export interface Offer {
  receiver: string;
  name: string;
  organisation: string;
  notice: string[];
  notice_version: string;
  police: boolean;
  /** `delivery`: it is theirs as soon as it is there. */
  received_at?: string;
  may_coordinate: boolean;
}

export interface Proposal {
  content: Content;
  offers: Offer[];
  purpose: string;
  asked_by: string;
  sender: string;
  /** Whether she lives with violence or uses it. */
  track?: string;
}

/** A question, and how it went. */
export interface Asked {
  seq: number;
  proposal: Proposal;
  fate: "open" | "replaced" | "taken_back" | "answered";
  /** The client id of her answer. */
  id: string | null;
  receivers: readonly string[];
}

/** The items as she wants them. Empty: not there. */
export interface Draft {
  want: string;
  summary: string;
  danger: string;
  times: string;
  name: string;
  reach: string;
  relation: string;
  children: string;
  called_112: string;
  way: string;
  forms: readonly string[];
  /** The seqs that may go along. */
  messages: readonly number[];
  /** The seqs that she left out of earlier questions. */
  out: readonly number[];
}

/** What she has said about one receiver. Everything is off until she says otherwise. */
export interface Wish {
  items: readonly Item[];
  secrecy: boolean;
  data: boolean;
  measure: boolean;
  police: boolean;
  identity: boolean;
  coordinate: boolean;
  /** She has said yes at the end of the receiver's screen. */
  goes: boolean;
}

export type Tick = "secrecy" | "data" | "measure" | "police" | "identity" | "coordinate";

/** What keeps a yes from being one. */
export type Lack = "items" | "secrecy" | "data" | "police" | "identity";

/** An answer on its way, the same at every try. */
export interface Answer {
  id: string;
  proposal: number;
  yes: readonly object[];
  content: object | null;
  /** It has been on the wire: nobody can know whether it arrived until the server says. */
  out: boolean;
}

/** A code to learn. `unsure`: the talk ended before the server had answered. */
export interface Learning {
  /** Of the question that she said yes to. */
  seq: number | null;
  receivers: readonly string[];
  words: string;
  unsure: boolean;
  /** She has said that she knows it, and is asked once more without seeing it. */
  known: boolean;
}

export interface Model {
  question: { seq: number; proposal: Proposal } | null;
  /** What the last question proposed, also after it is gone: what she has changed is told by it. */
  base: Draft;
  draft: Draft;
  /** The draft is of a question that she has answered. */
  answered: boolean;
  wishes: { readonly [receiver: string]: Wish };
  open: boolean;
  /** 0: the items. Then each receiver. Last: the summary. */
  step: number;
  /** What has happened to the question under her eyes. */
  news: "replaced" | "taken_back" | null;
  lacks: readonly Lack[];
  answer: Answer | null;
  /** Of this question: one code, at every try. */
  code: string | null;
  /** What is on the wire in this connection. */
  wire: "code" | "answer" | null;
  /** Why it was refused: a code of the contract. */
  trouble: string | null;
  learning: Learning | null;
}

export type Act =
  | { type: "entries"; entries: readonly Entry[] }
  | { type: "over" }
  | { type: "forget" }
  | { type: "welcome" }
  | { type: "code"; words: string }
  | { type: "refused"; id: unknown; code: string }
  | { type: "look" }
  | { type: "back" }
  | { type: "step"; step: number }
  | { type: "edit"; change: Partial<Draft> }
  | { type: "tick"; receiver: string; tick: Tick; on: boolean }
  | { type: "item"; receiver: string; item: Item; on: boolean }
  | { type: "settle"; receiver: string; goes: boolean }
  | { type: "answer"; answer: Answer }
  | { type: "sent"; what: "code" | "answer" }
  | { type: "again" }
  | { type: "know"; known: boolean }
  | { type: "learnt" };

export interface Options {
  page: ReturnType<typeof parts>;
  given: Given;
  /** Undefined until the page looks for what tells who she is. */
  look: (words: string) => Looked | undefined;
  /** Loads what `look` needs; never fails. */
  load: () => Promise<void>;
  /** True when it was handed to an open socket. */
  send: (frame: Frame) => boolean | undefined;
}

export interface Consent {
  draw: (state: State, event?: PageEvent) => void;
}

export interface ViewOptions {
  page: ReturnType<typeof parts>;
  say: Say;
  language: string;
  look: Options["look"];
  /** Wait, not for long, until it can be looked for what tells who she is. */
  ready: () => Promise<void>;
  act: (act: Act) => void;
  /** Her answer, as it stands: with yes, or a no. */
  onAnswer: (isYes: boolean) => void;
}

export interface Screen {
  heading: string;
  nodes: Node[];
  /** What moves while the screen stands. */
  update?: (model: Model, state: State) => void;
}
