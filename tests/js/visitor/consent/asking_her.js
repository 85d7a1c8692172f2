// SPDX-License-Identifier: EUPL-1.2
// What the tests of asking her for a yes begin with.

import { START, reduce } from "../../../../web/static/visitor/consent/model.js";

export const CONTENT = {
  want: "få veta mer",
  summary: "Sedan i våras.",
  forms: ["physical"],
  relation: "partner",
  danger: "värre",
  messages: [
    { seq: 3, by: "visitor", text: "hej" },
    { seq: 4, by: "operator", text: "hej du" },
  ],
  contact: { way: "code", times: "vardagar" },
};
const offer = (receiver, more = {}) => ({
  receiver,
  name: receiver.toUpperCase(),
  organisation: "Kommunen",
  notice: ["Vi läser."],
  notice_version: `v-${receiver}`,
  police: false,
  may_coordinate: false,
  ...more,
});
export const PROPOSAL = {
  content: CONTENT,
  offers: [offer("social", { may_coordinate: true }), offer("police", { police: true })],
  purpose: "Att få hjälp.",
  asked_by: "Alva",
  sender: "Jouren",
};

/** An entry of the page's state with a frame in it. */
export const entry = (seq, frame) => ({ kind: "asked", seq, from: "service", text: "", at: null, id: frame.id ?? null, masked: false, frame: { seq, ...frame } });
export const proposed = (seq, changes = {}) => entry(seq, { type: "proposal", proposal: { ...PROPOSAL, ...changes } });
export const takenBack = (seq) => entry(seq, { type: "taken_back" });
export const answered = (seq, receivers, id) => entry(seq, { type: "answered", receivers, id });

export const after = (model, ...acts) => acts.reduce(reduce, model);
export const entries = (...all) => ({ type: "entries", entries: all });
/** She has been asked and looks at it. */
export const looking = (...acts) => after(START, entries(proposed(5)), { type: "look" }, ...acts);
export const item = (name, receiver = "social", on = true) => ({ type: "item", receiver, item: name, on });
export const tick = (name, receiver = "social", on = true) => ({ type: "tick", receiver, tick: name, on });
export const settle = (receiver = "social", goes = true) => ({ type: "settle", receiver, goes });
/** A whole yes to one receiver for these items. */
export const yesTo = (receiver, ...items) => [
  ...items.map((name) => item(name, receiver)),
  tick("secrecy", receiver),
  tick("data", receiver),
  ...(receiver === "police" ? [tick("police", receiver)] : []),
  settle(receiver),
];
