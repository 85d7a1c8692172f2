// SPDX-License-Identifier: EUPL-1.2
/** The items as she wants them. Pure. */

/** @typedef {import("./types").Draft} Draft */
/** @typedef {import("./types").Item} Item */

/** In the order of the page: what she wants comes first, what tells who she is last. */
export const ITEMS = /** @type {const} */ ([
  "want",
  "summary",
  "forms",
  "relation",
  "children",
  "danger",
  "called_112",
  "messages",
  "contact",
  "name",
  "reach",
]);

/** What tells who she is: never proposed, written by nobody but her, with a yes of its own. */
export const IDENTITY = /** @type {readonly Item[]} */ (["name", "reach"]);

/** How long each text may be, in characters. */
export const MOST = { want: 1000, summary: 2000, danger: 1000, times: 200, name: 100, reach: 200 };

/** @type {Draft} */
export const EMPTY = Object.freeze({
  want: "",
  summary: "",
  danger: "",
  times: "",
  name: "",
  reach: "",
  relation: "",
  children: "",
  called_112: "",
  way: "",
  forms: [],
  messages: [],
  out: [],
});

/**
 * The items as they are proposed.
 * @param {import("./types").Content} content
 * @returns {Draft}
 */
export function drafted({ contact, messages = [], ...rest }) {
  const { want = "", summary = "", danger = "", relation = "", children = "", called_112 = "", forms = [] } = rest;
  return {
    ...EMPTY,
    ...{ want, summary, danger, relation, children, called_112, forms },
    way: contact?.way ?? "",
    times: contact?.times ?? "",
    messages: messages.map(({ seq }) => seq),
  };
}

/**
 * Another question has come: what she has written, chosen and left out herself stays, where the item still exists.
 * After an answer only where the same is proposed again: what is new then is not about what she changed.
 * @param {Draft} next as it is proposed now
 * @param {Draft} base as it was proposed before
 * @param {Draft} mine what she made of that
 * @param {boolean} isAnswered
 * @returns {Draft}
 */
export function carried(next, base, mine, isAnswered) {
  /** @param {keyof Draft} key */
  const stays = (key) => !same(mine[key], base[key]) && (!isAnswered || same(next[key], base[key]));
  const kept = { ...next, name: mine.name, reach: mine.reach };
  if (stays("want")) kept.want = mine.want;
  for (const key of /** @type {const} */ (["summary", "danger", "times", "relation", "children", "called_112", "way"])) {
    if (next[key] !== "" && stays(key)) kept[key] = mine[key];
  }
  if (next.forms.length > 0 && stays("forms")) kept.forms = mine.forms;
  const left = [...mine.out, ...base.messages].filter((seq) => !mine.messages.includes(seq));
  kept.out = [...new Set(left)];
  kept.messages = next.messages.filter((seq) => !left.includes(seq));
  return kept;
}

/** @param {string | readonly unknown[]} one @param {string | readonly unknown[]} other */
function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/**
 * Whether there is something in an item: what is empty is never sent.
 * @param {Draft} draft
 * @param {Item} item
 */
export function has(draft, item) {
  if (item === "contact") return draft.way !== "";
  const value = draft[item];
  return typeof value === "string" ? value.trim() !== "" : value.length > 0;
}

/** @param {Draft} draft */
export function present(draft) {
  return ITEMS.filter((item) => has(draft, item));
}
