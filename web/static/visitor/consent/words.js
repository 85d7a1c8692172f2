// SPDX-License-Identifier: EUPL-1.2
/** What stands in an item, in words: for the boxes of a receiver and for the summary. */

/** @typedef {import("./types").Draft} Draft */
/** @typedef {import("./types").Say} Say */

export const FORMS = /** @type {const} */ ([
  "physical",
  "psychological",
  "sexual",
  "material",
  "economic",
  "digital",
  "neglect",
  "latent",
  "after_separation",
]);
export const RELATIONS = /** @type {const} */ (["partner", "family", "honour", "casual"]);
export const ANSWERS = /** @type {const} */ (["yes", "no", "unsure"]);
export const WAYS = /** @type {const} */ (["code", "chat", "meeting", "none"]);

/**
 * The words for her track: who uses violence is asked of what it does to others, in words of its own where they differ.
 * @param {Say} say
 * @param {string | undefined} track
 * @returns {Say}
 */
export function sayFor(say, track) {
  if (track !== "perpetrator") return say;
  return (key, values) => {
    const own = `${key}.perpetrator`;
    const text = say(own, values);
    return text === own ? say(key, values) : text;
  };
}

/**
 * Those she is asked about, by name: the first two, and that there are more.
 * @param {Say} say
 * @param {string} language
 * @param {import("./types").Proposal} proposal
 */
export function namesOf(say, language, { offers }) {
  const names = offers.map(({ name }) => name);
  const shown = names.length > 2 ? [...names.slice(0, 2), say("receivers.more")] : names;
  return new Intl.ListFormat(language, { type: "conjunction" }).format(shown);
}

/**
 * @param {Say} say
 * @param {Draft} draft
 * @param {import("./types").Proposal} proposal
 * @param {import("./types").Item} item
 * @param {(words: string) => string} clean takes out what tells who she is
 * @returns {string[]} line by line
 */
export function linesOf(say, draft, proposal, item, clean) {
  switch (item) {
    case "want":
    case "summary":
    case "danger":
      return [clean(draft[item].trim())];
    case "name":
    case "reach":
      return [draft[item].trim()];
    case "forms":
      return [draft.forms.map((form) => say(`form.${form}`)).join(" · ")];
    case "relation":
      return [say(`relation.${draft.relation}`)];
    case "children":
    case "called_112":
      return [say(`answer.${draft[item]}`)];
    case "messages":
      return chosen(draft, proposal).map(({ by, alias = "", text }) => `${say(`message.${by}`, { alias })}: ${text}`);
    case "contact": {
      const times = clean(draft.times.trim());
      return [say(`way.${draft.way}`), ...(times === "" ? [] : [times])];
    }
  }
}

/**
 * @param {Draft} draft
 * @param {import("./types").Proposal} proposal
 */
export function chosen({ messages }, { content }) {
  return (content.messages ?? []).filter(({ seq }) => messages.includes(seq));
}
