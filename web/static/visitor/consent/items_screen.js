// SPDX-License-Identifier: EUPL-1.2
/** The first screen: what would be sent, as it stands, and hers to change. Nothing is chosen by it. */

import { button, choice, choices, field, group, highlighted, node, words } from "../dom.js";
import { IDENTITY, MOST } from "./draft.js";
import { ANSWERS, FORMS, RELATIONS, WAYS, namesOf } from "./words.js";

/** @typedef {import("./types").Draft} Draft */
/** @typedef {import("./types").Model} Model */
/** @typedef {import("./types").Say} Say */
/** @typedef {import("./types").ViewOptions & { marks: (() => void)[] }} Marking `marks`: looks through each text anew */

/**
 * @param {import("./types").ViewOptions} viewed
 * @param {Model} model
 * @param {import("./types").Proposal} proposal
 * @returns {import("./types").Screen}
 */
export function itemsScreen(viewed, { draft }, proposal) {
  /** @type {Marking} */
  const options = { ...viewed, marks: [] };
  const { say, act, ready, marks } = options;
  const { content } = proposal;
  const next = button("strong", say("next"), async () => {
    // What tells who she is is marked in what the next screens show. A screen that is gone meanwhile leads nowhere.
    await ready();
    if (next.isConnected) act({ type: "step", step: 1 });
  });
  const nodes = [
    node("p", "", say("items.lead", { receivers: namesOf(say, options.language, proposal) })),
    node("p", "quiet", say("items.buttons")),
    node("p", "quiet", say("items.why", { alias: proposal.asked_by })),
    words(proposal.purpose, "words quoted"),
    text(options, draft, "want"),
  ];
  if (content.summary) nodes.push(text(options, draft, "summary"));
  if (content.forms) nodes.push(forms(options, draft));
  if (content.relation) nodes.push(one(options, draft, "relation", RELATIONS, "relation"));
  if (content.children) nodes.push(one(options, draft, "children", ANSWERS, "answer"));
  if (content.danger) nodes.push(text(options, draft, "danger"));
  if (content.called_112) nodes.push(one(options, draft, "called_112", ANSWERS, "answer"));
  if (content.messages) nodes.push(messages(options, draft, content.messages));
  if (content.contact) nodes.push(contact(options, draft));
  nodes.push(identity(options, draft));
  nodes.push(choices(next));
  // What is looked for may have come after the screen.
  ready().then(() => marks.forEach((mark) => mark()));
  return { heading: say("items.heading"), nodes };
}

/**
 * A text of hers, and under it what will be taken out of it.
 * @param {Marking} options
 * @param {Draft} draft
 * @param {"want" | "summary" | "danger" | "times"} key
 */
function text({ say, act, look, marks }, draft, key) {
  const marked = node("div", "marked");
  marked.setAttribute("role", "status");
  const label = say(key === "times" ? "item.times" : `item.${key}`);

  /** @param {string} value */
  function mark(value) {
    const found = (look(value)?.pieces ?? []).filter(({ kind }) => kind !== null);
    const pieces = found.map((piece) => highlighted(piece.text));
    const said = found.map((piece) => piece.text).join("\n");
    if (marked.dataset.said === said) return;
    marked.dataset.said = said;
    marked.replaceChildren(...(pieces.length > 0 ? [node("p", "", say("marked")), ...pieces] : []));
  }

  const whole = field(label, draft[key], MOST[key], (value) => {
    act({ type: "edit", change: { [key]: value } });
    mark(value);
  });
  mark(draft[key]);
  marks.push(() => mark(whole.querySelector("textarea")?.value ?? ""));
  whole.append(marked);
  return whole;
}

/**
 * @param {import("./types").ViewOptions} options
 * @param {Draft} draft
 */
function forms({ say, act }, draft) {
  const row = node("div", "chips");
  // What is proposed stands open; that there is more to choose from is not in her way.
  const more = document.createElement("details");
  const rest = node("div", "chips");
  more.append(node("summary", "", say("form.more")), rest);
  const on = new Set(draft.forms);
  for (const form of FORMS) {
    const chip = button("chip", say(`form.${form}`), () => {
      if (!on.delete(form)) on.add(form);
      chip.setAttribute("aria-pressed", String(on.has(form)));
      act({ type: "edit", change: { forms: FORMS.filter((each) => on.has(each)) } });
    });
    chip.setAttribute("aria-pressed", String(on.has(form)));
    (on.has(form) ? row : rest).append(chip);
  }
  return group(say("item.forms"), row, more);
}

/**
 * @param {import("./types").ViewOptions} options
 * @param {Draft} draft
 * @param {"relation" | "children" | "called_112"} key
 * @param {readonly string[]} values
 * @param {string} prefix
 */
function one({ say, act }, draft, key, values, prefix) {
  const options = /** @type {[string, string][]} */ (values.map((value) => [value, say(`${prefix}.${value}`)]));
  return choice(say(`item.${key}`), draft[key], [...options, ["", say("leave_out")]], (value) =>
    act({ type: "edit", change: { [key]: value } }),
  );
}

/**
 * @param {import("./types").ViewOptions} options
 * @param {Draft} draft
 * @param {readonly import("./types").Message[]} proposed
 */
function messages({ say, act }, draft, proposed) {
  const kept = new Set(draft.messages);
  const parts = proposed.map(({ seq, by, alias = "", text: said }) => {
    const whole = node("div", "quote");
    const by_ = node("p", "quiet", "");
    const toggle = button("inline", "", () => {
      if (!kept.delete(seq)) kept.add(seq);
      act({ type: "edit", change: { messages: proposed.map((each) => each.seq).filter((each) => kept.has(each)) } });
      draw();
    });
    function draw() {
      const stays = kept.has(seq);
      whole.classList.toggle("out", !stays);
      by_.textContent = stays ? say(`message.${by}`, { alias }) : say("message.left");
      toggle.textContent = say(stays ? "message.out" : "message.in");
      toggle.setAttribute("aria-label", `${toggle.textContent}: ${said}`);
    }
    draw();
    whole.append(by_, words(said), toggle);
    return whole;
  });
  return group(say("item.messages"), ...parts);
}

/**
 * @param {Marking} options
 * @param {Draft} draft
 */
function contact(options, draft) {
  const { say, act } = options;
  const ways = /** @type {[string, string][]} */ (WAYS.map((way) => [way, say(`way.${way}`)]));
  const way = choice(say("item.contact"), draft.way, [...ways, ["", say("leave_out")]], (value) =>
    act({ type: "edit", change: { way: value } }),
  );
  const whole = node("div", "");
  whole.append(way, text(options, draft, "times"));
  return whole;
}

/**
 * Folded and empty: nobody asks her who she is.
 * @param {import("./types").ViewOptions} options
 * @param {Draft} draft
 */
function identity({ say, act }, draft) {
  const whole = document.createElement("details");
  whole.className = "identity";
  whole.open = draft.name !== "" || draft.reach !== "";
  whole.append(node("summary", "", say("identity.heading")), node("p", "", say("identity.lead")));
  for (const key of /** @type {("name" | "reach")[]} */ (IDENTITY)) {
    whole.append(
      field(say(`item.${key}`), draft[key], MOST[key], (value) => act({ type: "edit", change: { [key]: value } })),
    );
  }
  return whole;
}
