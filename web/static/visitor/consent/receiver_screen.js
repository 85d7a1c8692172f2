// SPDX-License-Identifier: EUPL-1.2
/** One receiver: who it is, what holds there, and what she says yes to. Nothing is ticked before she ticks it. */

import { NOTHING, itemsOf, tellsWho } from "./answer.js";
import { box, button, choices, group, node } from "./dom.js";
import { IDENTITY, present } from "./draft.js";
import { linesOf } from "./words.js";

/** @typedef {import("./types").Item} Item */
/** @typedef {import("./types").Model} Model */
/** @typedef {import("./types").Tick} Tick */

/**
 * @param {import("./types").ViewOptions} options
 * @param {Model} model
 * @param {import("./types").Proposal} proposal
 * @param {import("./types").Offer} offer
 * @returns {import("./types").Screen}
 */
export function receiverScreen({ say, act, look }, model, proposal, offer) {
  const { draft } = model;
  const { receiver } = offer;
  const wish = model.wishes[receiver] ?? NOTHING;
  const values = { receiver: offer.name, sender: proposal.sender };

  /** @param {Item} item */
  function itemBox(item) {
    const lines = linesOf(say, draft, proposal, item, (text) => look(text)?.left ?? text);
    const on = wish.items.includes(item);
    return box(say(`item.${item}`), on, (now) => act({ type: "item", receiver, item, on: now }), lines.join(" · "));
  }

  /** @param {Tick} tick @param {string} [more] */
  function tickBox(tick, more = "") {
    const whole = box(say(`yes.${tick}`, values), wish[tick], (on) => act({ type: "tick", receiver, tick, on }), more);
    whole.dataset.tick = tick;
    return whole;
  }

  const there = present(draft);
  const usual = there.filter((item) => !IDENTITY.includes(item));
  const who = there.filter((item) => IDENTITY.includes(item));
  const items = group(say("receiver.tick"), ...usual.map(itemBox));
  if (there.length === 0) items.append(node("p", "", say("receiver.empty")));
  const identity = group(say("receiver.identity"), node("p", "quiet", say("receiver.identity.more")), ...who.map(itemBox));
  const knows = tickBox("identity");
  identity.append(knows);
  identity.hidden = who.length === 0;
  const needed = group(say("receiver.needed"), tickBox("secrecy"), tickBox("data"), ...(offer.police ? [tickBox("police")] : []));
  const optional = group(say("receiver.optional"), tickBox("measure"));
  const other = proposal.offers.find((each) => each !== offer && model.wishes[each.receiver]?.coordinate);
  if (offer.may_coordinate && other !== undefined) {
    optional.append(node("p", "quiet", say("receiver.coordinated", { receiver: other.name })));
  } else if (offer.may_coordinate) {
    optional.append(tickBox("coordinate", say("yes.coordinate.more")));
  }

  const lacks = node("div", "lacks");
  lacks.setAttribute("role", "alert");
  const [lead = "", ...rest] = offer.notice;
  const terms = node("ul", "terms");
  terms.append(...rest.map((paragraph) => node("li", "", paragraph)));
  const end = choices(
    button("plain", say("receiver.yes"), () => act({ type: "settle", receiver, goes: true })),
    button("plain", say("receiver.no"), () => act({ type: "settle", receiver, goes: false })),
    button("inline", say("previous"), () => act({ type: "step", step: model.step - 1 })),
  );
  return {
    heading: offer.name,
    nodes: [node("p", "quiet", offer.organisation), node("p", "", lead), terms, items, identity, needed, optional, lacks, end],
    update({ lacks: missing, wishes }) {
      const ticked = itemsOf(draft, wishes[receiver] ?? NOTHING);
      // One thought at a time: what a yes needs comes when there is something to say yes to.
      needed.hidden = optional.hidden = ticked.length === 0;
      knows.hidden = !tellsWho(ticked);
      const said = [...new Set(missing.map((lack) => say(`lack.${lack}`)))];
      if (lacks.textContent === said.join("")) return;
      lacks.replaceChildren(...said.map((line) => node("p", "", line)));
      if (missing.length === 0) return;
      const tick = end.parentElement?.querySelector(`[data-tick="${missing[0]}"] input`);
      const first = tick ?? items.querySelector("input");
      if (first instanceof HTMLElement) first.focus();
    },
  };
}
