// SPDX-License-Identifier: EUPL-1.2
// The duty card: alias, services of one track, and the switch. Knows no conversation.

import { isLive } from "./conversation.js";
import { block, isBlocked, mark, part, partOf, show, write, writeOrHide } from "./dom.js";
import { say, serviceName } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./words.js").Page} Page */

/**
 * @typedef {object} DutyView
 * @property {(state: State) => void} render
 */

/**
 * Why this alias and these services will not do; empty when they will.
 * @param {Page} page
 * @param {string} alias
 * @param {readonly string[]} services
 * @returns {string}
 */
export function objection(page, alias, services) {
  if (alias === "") return say(page, "duty.alias_missing");
  const own = wordsOf(page.account);
  if (wordsOf(alias).some((word) => own.includes(word))) return say(page, "duty.alias_own");
  return services.length === 0 ? say(page, "duty.service_missing") : "";
}

/**
 * @param {string} name
 * @returns {string[]}
 */
function wordsOf(name) {
  return name.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? [];
}

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {(on: boolean, services: string[], alias: string) => void} setDuty
 * @returns {DutyView}
 */
export function dutyView(root, page, setDuty) {
  const form = partOf(root, "duty-form", HTMLFormElement);
  const alias = partOf(form, "alias", HTMLInputElement);
  const go = part(form, "go-on");
  const off = part(root, "go-off");
  const mistake = part(form, "duty-mistake");
  const boxes = [...form.querySelectorAll("input[type=checkbox]")].filter((box) => box instanceof HTMLInputElement);

  const ticked = () => boxes.filter((box) => box.checked).map((box) => box.value);

  function keepOneTrack() {
    const track = boxes.find((box) => box.checked)?.dataset["track"];
    let barred = false;
    for (const box of boxes) {
      if (box.dataset["closed"] !== undefined) continue;
      box.disabled = track !== undefined && box.dataset["track"] !== track;
      barred ||= box.disabled;
    }
    show(part(form, "one-track"), barred);
  }

  // While she types, not when the field is left: the button must not move between press and release.
  form.addEventListener("input", () => writeOrHide(mistake, ""));
  form.addEventListener("change", keepOneTrack);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (isBlocked(go)) return;
    const wrong = objection(page, alias.value.trim(), ticked());
    writeOrHide(mistake, wrong);
    alias.setAttribute("aria-invalid", String(wrong !== "" && ticked().length > 0));
    if (wrong === "") setDuty(true, ticked(), alias.value.trim());
    else if (ticked().length > 0) alias.focus();
  });
  off.addEventListener("click", () => {
    if (!isBlocked(off)) setDuty(false, [], "");
  });
  keepOneTrack();

  /** @type {boolean | null} */
  let shownOn = null;
  return {
    render(state) {
      const { duty } = state;
      const held = root.contains(document.activeElement);
      mark(root, "on", String(duty.on));
      show(form, !duty.on);
      show(part(root, "duty-on"), duty.on);
      write(part(root, "duty-alias"), duty.alias);
      write(part(root, "duty-services"), duty.services.map((id) => serviceName(page, id)).join(", "));
      show(part(root, "duty-keep"), state.conversations.some(isLive));
      const blocked = duty.pending || state.link !== "open" || !state.ready;
      block(go, blocked);
      block(off, blocked);
      write(go, say(page, duty.pending ? "duty.going_on" : "duty.go_on"));
      write(off, say(page, duty.pending ? "duty.going_off" : "duty.go_off"));
      writeOrHide(part(root, "duty-refusal"), duty.dropped ? say(page, "duty.dropped") : duty.refusal);
      if (shownOn !== null && shownOn !== duty.on && held) part(root, "duty-heading").focus();
      shownOn = duty.on;
    },
  };
}
