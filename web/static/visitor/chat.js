// SPDX-License-Identifier: EUPL-1.2
/** Wires the page: what she does and what the server says become events, the state is drawn. */

import { openConnection } from "../shared/connection.js";
import { installCover, letGo } from "./exit.js";
import { CLOSED, blankOnly, embedded, way } from "./out.js";
import { START, firstFrame, isHoldup, isOver, isTalking, reduce } from "./state.js";
import { speaker } from "./texts.js";
import { createView, parts } from "./view.js";
import { installWriting } from "./writing.js";

const TYPING_SHOWN_MS = 6000;
const LOST_SHOWN_MS = 1500;

const page = parts(document);
const { find } = page;
/** @type {import("./types").Given} */
const given = JSON.parse(find("given").textContent ?? "");
const say = speaker(given.texts, document.documentElement.lang);

let state = START;
/** @type {import("../shared/connection.js").Connection | null} */
let connection = null;
let stillness = 0;
let lostShown = 0;
/** @type {ReturnType<typeof import("./work.js").patience> | null} */
let makeRoom = null;
/** @type {Promise<import("./consent/types").Consent | void> | null} */
let consent = null;
/** @type {Promise<{ draw: (state: import("./types").State) => void } | void> | null} */
let room = null;
/** @type {() => import("./types").Said} */
let said = () => ({});
/** @type {Promise<import("./types").Returning | void> | null} */
let returning = null;

let gone = false;
/** Whether this connection has been greeted, so that what waited has been sent: nothing may overtake it. */
let greeted = false;

way.leave = (how) => {
  connection?.send({ type: "leave", quickly: !how });
  letGo(state.token, how);
  forget();
};
const writing = installWriting({
  page,
  given,
  say,
  now: () => state,
  dispatch,
  // She writes: it is tried at once, and goes out with the greeting.
  tell: (frame) => connection?.[greeted ? "send" : "wake"](frame),
  language: () => said().language,
});
const draw = createView({ page, say, ...given, onRetry: writing.retry, onEdit: writing.edit });

/** @param {import("./types").Event} event */
function dispatch(event) {
  state = reduce(state, event);
  draw(state);
  drawMore(event);
}

/** @param {import("./types").Event} [event] */
function drawMore(event) {
  if (page.keeps && state.token === null) {
    page.keeps = false;
    delete sessionStorage.place;
  }
  writing.draw();
  if (state.token !== null || state.paused || isOver(state)) {
    room ??= import("./room.js")
      .then(({ waitingRoom }) => waitingRoom({ page, given, wanted: said().language ?? given.language, ...embedded, ...writing }))
      .catch(() => void (room = null));
  }
  room?.then((loaded) => loaded?.draw(state));
  if (state.entries.some(({ frame }) => frame)) {
    consent ??= import("./consent/consent.js")
      .then(({ asksHer }) => asksHer({ page, given, look: writing.look, load: writing.load, send: (frame) => connection?.send(frame) }))
      .catch(() => void (consent = null));
  }
  consent?.then((loaded) => loaded?.draw(state, event));
  if (event?.type === "frame" && event.frame.step) back();
  returning?.then((loaded) => loaded?.draw(state, event));
}

/** @param {"open" | "ask"} [wish] */
function back(wish) {
  returning ??= import("./returning.js")
    .then(({ comingBack }) => comingBack({ page, given, dispatch, connect, socket: () => connection }))
    .catch(() => void (returning = null));
  returning.then((loaded) => {
    loaded?.draw(state);
    if (wish) loaded?.[wish]();
  });
}

function first() {
  return { ...firstFrame(state, { ...given, ...said() }), interface: given.language };
}

function connect() {
  if (gone) return;
  connection?.stop();
  connection = openConnection({
    url: `${location.origin.replace(/^http/, "ws")}/ws/visitor`,
    first,
    WebSocket,
    timers: window,
    random: Math.random,
    onFrame,
    onStatus,
    onStopped: (code) => dispatch({ type: "stopped", code }),
  });
}

/** @param {import("../shared/connection.js").Frame} frame */
function onFrame(frame) {
  const mine = state.unsent.find(({ id }) => id === frame.id);
  dispatch({ type: "frame", frame });
  if (frame.type === "welcome") {
    // The line with 112 comes with it.
    writing.load();
    greeted = true;
    sendAgain();
  }
  if (frame.type === "danger" || (mine && frame.type !== "nack" && frame.text && frame.text !== mine.text)) {
    writing.hear(frame, mine?.text);
  }
  if (isHoldup(frame)) holdUp(frame);
  if (frame.type === "typing") {
    clearTimeout(stillness);
    stillness = setTimeout(() => dispatch({ type: "stillness" }), TYPING_SHOWN_MS);
  }
  if (!isTalking(state)) connection?.stop();
  if (frame.asked) {
    import("./room.js").then(({ askAfter }) => askAfter({ page, given, handle: String(frame.asked) })).catch(() => {});
  }
}

/** @param {import("../shared/connection.js").Frame} frame */
async function holdUp(frame) {
  const { patience } = await import("./work.js");
  if (state.phase !== "connecting") return;
  makeRoom ??= patience({
    isWanted: () => state.phase === "connecting",
    onSolved(work) {
      dispatch({ type: "solved", work });
      connection?.send(first());
    },
    onPause(text = say("later")) {
      dispatch({ type: "paused", text });
      connection?.stop();
    },
    again: connect,
  });
  makeRoom(frame);
}

/** @param {import("../shared/connection.js").Status} status */
function onStatus(status) {
  greeted = false;
  if (status === "open") {
    clearTimeout(lostShown);
    lostShown = 0;
    dispatch({ type: "connected" });
  } else if (lostShown === 0 && status !== "stopped") {
    lostShown = setTimeout(() => dispatch({ type: "disconnected" }), LOST_SHOWN_MS);
  }
}

/** With the old ids: the server answers each once. */
function sendAgain() {
  if (state.ending) connection?.send({ type: "leave" });
  if (state.acute) connection?.send({ type: "acute" });
  for (const message of state.unsent) if (message.delivery === "sending") writing.post(message);
}

function end() {
  find("ending").hidden = true;
  dispatch({ type: "end" });
  if (state.phase === "over") connection?.stop();
  else if (connection?.send({ type: "leave" }) !== true) {
    page.keeps = false;
    letGo(state.token, CLOSED);
  }
}

/** Nothing begins again after it. */
function forget() {
  gone = true;
  connection?.stop();
  clearTimeout(lostShown);
  clearTimeout(stillness);
  state = START;
  drawMore();
}
// After `conflict` and `closed` a new page says what is true now: so short for the sake of her first download.
document.getElementById("start")?.addEventListener("click", () => {
  if (state.refusal?.code[0] === "c") return location.reload();
  dispatch({ type: "start" });
  if (said().intake?.acute) dispatch({ type: "acute" });
  connect();
});
find("end").addEventListener("click", () => {
  find("ending").hidden = false;
  find("stay").focus();
});
find("stay").addEventListener("click", () => {
  find("ending").hidden = true;
  page.text.focus();
});
find("leave").addEventListener("click", end);
find("again").addEventListener("click", () => location.replace(location.href));
find("here").addEventListener("click", () => {
  dispatch({ type: "return" });
  connect();
});
find("keep").addEventListener("click", () => back("open"));
find("back").addEventListener("click", () => back("ask"));
find("clear").addEventListener("click", () => {
  dispatch({ type: "clear" });
  find("over").focus();
});
find("close").addEventListener("click", embedded.close);
window.addEventListener("online", () => connection?.wake());
// The socket would not know for 45 s.
window.addEventListener("offline", () => state.token !== null && isTalking(state) && connect());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") connection?.wake();
});
// Nobody can come back to a page that is left: no text is left for the Back button to find.
window.addEventListener("pagehide", () => {
  if (state.phase !== "before") blankOnly(page.stays ? park : () => way.leave(CLOSED));
});

/** She can come back: the page goes, and the conversation waits. */
function park() {
  page.keeps = false;
  forget();
}

installCover({ cover: find("cover"), hide: find("hide"), covered: [find("page"), find("tools")] });
/** @type {Promise<void> | null} */
let asking = null;
document.getElementById("ask")?.addEventListener("toggle", ({ target }) => {
  asking ??= import("./ask.js")
    .then(async ({ askHer }) => void (said = await askHer({ given, root: /** @type {HTMLElement} */ (target) })))
    .catch(() => void (asking = null));
});
draw(state);
find("tools").hidden = false;
// Last: where one of these scripts does not run, the plain chat is still offered.
for (const id of ["plain", "ways", "closes", "ask", "start-bar", "back"]) {
  const bar = document.getElementById(id);
  if (bar !== null) bar.hidden = id === "plain";
}
try {
  // After a reload, or where the page around was reloaded.
  const kind = performance.navigation.type;
  const token = (embedded.framed || kind) && sessionStorage.place;
  if (token) {
    page.stays = page.keeps = true;
    // Who came any other way than by a reload may be somebody else.
    if (kind !== 1) find("hide").click();
    dispatch({ type: "start", held: { token } });
    connect();
    back();
  }
} catch {
  // A browser that keeps nothing for a frame has kept nothing.
}
