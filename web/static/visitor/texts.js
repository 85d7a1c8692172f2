// SPDX-License-Identifier: EUPL-1.2
/**
 * The page's texts, as the server gave them: by key, with values put in and the language's own plural forms.
 */

/** @typedef {import("./types").Say} Say */

/**
 * @param {{ [key: string]: import("./types").Text }} texts
 * @param {string} language as in the page's `lang`
 * @returns {Say}
 */
export function speaker(texts, language) {
  const rules = new Intl.PluralRules(language);
  return (key, values = {}) => {
    const text = texts[key];
    const form = typeof text === "object" ? (text[rules.select(Number(values.n))] ?? text.other) : text;
    return (form ?? key).replace(/%\((\w+)\)s/g, (whole, name) => {
      const value = values[name];
      // Isolated: a name in another direction of writing cannot turn the sentence around it.
      return typeof value === "string" ? `\u2068${value}\u2069` : String(value ?? whole);
    });
  };
}

/**
 * What to say about her place: how many are before her, and the usual range of waiting.
 * @param {Say} say
 * @param {import("./types").Place} place
 * @param {boolean} [lost] whoever was here has lost contact
 * @returns {string[]}
 */
export function aboutPlace(say, { ahead, wait, here }, lost = false) {
  const before = ahead === 0 ? say("queue.next") : say("queue.before", { n: ahead });
  // Nobody is "next" where nobody answers.
  const place = ahead === 0 ? "" : `${before} `;
  if (!here) return [say(lost ? "queue.nobody.else" : "queue.nobody"), place + say("queue.meanwhile")];
  if (wait === null) return [before, say("queue.unknown")];
  const [low, high] = wait;
  if (high <= 2) return [before, say("queue.soon")];
  if (low === high) return [before, say("queue.about", { n: high })];
  if (low === 0) return [before, say("queue.most", { n: high })];
  return [before, say("queue.range", { low, n: high })];
}
