// SPDX-License-Identifier: EUPL-1.2
// Counting a conversation that is over, in the pane that remains, and contacts that came another way, in the drawer.
// Owns the forms and those that are not counted yet; knows nothing of what was said, and fills in nothing by itself.

import { PRACTICE, isLive } from "./conversation.js";
import { clone, mark, part, show, write, writeOrHide } from "./dom.js";
import { say, serviceName, trackOf } from "./words.js";
import { formView } from "./wrapup_form.js";
import { NONE, after, due, sending } from "./wrapup_model.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./wrapup_form.js").FormView} FormView */
/** @typedef {import("./wrapup_model.js").WrapUp} WrapUp */

/**
 * Whether a conversation is counted here: whoever held it to its end does, and nobody is asked about violence just
 * after having been threatened. Nobody was there in a practice.
 * @param {Conversation} held
 */
export function isCounted({ id, phase, as_guest, unsafe }) {
  return id !== PRACTICE && phase === "ended" && as_guest === null && unsafe === null;
}

/**
 * @param {import("./pieces.js").PieceOptions} options
 */
export function wrapupHands({ root, page, state, send, act, newId, pane, drawer }) {
  let forms = NONE;
  /** @type {WeakMap<HTMLElement, FormView>} */
  const inPanes = new WeakMap();

  /** @param {WrapUp} frame */
  function count(frame) {
    forms = sending(forms, frame, send(frame) ? state().now : 0);
  }

  // --- in the pane ---

  /** @param {HTMLElement} element @param {Conversation} held */
  function formOf(element, held) {
    const made = inPanes.get(element);
    if (made !== undefined) return made;
    const { id, service, number } = held;
    const form = formView(clone(`wrapup-${trackOf(page, service)}`), () => {
      count({ type: "wrap_up", id: newId(), service, channel: "chat", ...form.read() });
      act({ type: "dismiss", conversation: id });
    });
    form.element.setAttribute("aria-label", say(page, "wrapup.form", { n: number }));
    part(form.element, "wrapup-skip").addEventListener("click", () => act({ type: "dismiss", conversation: id }));
    const later = clone("wrapup-later");
    part(element, "dismiss").before(later, form.element);
    const fold = (/** @type {boolean} */ folded) => {
      show(later, folded);
      show(form.element, !folded);
      // Skipping is the same, and stands where it is seen first.
      show(part(element, "dismiss"), folded);
    };
    const view = { ...form, focus: () => (fold(false), form.focus()) };
    later.addEventListener("click", view.focus);
    // Somebody who has written something new comes before figures.
    fold(state().conversations.some((other) => isLive(other) && other.unread > 0));
    inPanes.set(element, view);
    return view;
  }

  /** @param {string | undefined} id */
  function formIn(id) {
    const element = id === undefined ? undefined : pane(id);
    const held = state().conversations.find((one) => one.id === id);
    if (element === undefined || held === undefined || !isCounted(held)) return undefined;
    return trackOf(page, held.service) === "" ? undefined : formOf(element, held);
  }

  // --- in the drawer ---

  const sheet = clone("wrapup-sheet");
  const place = part(sheet, "wrapup-place");
  const opener = clone("wrapup-open");
  part(root, "mine-on").append(opener);
  show(opener, page.supervises !== true);
  opener.addEventListener("click", () => drawer.open("wrapup"));
  const told = clone("wrapup-note");
  part(root, "duty").append(told);
  /** @type {FormView | null} */
  let contact = null;
  /** The form that was filled in last here. */
  let last = "";
  let counted = false;

  /** @param {State} now */
  function renderSheet({ duty }) {
    const [first] = duty.on ? duty.services : [];
    show(part(sheet, "wrapup-on"), first !== undefined);
    show(part(sheet, "wrapup-off"), first === undefined);
    show(place, first !== undefined);
    const served = first === undefined ? "" : duty.services.join(" ");
    if (served === "" || place.dataset["served"] === served) return;
    mark(place, "served", served);
    // In the order in which one chose them when coming on duty.
    contact = contactForm(page.services.map(({ id }) => id).filter((id) => duty.services.includes(id)));
    place.replaceChildren(contact.element);
  }

  /** @param {readonly string[]} services of one track */
  function contactForm(services) {
    const [first = ""] = services;
    const form = clone(`wrapup-contact-${trackOf(page, first)}`);
    const asked = part(form, "wrapup-services");
    const mistake = part(form, "wrapup-mistake");
    const choices = services.map((id) => {
      const chip = clone("wrapup-service");
      const input = chip.querySelector("input");
      const name = chip.querySelector("span");
      if (input !== null) input.value = id;
      if (name !== null) write(name, serviceName(page, id));
      return chip;
    });
    asked.replaceChildren(...choices);
    const question = asked.closest("fieldset");
    if (question !== null) question.hidden = services.length < 2;
    const view = formView(form, () => {
      const { channel, service = services.length < 2 ? first : undefined, ...told } = view.read();
      const missing = channel === undefined ? "wrapup.no_channel" : service === undefined ? "wrapup.no_service" : "";
      writeOrHide(mistake, missing === "" ? "" : say(page, missing));
      if (channel === undefined || service === undefined) {
        (missing === "wrapup.no_channel" ? view.element : asked).querySelector("input")?.focus();
        return;
      }
      last = newId();
      count({ type: "wrap_up", id: last, service, channel, ...told });
      view.clear();
      view.focus();
    });
    form.addEventListener("input", () => {
      writeOrHide(mistake, "");
      counted = false;
      renderNote(state());
    });
    return view;
  }

  drawer.add({
    name: "wrapup",
    label: say(page, "wrapup.sheet"),
    key: "Alt+W",
    element: sheet,
    render: renderSheet,
    opened: () => (state().duty.on && contact !== null ? contact.focus() : part(sheet, "wrapup-off").focus()),
  });

  // ---

  /** @param {State} now */
  function renderNote(now) {
    const waits = forms.sent.some(({ at }) => now.now - at >= 1000);
    const note = forms.trouble !== "" ? say(page, `wrapup.${forms.trouble}`) : waits ? say(page, "wrapup.later") : "";
    writeOrHide(told, note);
    write(part(sheet, "wrapup-told"), note || (counted ? say(page, "wrapup.counted") : ""));
    mark(sheet, "counted", String(note === "" && counted));
  }

  return {
    /** @param {State} now */
    render(now) {
      // Another tab or nobody has this console now.
      if (now.link === "taken" || now.link === "signed_out") forms = NONE;
      for (const held of now.conversations) formIn(held.id);
      if (now.link === "open" && now.ready) for (const frame of due(forms, now.now)) count(frame);
      renderNote(now);
    },
    /** @param {import("./types.js").Frame} frame */
    hear(frame) {
      const heard = /** @type {{type: string, id?: string}} */ (frame);
      forms = after(forms, heard);
      counted ||= heard.type === "wrapped_up" && heard.id === last;
      renderNote(state());
    },
    keys: {
      KeyW: {
        does: "wrapup.key",
        group: "everywhere",
        /** @param {string | undefined} front */
        press(front) {
          const form = state().pane === "conversation" ? formIn(front) : undefined;
          if (form === undefined || form.element.contains(document.activeElement)) drawer.toggle("wrapup");
          else form.focus();
        },
      },
    },
  };
}
