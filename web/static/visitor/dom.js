// SPDX-License-Identifier: EUPL-1.2
/** The small parts that the screens are made of. Words of people only ever become text. */

import { written } from "../shared/characters.js";
import { button, highlighted, node } from "./question.js";

export { button, highlighted, node };

let ids = 0;

/** An id that no other part has. */
export function fresh() {
  ids += 1;
  return `consent-${ids}`;
}

/**
 * Words of hers or of the operator: in their own direction, with their own line breaks.
 * @param {string} text
 * @param {string} [className]
 */
export function words(text, className = "words") {
  const element = node("p", className);
  element.append(...written(text));
  element.dir = "auto";
  return element;
}

/**
 * A box to tick, with what stands in it, line by line.
 * @param {string} label
 * @param {boolean} on
 * @param {(on: boolean) => void} onChange
 * @param {...string} more
 */
export function box(label, on, onChange, ...more) {
  const whole = node("label", "box");
  const input = document.createElement("input");
  input.type = "checkbox";
  input.checked = on;
  input.autocomplete = "off";
  input.addEventListener("change", () => onChange(input.checked));
  const text = node("span", "", label);
  for (const line of more.filter((each) => each !== "")) {
    const excerpt = node("span", "more");
    excerpt.append(...written(line));
    excerpt.dir = "auto";
    text.append(excerpt);
  }
  whole.append(input, text);
  return whole;
}

/**
 * @param {string} legend
 * @param {...Node} parts
 */
export function group(legend, ...parts) {
  const whole = node("fieldset", "group");
  whole.append(node("legend", "", legend), ...parts);
  return whole;
}

/**
 * A field of text with its label; nothing of it is kept or checked by the browser.
 * @param {string} label
 * @param {string} value
 * @param {number} most
 * @param {(value: string) => void} onChange
 */
export function field(label, value, most, onChange) {
  const whole = node("div", "field");
  const name = Object.assign(document.createElement("label"), { textContent: label });
  const input = document.createElement("textarea");
  name.htmlFor = input.id = fresh();
  Object.assign(input, { value, maxLength: most, rows: most > 200 ? 2 : 1, spellcheck: false, dir: "auto" });
  input.autocomplete = "off";
  input.setAttribute("autocorrect", "off");
  input.addEventListener("input", () => onChange(input.value));
  whole.append(name, input);
  return whole;
}

/**
 * @param {string} label
 * @param {string} value
 * @param {readonly (readonly [string, string])[]} options value and words
 * @param {(value: string) => void} onChange
 */
export function choice(label, value, options, onChange) {
  const whole = node("div", "field");
  const name = Object.assign(document.createElement("label"), { textContent: label });
  const select = document.createElement("select");
  name.htmlFor = select.id = fresh();
  select.autocomplete = "off";
  for (const [key, text] of options) select.append(new Option(text, key, false, key === value));
  select.addEventListener("change", () => onChange(select.value));
  whole.append(name, select);
  return whole;
}

/**
 * @param {readonly Node[]} buttons
 */
export function choices(...buttons) {
  const row = node("div", "choices");
  row.append(...buttons);
  return row;
}
