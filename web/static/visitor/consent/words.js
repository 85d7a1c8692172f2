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
      return [draft.forms.map((form) => say(`form.${form}`)).join(", ")];
    case "relation":
      return [say(`relation.${draft.relation}`)];
    case "children":
    case "called_112":
      return [say(`answer.${draft[item]}`)];
    case "messages":
      return chosen(draft, proposal).map(({ by, text }) => `${say(`message.${by}`)}: ${text}`);
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
