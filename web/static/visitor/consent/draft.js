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
 * Another question has come: what she has written herself stays, where the item still exists.
 * @param {Draft} next as it is proposed now
 * @param {Draft} base as it was proposed before
 * @param {Draft} mine what she made of that
 * @returns {Draft}
 */
export function carried(next, base, mine) {
  const kept = { ...next, name: mine.name, reach: mine.reach };
  if (mine.want !== base.want) kept.want = mine.want;
  for (const key of /** @type {const} */ (["summary", "danger", "times"])) {
    if (next[key] !== "" && mine[key] !== base[key]) kept[key] = mine[key];
  }
  const leftOut = base.messages.filter((seq) => !mine.messages.includes(seq));
  kept.messages = next.messages.filter((seq) => !leftOut.includes(seq));
  return kept;
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
