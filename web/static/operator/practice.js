// SPDX-License-Identifier: EUPL-1.2
// The practice: a conversation with nobody. It is played here, in the panes and with the keys of every conversation;
// what is written in it is taken before it could reach the connection, and nothing of it is counted.

import { PRACTICE, isLive } from "./conversation.js";
import { clone, mark, part, show, write, writeOrHide } from "./dom.js";
import { find } from "./desk.js";
import { answered, begun, canHurry, due, handed, hurried, nameOf, over, tip } from "./practice_script.js";
import { say, trackOf } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Frame} Frame */
/** @typedef {import("./practice_script.js").Practice} Practice */

/** What the console sends of itself: nobody has pressed anything that would have to be explained. */
const UNASKED = new Set(["typing", "resume", "notes"]);
/** How long it is told that a practice was broken off. */
const TOLD_MS = 30_000;

/**
 * @param {import("./pieces.js").PieceOptions} options
 */
export function practiceHands({ root, page, act, hear, state: current, pane, focus }) {
  /** @type {Practice | null} */
  let practice = null;
  let seq = 0;
  let service = "";
  let told = -Infinity;
  /** @type {WeakMap<HTMLElement, HTMLElement>} */
  const strips = new WeakMap();

  const minute = () => `${new Date(Date.now()).toISOString().slice(0, 16)}Z`;

  function begin() {
    if (practice !== null && nameOf(practice) === "over") stop();
    else if (practice !== null && find(current(), PRACTICE) !== undefined) {
      act({ type: "turn", conversation: PRACTICE });
      focus(PRACTICE);
      return;
    }
    service = chosen();
    const now = Date.now();
    practice = begun(now);
    seq = 1;
    enter([{ type: "joined", seq, alias: say(page, "practice.you") }]);
    act({ type: "turn", conversation: PRACTICE });
    play();
    focus(PRACTICE);
  }

  /** @param {import("./types.js").OperatorEntry[]} entries */
  function enter(entries) {
    const acute = find(current(), PRACTICE)?.acute === true;
    hear({
      type: "accepted", conversation: PRACTICE, service, seq, readable: true, connected: true, acute,
      language: page.language, started: minute(), entries,
    });
  }

  /** The service that is ticked or served, for the words of its routine; else the first one. */
  function chosen() {
    const ticked = root.querySelector("input[data-track]:checked");
    const [served] = current().duty.services;
    return served ?? (ticked instanceof HTMLInputElement ? ticked.value : (page.services[0]?.id ?? ""));
  }

  function stop() {
    practice = null;
    const held = find(current(), PRACTICE);
    if (held === undefined) return;
    act({ type: "dismiss", conversation: PRACTICE });
  }

  /** @param {import("./practice_script.js").Line["line"]} line */
  function perform(line) {
    if (line === "typing") {
      hear({ type: "typing", conversation: PRACTICE });
      return;
    }
    seq += 1;
    const track = trackOf(page, service);
    const text = say(page, `practice.${line}.${track}`);
    hear({ type: "said", conversation: PRACTICE, seq, from: "visitor", text, at: minute(), ...seenIn(line, track) });
  }

  function play() {
    if (practice === null) return;
    const played = due(practice, Date.now());
    practice = played.practice;
    played.lines.forEach(perform);
  }

  function hurry() {
    if (practice === null) return;
    const played = hurried(practice, Date.now());
    practice = played.practice;
    // Who waits no longer does not see her write.
    played.lines.filter((line) => line !== "typing").forEach(perform);
    render(current());
    focus(PRACTICE);
  }

  /** @param {HTMLElement} element */
  function stripOf(element) {
    const made = strips.get(element);
    if (made !== undefined) return made;
    const strip = clone("practice");
    strips.set(element, strip);
    mark(element, "practice", "true");
    part(element, "scroll").before(strip);
    part(strip, "practice-next").addEventListener("click", hurry);
    part(strip, "practice-stop").addEventListener("click", stop);
    return strip;
  }

  /** @param {State} state */
  function render(state) {
    writeOrHide(part(root, "shift-told"), state.now - told < TOLD_MS ? say(page, "practice.broken_off") : "");
    const held = find(state, PRACTICE);
    if (held === undefined) {
      practice = null;
      return;
    }
    const element = pane(PRACTICE);
    if (practice === null || element === undefined) return;
    const strip = stripOf(element);
    if (isLive(held)) play();
    if (practice === null) return;
    write(part(strip, "practice-tip"), say(page, tip(practice)));
    show(part(strip, "practice-next"), canHurry(practice));
    // Over, it is put away like every other conversation.
    show(part(strip, "practice-stop"), nameOf(practice) !== "over");
  }

  /**
   * What would go to the server if somebody were there. True: it was meant for the practice, and goes nowhere.
   * @param {{type: string, [field: string]: unknown}} frame
   */
  function takes(frame) {
    if (frame["conversation"] !== PRACTICE) return false;
    const id = String(frame["id"] ?? "");
    if (practice === null) return true;
    if (frame.type === "say") {
      seq += 1;
      hear({ type: "ack", conversation: PRACTICE, id, seq });
      practice = answered(practice, Date.now());
      play();
    } else if (frame.type === "hand") {
      const up = frame["up"] === true;
      practice = handed(practice, up);
      hear({ type: "hand", conversation: PRACTICE, ...(up && { since: minute() }) });
    } else if (frame.type === "end") {
      practice = over(practice, Date.now());
      hear({ type: "ended", conversation: PRACTICE, seq: seq + 1, reason: "practice" });
    } else if (!UNASKED.has(frame.type)) {
      const of = id === "" ? {} : { id };
      hear({ type: "nack", conversation: PRACTICE, code: "not_now", text: say(page, "practice.not_here"), retry: false, ...of });
    }
    return true;
  }

  root.querySelector("[data-part=practise]")?.addEventListener("click", begin);

  return {
    render,
    takes,
    /** @param {Frame} frame */
    hear(frame) {
      // On a new connection nothing is written in a conversation before it has been entered again.
      if (frame.type === "ready" && practice !== null && nameOf(practice) !== "over") enter([]);
      const isNeeded = frame.type === "waiting" && frame.conversations.length > 0;
      const isReal = frame.type === "accepted" && frame.conversation !== PRACTICE;
      if (practice === null || !(isNeeded || isReal)) return;
      // Somebody real comes first, and the queue is never behind a play.
      told = Date.now();
      stop();
      if (isNeeded) act({ type: "queue" });
    },
  };
}

/**
 * What the server would have seen in a line of hers.
 * @param {string} line
 * @param {string} track
 * @returns {{seen?: import("./types.js").Seen}}
 */
function seenIn(line, track) {
  if (line === "danger") {
    return { seen: { danger: "acute", subject: track === "perpetrator" ? "other" : "visitor", reason: "weapon" } };
  }
  return line === "masked" ? { seen: { masked: ["phone"] } } : {};
}
