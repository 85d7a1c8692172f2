// SPDX-License-Identifier: EUPL-1.2
// Puts a text into a field where one is writing: at the caret, so that it can be taken back with the keyboard like
// anything that was typed. Knows neither replies nor conversations.

/**
 * What is put in, with a space where it would stick to a word.
 * @param {string} value of the field
 * @param {number} start of what is selected
 * @param {string} text
 */
export function spaced(value, start, text) {
  return start === 0 || /\s$/.test(value.slice(0, start)) ? text : ` ${text}`;
}

/**
 * @param {HTMLTextAreaElement} field
 * @param {string} text
 */
export function putIn(field, text) {
  const { value, selectionStart, selectionEnd } = field;
  const whole = spaced(value, selectionStart, text);
  field.focus();
  // Old, and the only way that keeps Ctrl+Z; it tells of itself as typing does.
  if (document.execCommand("insertText", false, whole)) return;
  field.setRangeText(whole, selectionStart, selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
