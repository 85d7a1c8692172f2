// SPDX-License-Identifier: EUPL-1.2
// The end of a shift: no conversation is forgotten, whoever waits is thought of, and one may say how it was. What is
// said there goes out with the end itself, as one word, and is kept nowhere here.

import { isHeld } from "./conversation.js";
import { arrange, block, clone, isBlocked, mark, part, partOf, show, write, writeOrHide } from "./dom.js";
import { hasUnsent } from "./question.js";
import { whichOne } from "./transfer_told.js";
import { turnShown, waitsFor } from "./turn.js";
import { languageName, placeName, say } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Conversation} Conversation */

/**
 * @param {import("./pieces.js").PieceOptions & {company: () => ReturnType<typeof import("./shift.js").company>}} options
 */
export function shiftEndHands({ root, page, send, act, focus, state: current, company }) {
  const dialog = partOf(root, "shift-end", HTMLDialogElement);
  const list = part(dialog, "end-list");
  const button = part(dialog, "end-shift");
  const radios = [...dialog.querySelectorAll("input[name=felt]")].filter((one) => one instanceof HTMLInputElement);
  /** @type {Map<string, {row: HTMLElement, sure: "" | "hand_back" | "end"}>} */
  const rows = new Map();
  let isEnding = false;
  let wasOn = false;

  const felt = () => radios.find((one) => one.checked)?.value;
  const open = () => current().conversations.filter(isHeld);

  function appear() {
    if (dialog.open) return;
    for (const one of radios) one.checked = false;
    show(part(dialog, "felt-heavy"), false);
    write(part(dialog, "end-first"), "");
    for (const one of rows.values()) one.sure = "";
    // Open first: what stands in it is drawn only while it is.
    dialog.showModal();
    render(current());
    part(dialog, "shift-end-heading").focus();
  }

  function end() {
    if (isBlocked(button)) return;
    if (open().length > 0) {
      writeOrHide(part(dialog, "end-first"), say(page, "end.first", { n: open().length }));
      rows.values().next().value?.row.querySelector("button")?.focus();
      return;
    }
    if (!current().duty.on) {
      dialog.close();
      return;
    }
    const answer = felt();
    const told = answer === undefined ? {} : { felt: answer };
    isEnding = send({ type: "duty", on: false, services: [], ...told });
    if (isEnding) act({ type: "duty" });
  }

  part(root, "go-off").addEventListener("click", appear);
  part(dialog, "end-not-yet").addEventListener("click", () => dialog.close());
  button.addEventListener("click", end);
  part(dialog, "end-felt").addEventListener("change", () => show(part(dialog, "felt-heavy"), felt() === "heavy"));

  /** @param {Conversation} held */
  function rowOf(held) {
    const known = rows.get(held.id);
    if (known !== undefined) return known;
    const made = { row: clone("shift-open-one"), sure: /** @type {"" | "hand_back" | "end"} */ ("") };
    rows.set(held.id, made);
    /** @param {"" | "hand_back" | "end"} sure @param {string} back which button is focused then */
    const ask = (sure, back) => {
      made.sure = sure;
      render(current());
      part(made.row, back).focus();
    };
    part(made.row, "go-to").addEventListener("click", () => {
      dialog.close();
      act({ type: "turn", conversation: held.id });
      focus(held.id);
    });
    part(made.row, "hand-back").addEventListener("click", () => ask("hand_back", "yes"));
    part(made.row, "end-it").addEventListener("click", () => ask("end", "yes"));
    part(made.row, "no").addEventListener("click", () => ask("", "go-to"));
    part(made.row, "leave-it").addEventListener("click", () => send({ type: "leave", conversation: held.id }));
    part(made.row, "yes").addEventListener("click", () => {
      const type = made.sure;
      if (type === "") return;
      act({ type, conversation: held.id });
      if (!send({ type, conversation: held.id }) && type === "end") act({ type: "keep", conversation: held.id });
      ask("", "go-to");
    });
    return made;
  }

  /** @param {State} state @param {Conversation} held */
  function fill(state, held) {
    const { row, sure } = rowOf(held);
    const guest = held.as_guest !== null;
    mark(row, "hue", String(((held.number - 1) % 4) + 1));
    write(part(row, "number"), String(held.number));
    write(part(row, "name"), say(page, "conversation", { n: held.number }));
    const turn = turnShown(page, waitsFor(held, state.now));
    const unsent = hasUnsent(state, held.id) ? say(page, "tab_draft") : "";
    write(part(row, "about"), [turn, unsent, placeName(page, held), languageName(page, held.language)].filter(Boolean).join(" · "));
    const { minutes, words } = whichOne(held, state.now);
    write(part(row, "which"), say(page, words === "" ? "transfer.sure_alone" : "transfer.sure_more", { n: held.number, minutes, words }));
    show(part(row, "hand-back"), !guest);
    show(part(row, "end-it"), !guest);
    show(part(row, "leave-it"), guest);
    show(part(row, "ways"), sure === "");
    show(part(row, "sure"), sure !== "");
    const back = company().alone.includes(held.service) ? "end.sure_back_alone" : "end.sure_back";
    write(part(row, "sure-which"), say(page, sure === "end" ? "end_which" : "end.back_which", { n: held.number }));
    write(part(row, "sure-line"), say(page, sure === "end" ? "end.sure_end" : back));
    write(part(row, "yes"), say(page, sure === "end" ? "end.yes_end" : "end.yes_back"));
    return row;
  }

  /** @param {State} state */
  function render(state) {
    const held = state.conversations.filter(isHeld);
    const focused = list.contains(document.activeElement);
    arrange(list, held.map((one) => fill(state, one)));
    const ids = new Set(held.map(({ id }) => id));
    for (const id of [...rows.keys()]) if (!ids.has(id)) rows.delete(id);
    // Nothing is open any more that signing out would take from her.
    if (held.length === 0) show(part(root, "sign-out-warning"), false);
    if (!dialog.open && !isEnding) {
      wasOn = state.duty.on;
      return;
    }
    // What was seen to under the focus is gone: on to the next, or to the last step.
    if (focused && !list.contains(document.activeElement)) part(dialog, "shift-end-heading").focus();
    show(part(dialog, "end-open"), held.length > 0);
    show(part(dialog, "end-felt"), state.duty.on);
    write(part(dialog, "end-open-line"), held.length > 0 ? say(page, "end.open_line", { n: held.length }) : "");
    if (held.length === 0) writeOrHide(part(dialog, "end-first"), "");
    const waits = company().waits || (company().everywhere && state.waiting.length > 0);
    writeOrHide(part(dialog, "end-alone"), state.duty.on && waits ? say(page, "end.alone") : "");
    const blocked = state.duty.pending || state.link !== "open" || !state.ready;
    block(button, blocked);
    if (wasOn && !state.duty.on) ended();
    wasOn = state.duty.on;
  }

  function ended() {
    isEnding = false;
    dialog.close();
    show(part(root, "shift-thanks"), true);
    write(part(root, "shift-start-heading"), say(page, "start.again"));
    part(root, "shift-thanks-heading").focus();
  }

  return {
    render,
    /** @param {import("./types.js").Frame} frame */
    hear(frame) {
      if (frame.type === "nack" && frame.conversation === undefined) isEnding = false;
    },
    open: appear,
  };
}
