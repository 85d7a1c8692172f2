// SPDX-License-Identifier: EUPL-1.2
// The panel in which a handover is drafted: its fields, what is wrong with them, and where the focus goes.

import { isLive } from "./conversation.js";
import { block, clone, mark, own, part, show, write, writeOrHide } from "./dom.js";
import { rulesKey } from "./handing.js";
import { CHOICES, FORMS, LONGEST, MOST_MESSAGES, contentOf, isBlank, problems } from "./handover.js";
import { hers, lengthShown, problemShown, wrongShown } from "./handover_words.js";
import { handoverOf, questionOf } from "./question.js";
import { chosenView, newestOfHers } from "./view_chosen.js";
import { previewView } from "./view_preview.js";
import { receiversView } from "./view_receivers.js";
import { languageName, say, trackOf } from "./words.js";

/** @typedef {import("./handover_types.js").Hand} Hand */
/** @typedef {import("./handover_types.js").Handover} Handover */
/** @typedef {import("./handover_types.js").Receivers} Receivers */
/** @typedef {import("./handover_types.js").TextField} TextField */
/** @typedef {import("./handover_types.js").ChoiceField} ChoiceField */
/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./types.js").State} State */
/** @typedef {import("./words.js").Page} Page */

const FIELDS = /** @type {TextField[]} */ (Object.keys(LONGEST));
/** What can be wrong is told at these, in the order of the panel. */
const TOLD = ["want", "summary", "danger", "messages", "times", "purpose", "receivers"];
/** What she may have answered before the start. */
const UNDER_18 = "under_18";
/** @type {Receivers} */
const NOBODY = { receivers: [], lines: [] };

/**
 * @typedef {object} HandoverView
 * @property {HTMLElement} element
 * @property {(state: State, held: Conversation) => void} render
 */

/**
 * @param {string} id
 * @param {number} number of the conversation, which makes the panel's ids one of a kind
 * @param {Page} page
 * @param {{hand: (hand: Hand) => void, ask: () => void, toTicks: () => void, toButton: () => void}} hands
 * @returns {HandoverView}
 */
export function handoverView(id, number, page, hands) {
  const element = own(clone("handover"), String(number));
  element.setAttribute("aria-label", say(page, "hand.panel", { n: number }));
  const texts = fieldsOf(element);
  const radios = choicesOf(element, page, number, hands.hand);
  const forms = formsOf(element, page, hands.hand);
  const receivers = receiversView(element, page, (value) => hands.hand({ do: "tick", field: "receivers", value }));
  const chosen = chosenView(element, page, (seq) => hands.hand({ do: "message", seq }));
  const preview = previewView(element, page);
  let state = /** @type {State | null} */ (null);
  let held = /** @type {Conversation | null} */ (null);

  for (const [field, input] of texts) {
    input.addEventListener("input", () => hands.hand({ do: "write", field, text: input.value }));
  }
  for (const button of element.querySelectorAll("button[data-hand]")) {
    const done = /** @type {"close" | "choose" | "draft"} */ (button instanceof HTMLElement ? button.dataset["hand"] : "");
    button.addEventListener("click", () => hands.hand({ do: done }));
  }
  part(element, "to-preview").addEventListener("click", () => {
    hands.hand({ do: found().length === 0 ? "preview" : "check" });
    toFirstWrong();
  });
  part(element, "ask").addEventListener("click", () => {
    // What could be chosen a while ago may be shut by now.
    if (found().length === 0) hands.ask();
    else hands.hand({ do: "check" });
    toFirstWrong();
  });
  part(element, "again-button").addEventListener("click", () => {
    const proposal = held === null ? null : questionOf(held).proposal;
    if (proposal === null) return;
    hands.hand({ do: "again", proposal });
    texts.get("want")?.focus();
  });

  /** What keeps the draft from being asked, as things stand now. */
  function found() {
    if (state === null || held === null) return [];
    return problems(handoverOf(state, id).draft, held.entries, state.receivers[held.service] ?? NOBODY);
  }

  function toFirstWrong() {
    const first = TOLD.find((field) => !part(element, `wrong-${field}`).hidden);
    if (first === undefined) return;
    const input = texts.get(/** @type {TextField} */ (first));
    if (input !== undefined) input.focus();
    else part(element, first === "messages" ? "choose" : "receivers-label").focus();
  }

  /**
   * @param {Handover} hand
   */
  function renderWrong(hand) {
    const problem = hand.checked ? found() : [];
    for (const field of TOLD) {
      const ours = problem.find((one) => one.field === field);
      const told = hand.wrong?.field === field ? wrongShown(page, hand.wrong) : "";
      const text = told === "" && ours !== undefined ? problemShown(page, ours) : told;
      writeOrHide(part(element, `wrong-${field}`), text);
      texts.get(/** @type {TextField} */ (field))?.setAttribute("aria-invalid", String(text !== ""));
    }
    const elsewhere = hand.wrong !== null && hand.wrong.field === "" ? wrongShown(page, hand.wrong) : "";
    const n = problem.length;
    writeOrHide(part(element, "hand-wrong"), elsewhere === "" && n > 0 ? say(page, "hand.missing", { n }) : elsewhere);
  }

  /**
   * @param {Handover} hand
   */
  function renderFields(hand) {
    const { draft } = hand;
    for (const [field, input] of texts) {
      if (input.value !== draft[field]) input.value = draft[field];
      const { text, over } = lengthShown(page, field, draft[field]);
      writeOrHide(part(element, `length-${field}`), text);
      mark(part(element, `length-${field}`), "over", String(over));
    }
    for (const [input, field] of radios) input.checked = draft[field] === input.value;
    for (const input of forms) input.checked = draft.forms.includes(input.value);
    show(part(element, "times"), draft.way !== "" && draft.way !== "none");
  }

  /**
   * What depends on whom it is written with.
   * @param {Conversation} talk
   */
  function renderFor(talk) {
    const language = languageName(page, talk.language);
    writeOrHide(part(element, "hand-language"), language === "" ? "" : say(page, "hand.language", { language }));
    if (trackOf(page, talk.service) === "perpetrator") {
      write(part(element, "label-danger"), say(page, "hand.danger_perpetrator"));
    }
  }

  /**
   * @param {State} now
   * @param {Conversation} talk
   * @param {Handover} hand
   */
  function renderFoot(now, talk, hand) {
    const asked = questionOf(talk).state === "asked";
    show(part(element, "foot-draft"), hand.step === "draft");
    show(part(element, "foot-preview"), hand.step === "preview");
    show(part(element, "foot-choose"), hand.step === "choose");
    show(part(element, "hand-draft"), hand.step !== "preview");
    show(part(element, "hand-preview"), hand.step === "preview");
    show(part(element, "choose-help"), hand.step === "choose");
    show(part(element, "is-under-18"), talk.intake?.age_band === UNDER_18);
    show(part(element, "replaces"), asked);
    const count = say(page, "hand.chosen", { n: hand.draft.messages.length, of: MOST_MESSAGES });
    write(part(element, "choose-count"), count);
    write(part(element, "chosen-count"), count);
    const asking = hand.asking !== null;
    write(part(element, "ask"), say(page, asking ? "hand.asking" : asked ? "hand.ask_again" : "hand.ask"));
    block(part(element, "ask"), asking || now.link !== "open" || !now.ready || !talk.readable);
    const before = questionOf(talk).proposal;
    show(part(element, "again"), before !== null && !asked && isBlank(hand.draft));
  }

  /** @type {Handover["step"]} */
  let step = "draft";
  let open = false;
  let wrong = /** @type {Handover["wrong"]} */ (null);
  /**
   * Follow the steps with the focus: it would be lost with what is hidden.
   * @param {Handover} hand
   */
  function follow(hand) {
    const [was, opened, refused] = [step, hand.open && !open, hand.wrong !== wrong && hand.wrong !== null];
    [step, open, wrong] = [hand.step, hand.open, hand.wrong];
    if (opened) texts.get("want")?.focus();
    else if (refused) toFirstWrong();
    else if (!hand.open || was === step) return;
    else if (step === "preview") part(element, "preview-heading").focus();
    else if (step === "choose") hands.toTicks();
    else if (was === "choose") part(element, "choose").focus();
    else if (element.contains(document.activeElement) || document.activeElement === document.body) {
      part(element, "to-preview").focus();
    }
  }

  return {
    element,
    render(now, talk) {
      [state, held] = [now, talk];
      const hand = handoverOf(now, id);
      const shown = hand.open && isLive(talk);
      const inside = element.contains(document.activeElement);
      show(element, shown);
      if (!shown) {
        open = false;
        if (inside && isLive(talk)) hands.toButton();
        return;
      }
      const known = now.receivers[talk.service] ?? NOBODY;
      renderFields(hand);
      renderFor(talk);
      receivers.render(known, hand.draft.receivers);
      chosen.render(contentOf(hand.draft, talk.entries).messages ?? []);
      writeOrHide(part(element, "newest-text"), newestOfHers(talk));
      show(part(element, "newest"), newestOfHers(talk) !== "" && hand.step !== "choose");
      renderFoot(now, talk, hand);
      if (hand.step === "preview") {
        preview.render(hand.draft, talk, known, now.duty.alias, now.rules[rulesKey(talk.service, talk.language)]);
      }
      renderWrong(hand);
      follow(hand);
    },
  };
}

/** @param {HTMLElement} element */
function fieldsOf(element) {
  /** @type {Map<TextField, HTMLInputElement | HTMLTextAreaElement>} */
  const fields = new Map();
  for (const field of FIELDS) {
    const input = element.querySelector(`[data-write=${field}]`);
    if (input instanceof HTMLInputElement || input instanceof HTMLTextAreaElement) fields.set(field, input);
  }
  return fields;
}

/**
 * Each question with its answers, "not said" first.
 * @param {HTMLElement} element
 * @param {Page} page
 * @param {number} number
 * @param {(hand: Hand) => void} hand
 */
function choicesOf(element, page, number, hand) {
  /** @type {Map<HTMLInputElement, ChoiceField>} */
  const inputs = new Map();
  for (const [name, values] of Object.entries(CHOICES)) {
    const field = /** @type {ChoiceField} */ (name);
    const isYesOrNo = field === "children" || field === "called_112";
    const told = (/** @type {string} */ value) => (isYesOrNo ? hers(page, `answer.${value}`, "") : say(page, `${field}.${value}`));
    for (const value of ["", ...values]) {
      const { input, label } = option("radio", value, value === "" ? say(page, "hand.unsaid") : told(value));
      input.name = `${field}-${number}`;
      input.addEventListener("change", () => hand({ do: "pick", field, value }));
      element.querySelector(`[data-choices=${field}]`)?.append(label);
      inputs.set(input, field);
    }
  }
  return inputs;
}

/**
 * @param {HTMLElement} element
 * @param {Page} page
 * @param {(hand: Hand) => void} hand
 */
function formsOf(element, page, hand) {
  return FORMS.map((value) => {
    const { input, label } = option("checkbox", value, say(page, `form.${value}`));
    input.addEventListener("change", () => hand({ do: "tick", field: "forms", value }));
    element.querySelector("[data-ticks=forms]")?.append(label);
    return input;
  });
}

/**
 * @param {"radio" | "checkbox"} type
 * @param {string} value
 * @param {string} text
 */
function option(type, value, text) {
  const label = clone("hand-option");
  const [input, words] = label.children;
  if (!(input instanceof HTMLInputElement) || !(words instanceof HTMLElement)) throw new Error("an option is broken");
  Object.assign(input, { type, value });
  write(words, text);
  return { input, label };
}
