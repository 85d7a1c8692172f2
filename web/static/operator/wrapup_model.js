// SPDX-License-Identifier: EUPL-1.2
// What the form's ticks mean as a frame, which key chooses which answer, and which forms have not been counted yet.
// Pure: no page, no socket. A form knows no conversation: once it is sent, nobody could tell which one it was.

/**
 * @typedef {object} Answers as the frame `wrap_up` names them; what was left open is not there
 * @property {string[]} [violence]
 * @property {string} [relation]
 * @property {string[]} [themes]
 * @property {string} [outcome]
 * @property {string} [age_band]
 * @property {string} [channel]
 * @property {string} [service]
 */

/** @typedef {{type: "wrap_up", id: string, service: string, channel: string} & Answers} WrapUp */

/**
 * @typedef {object} Sent a form that the server has not confirmed
 * @property {WrapUp} frame
 * @property {number} at milliseconds: when it was last sent, 0 when it could not be
 */

/**
 * @typedef {object} Forms
 * @property {readonly Sent[]} sent
 * @property {"" | "lost" | "too_many"} trouble what became of the last one that was refused
 */

/** @type {Forms} */
export const NONE = { sent: [], trouble: "" };

/** So long nothing is heard of a form before it is sent again, under the same id. */
export const AGAIN_MS = 10_000;

const SEVERAL = new Set(["violence", "themes"]);

/**
 * What is ticked, as the frame has it.
 * @param {Iterable<[string, string]>} ticked name and value; an empty value was not told
 * @returns {Answers}
 */
export function answers(ticked) {
  /** @type {Record<string, string | string[]>} */
  const told = {};
  for (const [name, value] of ticked) {
    if (value === "") continue;
    const before = told[name];
    told[name] = SEVERAL.has(name) ? [...(Array.isArray(before) ? before : []), value] : value;
  }
  return told;
}

/**
 * Which answer a digit chooses: 1 the first, 0 the tenth. -1: none.
 * @param {string} key
 */
export function placeOf(key) {
  return /^\d$/.test(key) ? (Number(key) + 9) % 10 : -1;
}

/**
 * @param {Forms} forms
 * @param {WrapUp} frame
 * @param {number} at
 * @returns {Forms}
 */
export function sending(forms, frame, at) {
  const others = forms.sent.filter((one) => one.frame.id !== frame.id);
  return { sent: [...others, { frame, at }], trouble: "" };
}

/**
 * What one frame changes.
 * @param {Forms} forms
 * @param {{type: string, id?: string, code?: string, retry?: boolean}} heard
 * @returns {Forms}
 */
export function after(forms, heard) {
  if (heard.type === "ready") return { ...forms, sent: forms.sent.map((one) => ({ ...one, at: 0 })) };
  if (!forms.sent.some(({ frame }) => frame.id === heard.id)) return forms;
  const left = forms.sent.filter(({ frame }) => frame.id !== heard.id);
  if (heard.type === "wrapped_up") return { ...forms, sent: left };
  if (heard.type !== "nack") return forms;
  // The store is away for a moment: the same form is sent again by itself.
  if (heard.retry === true && heard.code !== "rate") return forms;
  return { sent: left, trouble: heard.code === "rate" ? "too_many" : "lost" };
}

/**
 * The forms that are to be sent again by now.
 * @param {Forms} forms
 * @param {number} now
 */
export function due(forms, now) {
  return forms.sent.filter(({ at }) => now - at >= AGAIN_MS).map(({ frame }) => frame);
}
