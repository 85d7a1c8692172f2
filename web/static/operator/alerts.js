// SPDX-License-Identifier: EUPL-1.2
// What calls for a supervisor, beside the conversations in the place of the queue: raised hands, wishes to talk, who
// waits without anybody there. Owns the list as the server told it last, and the way into a conversation.

import { handKey, returnedKey, talkKey, unattendedKey, waitingAlone } from "./alarms.js";
import { arrange, block, clone, isBlocked, mark, part, show, write, writeOrHide } from "./dom.js";
import { languageName, say, serviceName, ticking } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./words.js").Page} Page */

/**
 * @typedef {{conversation: string, service: string, alias: string, waited_s: number, acute: boolean, language: string, connected: boolean}} HandUp
 * @typedef {{talk: string, services: string[], alias: string, waited_s: number, taken_by?: string}} TalkWanted
 * @typedef {{service: string, waited_s: number, acute: boolean}} Returned
 * @typedef {{service: string, waiting: number, waited_s: number}} Unattended
 * @typedef {{hands: HandUp[], talks: TalkWanted[], returned: Returned[], unattended: Unattended[]}} Alerts
 */

/**
 * @typedef {object} Card one line of the list
 * @property {string} key
 * @property {"hand" | "talk" | "taken" | "unattended" | "returned"} kind
 * @property {string} text
 * @property {string} place the services
 * @property {string} language
 * @property {boolean} acute
 * @property {boolean} away the visitor is
 * @property {number} waited_s
 * @property {string} button empty where there is nothing to press
 * @property {string} of the conversation or the wish that it is about
 */

/**
 * The list in words, what cannot wait first. Pure.
 * @param {Page} page
 * @param {Alerts} alerts
 * @returns {Card[]}
 */
export function cardsOf(page, { hands, talks, returned, unattended }) {
  const plain = { language: "", acute: false, away: false, button: "", of: "" };
  /** @type {Card[]} */
  const cards = hands.map(({ conversation, service, alias, waited_s, acute, language, connected }) => ({
    key: handKey(conversation),
    kind: "hand",
    text: say(page, "alerts.hand", { alias }),
    place: serviceName(page, service),
    language: languageName(page, language),
    acute,
    away: !connected,
    waited_s,
    button: say(page, "alerts.come"),
    of: conversation,
  }));
  const waits = waitingAlone({ unattended, returned });
  for (const { service, waiting, waited_s, acute } of waits.unattended) {
    const text = `${say(page, "alerts.unattended", { n: waiting })} ${say(page, "alerts.unattended_do")}`;
    cards.push({ ...plain, key: unattendedKey(service), kind: "unattended", text, place: serviceName(page, service), acute, waited_s });
  }
  for (const [place, { service, waited_s, acute }] of waits.returned.entries()) {
    const text = say(page, "alerts.returned");
    cards.push({ ...plain, key: returnedKey(service, place), kind: "returned", text, place: serviceName(page, service), acute, waited_s });
  }
  for (const { talk, services, alias, waited_s, taken_by: taken = "" } of talks) {
    const text = taken === "" ? say(page, "alerts.talk", { alias }) : say(page, "alerts.talk_taken", { alias, taken });
    cards.push({
      ...plain,
      key: talkKey(talk),
      kind: taken === "" ? "talk" : "taken",
      text,
      place: services.map((service) => serviceName(page, service)).join(", "),
      waited_s,
      button: taken === "" ? say(page, "alerts.in_touch") : "",
      of: talk,
    });
  }
  return cards;
}

/**
 * What a screen reader is told of a list that has changed: what is new in it. Pure.
 * @param {readonly Card[]} before
 * @param {readonly Card[]} cards
 */
export function news(before, cards) {
  const known = new Set(before.map(({ kind, key }) => `${kind} ${key}`));
  const fresh = cards.filter(({ kind, key }) => kind !== "taken" && !known.has(`${kind} ${key}`));
  return fresh.map(({ text, place }) => `${text} ${place}.`).join(" ");
}

/**
 * @param {import("./pieces.js").PieceOptions} options
 * @returns {import("./pieces.js").Piece}
 */
export function alertsBoard({ root, page, state, act, send }) {
  const section = clone("alerts");
  part(root, "queue").before(section);
  show(part(root, "queue"), false);
  const list = part(section, "alerts-list");
  const heading = part(section, "alerts-heading");
  heading.after(part(root, "hush")); // where the queue would be, it is this list that rings
  /** @type {Map<string, HTMLElement>} */
  const drawn = new Map();
  /** @type {Card[]} */
  let cards = [];
  let heardAt = 0;

  list.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const card = cards.find(({ key }) => key === button?.closest("li")?.dataset["key"]);
    if (button === null || card === undefined || isBlocked(button)) return;
    if (card.kind === "talk") send({ type: "take_talk", talk: card.of });
    else if (send({ type: "supervise", conversation: card.of })) act({ type: "claim", conversation: card.of });
  });
  part(section, "alerts-quiet").addEventListener("click", () => {
    act({ type: "quiet" });
    heading.focus();
  });

  /** @param {Card} card @param {State} now */
  function lineOf(card, now) {
    const line = drawn.get(card.key) ?? clone("alert");
    drawn.set(card.key, line);
    mark(line, "key", card.key);
    mark(line, "kind", card.kind);
    mark(line, "acute", String(card.acute));
    write(part(line, "alert-text"), card.text);
    write(part(line, "alert-place"), card.place);
    writeOrHide(part(line, "alert-language"), card.language);
    show(part(line, "alert-acute"), card.acute);
    show(part(line, "alert-away"), card.away);
    write(part(line, "alert-time"), ticking(card.waited_s + Math.max(0, now.now - heardAt) / 1000));
    const button = part(line, "alert-button");
    writeOrHide(button, card.button);
    // Who is there is come to first.
    button.className = card.away ? "quiet" : "strong";
    button.setAttribute("aria-label", `${card.button}: ${card.text}`);
    block(button, now.claiming.includes(card.of) || now.link !== "open" || !now.ready);
    return line;
  }

  /** @param {State} now */
  function render(now) {
    const held = list.contains(document.activeElement);
    const shown = now.duty.on ? cards : [];
    arrange(list, shown.map((card) => lineOf(card, now)));
    const keys = new Set(shown.map(({ key }) => key));
    for (const key of [...drawn.keys()]) if (!keys.has(key)) drawn.delete(key);
    // What went away under the focus must not hand it to the next one's button.
    if (held && !list.contains(document.activeElement)) heading.focus();
    const open = shown.filter(({ kind }) => kind !== "taken").length;
    write(part(section, "alerts-count"), String(open));
    mark(part(section, "alerts-count"), "some", String(open > 0));
    show(part(section, "alerts-count"), now.duty.on);
    show(part(section, "alerts-none"), now.duty.on && shown.length === 0);
    show(part(section, "alerts-off"), !now.duty.on);
    writeOrHide(part(section, "alerts-notice-text"), now.notice);
    show(part(section, "alerts-notice"), now.notice !== "");
    writeOrHide(part(part(root, "bar"), "bar-waiting"), open > 0 ? String(open) : "");
  }

  return {
    render,
    hear(frame) {
      if (frame.type !== "alerts") return;
      const before = cards;
      cards = cardsOf(page, frame);
      heardAt = state().now;
      const told = news(before, cards);
      if (told !== "") part(section, "alerts-told").replaceChildren(document.createTextNode(told));
      render(state());
    },
    keys: {
      KeyR: {
        does: "alerts.key",
        group: "everywhere",
        press() {
          act({ type: "queue" });
          const first = list.querySelector("button:not([hidden])");
          (first instanceof HTMLElement ? first : heading).focus();
        },
      },
    },
  };
}
