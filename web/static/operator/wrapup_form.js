// SPDX-License-Identifier: EUPL-1.2
// The form of chips: keys that choose, and what is ticked. Knows neither whom it is about nor what becomes of it.

import { answers, placeOf } from "./wrapup_model.js";

/**
 * @typedef {object} FormView
 * @property {HTMLFormElement} element
 * @property {() => import("./wrapup_model.js").Answers} read
 * @property {() => void} clear
 * @property {() => void} focus on the first answer
 */

/** @type {Readonly<Record<string, 1 | -1>>} */
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/**
 * Tab goes from question to question, arrows from answer to answer, a digit chooses, Enter is the form's own.
 * @param {HTMLElement} element
 * @param {() => void} done
 * @returns {FormView}
 */
export function formView(element, done) {
  if (!(element instanceof HTMLFormElement)) throw new Error("it is no form");
  const questions = () => [...element.querySelectorAll("fieldset")].filter((one) => !one.hidden);

  /** @param {Element} question @returns {HTMLInputElement[]} */
  const inputs = (question) => [...question.querySelectorAll("input")];

  /**
   * One stop of the Tab key for each question. The browser does so itself for answers of which only one is chosen.
   * @param {HTMLInputElement} at
   */
  function stopAt(at) {
    if (at.type !== "checkbox") return;
    for (const input of inputs(at.closest("fieldset") ?? element)) input.tabIndex = input === at ? 0 : -1;
  }

  function rest() {
    for (const question of questions()) {
      const [first] = inputs(question);
      if (first !== undefined) stopAt(first);
    }
  }

  element.addEventListener("focusin", (event) => {
    if (event.target instanceof HTMLInputElement) stopAt(event.target);
  });
  element.addEventListener("keydown", (event) => {
    const at = event.target;
    if (!(at instanceof HTMLInputElement) || event.altKey || event.ctrlKey || event.metaKey) return;
    const all = inputs(at.closest("fieldset") ?? element);
    const step = at.type === "checkbox" ? STEPS[event.key] : undefined;
    const place = placeOf(event.key);
    const next = step === undefined ? all[place] : all[(all.indexOf(at) + step + all.length) % all.length];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
    if (step === undefined) next.click();
  });
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    done();
  });
  rest();

  return {
    element,
    read() {
      const ticked = questions().flatMap(inputs).filter(({ checked }) => checked);
      return answers(ticked.map(({ name, value }) => [name, value]));
    },
    clear() {
      element.reset();
      rest();
    },
    focus() {
      const first = questions().flatMap(inputs)[0];
      first?.focus();
    },
  };
}
