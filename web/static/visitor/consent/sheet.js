// SPDX-License-Identifier: EUPL-1.2
/**
 * What lies over the chat: one screen at a time. The way out and what the page says above (no contact, danger, the end)
 * stay as they are; the chat under it is out of sight and out of reach until she goes back to it. Esc does nothing here:
 * in a browser it stops a page from being left.
 */

import { codeScreen } from "./code_screen.js";
import { button, fresh, node } from "../dom.js";
import { itemsScreen } from "./items_screen.js";
import { receiverScreen } from "./receiver_screen.js";
import { summaryScreen } from "./summary_screen.js";
import { sayFor } from "./words.js";

/** @typedef {import("./types").Model} Model */
/** @typedef {import("./types").Screen} Screen */
/** @typedef {import("./types").State} State */

/**
 * Which screen she sees; null when the sheet is closed. Pure.
 * @param {Model} model
 */
export function screenOf({ open, learning, news, question, step, trouble, answer }) {
  if (!open) return null;
  if (learning !== null) return learning.known ? "code known" : "code";
  if (question === null) return news === "taken_back" ? "gone" : null;
  if (answer !== null && trouble === null) return `sending ${question.seq}`;
  return `${question.seq} ${step} ${trouble ?? ""}`;
}

/**
 * @param {import("./types").ViewOptions} options
 * @returns {(state: State, model: Model) => void}
 */
export function sheetView(options) {
  const { page, say, act } = options;
  const { find, help } = page;
  const main = find("page");
  const log = find("log");
  const sheet = node("section", "sheet");
  sheet.setAttribute("role", "dialog");
  sheet.hidden = true;
  const heading = node("h2", "");
  heading.id = fresh();
  heading.tabIndex = -1;
  sheet.setAttribute("aria-labelledby", heading.id);
  const back = button("plain", say("sheet.back"), () => act({ type: "back" }));
  const step = node("span", "quiet");
  const top = node("div", "sheet-top");
  top.append(back, step);
  const heard = node("p", "heard");
  heard.setAttribute("role", "status");
  const body = node("div", "sheet-body");
  sheet.append(top, heard, heading, body);
  main.append(sheet);

  /** @type {string | null} */
  let drawn = null;
  /** @type {Screen | null} */
  let screen = null;
  let heardBefore = 0;
  /** @type {State | null} */
  let seen = null;

  // Somebody to talk to about not wanting to live is shown in the chat: nothing lies over that.
  help.addEventListener("toggle", () => {
    if (help.open && drawn !== null && seen?.phase === "active") act({ type: "back" });
  });

  /** @param {Model} model @returns {Screen} */
  function build(model) {
    const { question, learning, step: at } = model;
    if (learning !== null) return codeScreen(options, learning);
    if (question === null) {
      const values = { alias: lastAlias(seen) };
      return { heading: say("gone.heading"), nodes: [node("p", "", say("gone.text", values))] };
    }
    const { proposal } = question;
    const offer = proposal.offers[at - 1];
    const tracked = { ...options, say: sayFor(say, proposal.track) };
    if (at === 0) return itemsScreen(tracked, model, proposal);
    if (offer !== undefined) return receiverScreen(tracked, model, proposal, offer);
    return summaryScreen(tracked, model, proposal);
  }

  /** @param {Model} model */
  function enter(model) {
    screen = build(model);
    heading.textContent = screen.heading;
    body.replaceChildren(...screen.nodes);
    const { question, learning } = model;
    const all = (question?.proposal.offers.length ?? 0) + 2;
    step.textContent = question === null || learning !== null ? "" : say("sheet.step", { n: model.step + 1, all });
    // The only way to a code that no entry of the log leads to again.
    back.hidden = learning?.unsure === true;
    sheet.hidden = false;
    main.classList.add("covered");
    sheet.scrollTop = 0;
    const alert = body.querySelector("[role=alert][tabindex]");
    (alert instanceof HTMLElement ? alert : heading).focus({ preventScroll: alert === null });
  }

  function leave() {
    screen = null;
    sheet.hidden = true;
    body.replaceChildren();
    heading.textContent = heard.textContent = step.textContent = "";
    main.classList.remove("covered");
    const next = log.querySelector(".asks-her button, .event .inline");
    (next instanceof HTMLElement ? next : log).focus();
  }

  /** @param {State} state @param {Model} model */
  function tell(state, { news }) {
    const messages = state.entries.filter(({ kind, from }) => kind === "said" && from === "operator").length;
    if (drawn === null) heardBefore = messages;
    const alias = state.alias ?? lastAlias(state);
    const changed = news === "replaced" ? say("sheet.replaced", { alias }) : "";
    const words = messages > heardBefore ? say("sheet.message", { alias }) : changed;
    if (heard.textContent !== words) heard.textContent = words;
  }

  return (state, model) => {
    seen = state;
    const now = screenOf(model);
    if (now === null && drawn === null) return;
    tell(state, model);
    if (now === null) leave();
    else if (now !== drawn) enter(model);
    drawn = now;
    screen?.update?.(model, state);
  };
}

/**
 * Who asked last.
 * @param {State | null} state
 */
function lastAlias(state) {
  const frame = state?.entries.filter((entry) => entry.frame?.type === "proposal").pop()?.frame;
  return /** @type {import("./types").Proposal | undefined} */ (frame?.proposal)?.asked_by ?? "";
}
