// SPDX-License-Identifier: EUPL-1.2
// The console's wiring: socket, keys and clock to the state, the state to the page. Nothing is decided here.

import { sendsAgain } from "../shared/again.js";
import { clientId, openConnection } from "../shared/connection.js";
import { hasHole, isHeld, isLive, refusedForNow } from "./conversation.js";
import { find, isInFront } from "./desk.js";
import { part } from "./dom.js";
import { focusKept } from "./focus_kept.js";
import { granting, whereIs } from "./granting.js";
import { handingOver, receiversFrom, rulesFrom } from "./handing.js";
import { helpView } from "./help.js";
import { wishOf } from "./keys.js";
import { onePanel } from "./one_panel.js";
import { pieces } from "./pieces.js";
import { hasUnsent } from "./question.js";
import { initial, reduce } from "./state.js";
import { themeChoice } from "./theme.js";
import { consoleView } from "./view.js";
import { watching } from "./watching.js";

/** @typedef {import("./types.js").Act} Act */
/** @typedef {import("./types.js").Frame} Frame */
/** @typedef {import("./types.js").State} State */
/** @typedef {import("../shared/connection.js").Connection} Connection */

const TYPING_EVERY_MS = 3000;
const SIGNED_OUT = 4001;
const TAKEN_OVER = 4003;

const root = document.body;
/** @type {import("./words.js").Page} */
const page = JSON.parse(document.getElementById("page")?.textContent ?? "{}");
const csrf = document.querySelector("meta[name=csrf]")?.getAttribute("content") ?? "";

let state = initial(Date.now(), page.receivers);
/** @type {Connection | null} */
let connection = null;
/** @type {Map<string, number>} the newest entry after which a hole was already asked for */
const asked = new Map();
/** @type {Set<string>} the conversations that this connection has opened: what was not sent before has been */
const entered = new Set();
/** @type {Map<string, number>} when "typing" was last told */
const told = new Map();

const panels = onePanel();
const { hand, ask, askAgain } = handingOver({
  state: () => state,
  act,
  send: (frame) => send(frame),
  fetch: receiversFrom(page.language),
  fetchRules: rulesFrom,
  newId: () => clientId(randomly),
});

const view = consoleView(root, page, {
  turn: (conversation) => act({ type: "turn", conversation }),
  draft: (conversation, text) => {
    act({ type: "draft", conversation, text });
    tellTyping(conversation, text);
  },
  send: (conversation, text) => {
    const id = clientId(randomly);
    act({ type: "send", conversation, id, text, now: Date.now() });
    // Else it goes out with what was written before it: nothing may overtake that, nor what could not be kept.
    if (entered.has(conversation)) {
      for (const older of refusedForNow(state)) if (older.conversation === conversation) send({ type: "say", ...older });
      send({ type: "say", conversation, id, text });
    }
    told.delete(conversation);
  },
  retry: (conversation, id) => {
    act({ type: "retry", conversation, id, now: Date.now() });
    sayAgain(conversation);
  },
  edit: (conversation, id) => act({ type: "edit", conversation, id }),
  decide: (type, conversation, unsafe) => {
    const why = unsafe === undefined ? {} : { unsafe };
    act(type === "end" || type === "ask_unsafe" ? { type, conversation, ...why } : { type, conversation });
    if (type === "end" && !send({ type, conversation, ...why })) act({ type: "keep", conversation });
  },
  cover: (type, conversation, keys) => act({ type, conversation, keys }),
  hand,
  ask,
  begin: (wish) => {
    if (send({ type: "duty", on: true, own_alias: true, ...wish })) act({ type: "duty" });
  },
  accept,
  toQueue: () => act({ type: "queue" }),
  quiet: () => act({ type: "quiet" }),
  takeBack: () => connect(),
  resized: () => view.render(state, state),
});

const watch = watching({
  send: (frame) => connection?.send(frame) === true,
  doubt: (is) => state.link === (is ? "open" : "doubtful") && act({ type: "link", link: is ? "doubtful" : "open" }),
  drop: connect,
  wake: () => connection?.wake(),
});
const beside = pieces({
  root,
  page,
  state: () => state,
  act,
  hear,
  accept,
  send,
  newId: () => clientId(randomly),
  panels,
  pane: (id) => view.pane(id)?.element,
  focus: (id) => view.pane(id)?.focus(),
});
const sendAgain = sendsAgain({
  /** @param {{conversation: string, id: string, text: string}} one */
  send: (one) => void (entered.has(one.conversation) && send({ type: "say", ...one })),
  timers: window,
  random: Math.random,
});
const keepFocus = focusKept(root, (last) => {
  const [front] = state.recent;
  const talk = state.pane === "conversation" && front !== undefined ? view.pane(front)?.element : undefined;
  const region = last.closest("[data-part=duty], [data-part=queue]");
  return talk ?? (region instanceof HTMLElement ? part(region, `${region.dataset["part"]}-heading`) : part(root, "queue-heading"));
});
themeChoice(root);
const help = helpView(root, page, beside.keys);
const grant = granting({ state: () => state, act, view, hand, turnTo, help, panels, grantBeside: beside.grant });

/**
 * What is meant for the practice stays here; the rest goes out, if there is a connection.
 * @param {{type: string, [field: string]: unknown}} frame
 */
function send(frame) {
  return beside.takes(frame) || connection?.send(frame) === true;
}

/** @param {string} conversation */
function accept(conversation) {
  if (send({ type: "accept", conversation })) act({ type: "claim", conversation });
}

/** @param {Uint8Array} bytes */
function randomly(bytes) {
  crypto.getRandomValues(/** @type {Uint8Array<ArrayBuffer>} */ (bytes));
  return bytes;
}

/** @param {Act} done */
function act(done) {
  const before = state;
  state = reduce(state, done);
  if (state === before) return;
  view.render(state, before);
  beside.render(state);
  sendAgain(refusedForNow(state));
  opened(done);
  // One is put away: on with the next, in what is written to her.
  if (done.type === "dismiss" && isInFront(before, done.conversation)) view.pane(state.recent[0] ?? "")?.focus();
  keepFocus();
}

/**
 * What the state itself opens over a log, as the pieces do with theirs.
 * @param {Act} done
 */
function opened(done) {
  if (done.type === "ask_end" || done.type === "ask_unsafe") {
    const id = done.conversation;
    const isOpen = () => find(state, id)?.phase === "asking";
    panels.opens(view.pane(id)?.element, "end", { isOpen, close: () => act({ type: "keep", conversation: id }) });
  } else if (done.type === "hand" && done.hand.do === "open") {
    const id = done.conversation;
    const isOpen = () => state.handovers[id]?.open === true;
    panels.opens(view.pane(id)?.element, "handover", { isOpen, close: () => hand(id, { do: "close" }) });
  }
}

/** @param {Frame} frame */
function hear(frame) {
  if (frame.type === "ready") watch.greeted();
  act({ type: "frame", frame, now: Date.now() });
  beside.hear(frame);
  if (frame.type === "ready") {
    asked.clear();
    for (const held of frame.held) resume(held.conversation);
  } else if (frame.type === "accepted") {
    entered.add(frame.conversation);
    sayAgain(frame.conversation);
    askAgain(frame.conversation);
  } else if ("seq" in frame) askForHole(frame.conversation);
}

/** @param {string} conversation */
function resume(conversation) {
  send({ type: "resume", conversation, after: find(state, conversation)?.seq ?? 0 });
}

/**
 * Ask for what is missing, once for each hole.
 * @param {string} conversation
 */
function askForHole(conversation) {
  const held = find(state, conversation);
  if (held === undefined || !hasHole(held) || asked.get(conversation) === held.seq) return;
  asked.set(conversation, held.seq);
  resume(conversation);
}

/**
 * Send again, under the same ids, what the server has not confirmed.
 * @param {string} conversation
 */
function sayAgain(conversation) {
  const held = find(state, conversation);
  if (held === undefined || !held.readable || !isLive(held) || !entered.has(conversation)) return;
  for (const { id, text, seq, delivery } of held.entries) {
    if (seq === null && delivery === "sending") send({ type: "say", conversation, id, text });
  }
}

/**
 * @param {string} conversation
 * @param {string} text
 */
function tellTyping(conversation, text) {
  const now = Date.now();
  if (text === "" || now - (told.get(conversation) ?? 0) < TYPING_EVERY_MS) return;
  told.set(conversation, now);
  send({ type: "typing", conversation });
}

function connect() {
  connection?.stop();
  const address = new URL("/ws/operator", location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  address.searchParams.set("lang", page.language);
  connection = openConnection({
    url: address.href,
    first: () => ({ type: "hello", csrf }),
    WebSocket: watch.Socket,
    timers: { setTimeout: (done, ms) => setTimeout(done, ms), clearTimeout: (timer) => clearTimeout(timer) },
    random: Math.random,
    // The server's own frame types are checked by its tests; what is unknown the reducer passes over.
    onFrame: (frame) => hear(/** @type {Frame} */ (/** @type {unknown} */ (frame))),
    onStatus: (status) => {
      entered.clear();
      watch.cut();
      if (status !== "stopped") act({ type: "link", link: status });
    },
    onStopped: stopped,
  });
}

/** @param {number} code */
function stopped(code) {
  act({ type: "link", link: code === SIGNED_OUT ? "signed_out" : code === TAKEN_OVER ? "taken" : "refused" });
  if (code === SIGNED_OUT) location.replace(`/staff/sign-in${location.search}`);
}

/** @param {string} conversation */
function turnTo(conversation) {
  act({ type: "turn", conversation });
  if (!view.isWritingBeside()) view.pane(conversation)?.focus();
}

// Kept up to date by the browser: a search through the page on every key would cost more the longer the talks are.
const dialogs = document.getElementsByTagName("dialog");
document.addEventListener("keydown", (event) => {
  // What a menu or the drawer has taken for itself is not a wish of the console's too.
  if (event.defaultPrevented || [...dialogs].some((dialog) => dialog.open)) return;
  const wish = wishOf(event, whereIs(document.activeElement));
  if (wish === null) return;
  if (wish.wish !== "keep") event.preventDefault();
  grant(wish);
});
part(root, "show-help").addEventListener("click", help);
document.querySelector("[data-part=sign-out]")?.addEventListener("submit", (event) => {
  const warning = document.querySelector("[data-part=sign-out-warning]");
  if (!state.conversations.some(isHeld) || !(warning instanceof HTMLElement) || !warning.hidden) return;
  event.preventDefault();
  warning.hidden = false;
  beside.endShift();
});
addEventListener("beforeunload", (event) => {
  const drafts = state.conversations.some((held) => isHeld(held) && hasUnsent(state, held.id));
  if (drafts) event.preventDefault();
});
// A page that comes back from the browser's memory would show words that may be deleted by now.
addEventListener("pageshow", (event) => event.persisted && location.reload());
addEventListener("focus", () => act({ type: "focused", focused: true }));
addEventListener("blur", () => act({ type: "focused", focused: false }));
setInterval(() => {
  watch.tick();
  act({ type: "tick", now: Date.now() });
}, 1000);

connect();
