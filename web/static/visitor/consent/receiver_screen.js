// SPDX-License-Identifier: EUPL-1.2
/** One receiver: who it is, what holds there, and what she says yes to. Nothing is ticked before she ticks it. */

import { NOTHING, itemsOf, tellsWho } from "./answer.js";
import { box, button, choices, fresh, group, node } from "../dom.js";
import { IDENTITY, present } from "./draft.js";
import { linesOf } from "./words.js";

/** @typedef {import("./types").Item} Item */
/** @typedef {import("./types").Lack} Lack */
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
    const whole = box(say(`item.${item}`), on, (now) => act({ type: "item", receiver, item, on: now }), ...excerpt(item, lines));
    whole.dataset.item = item;
    return whole;
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
  const [secrecy, data, police] = [tickBox("secrecy"), tickBox("data"), tickBox("police")];
  const needed = group(say("receiver.needed"), secrecy, data, ...(offer.police ? [police] : []));
  const optional = group(say("receiver.optional"), tickBox("measure"));
  const other = proposal.offers.find((each) => each !== offer && model.wishes[each.receiver]?.coordinate);
  if (offer.may_coordinate && other !== undefined) {
    optional.append(node("p", "quiet", say("receiver.coordinated", { receiver: other.name })));
  } else if (offer.may_coordinate) {
    optional.append(tickBox("coordinate", say("yes.coordinate.more")));
  }

  const sum = node("div", "lacks");
  sum.setAttribute("role", "alert");
  const lacks = lacksView(say, { items, identity: knows, secrecy, data, police });
  const [lead = "", ...rest] = offer.notice;
  const terms = node("ul", "terms");
  terms.append(...rest.map((paragraph) => node("li", "", paragraph)));
  const end = choices(
    button("plain", say("receiver.yes"), () => {
      act({ type: "settle", receiver, goes: true });
      lacks.show();
    }),
    button("plain", say("receiver.no"), () => act({ type: "settle", receiver, goes: false })),
    button("inline", say("previous"), () => act({ type: "step", step: model.step - 1 })),
  );
  return {
    heading: offer.name,
    nodes: [node("p", "quiet", offer.organisation), node("p", "", lead), terms, items, identity, needed, optional, sum, end],
    update({ lacks: missing, wishes }) {
      const ticked = itemsOf(draft, wishes[receiver] ?? NOTHING);
      // One thought at a time: what a yes needs comes when there is something to say yes to.
      needed.hidden = optional.hidden = ticked.length === 0;
      knows.hidden = !tellsWho(ticked);
      lacks.draw(missing);
      const said = missing.length > 0 ? say("lack.sum") : "";
      if (sum.textContent !== said) sum.replaceChildren(...(said === "" ? [] : [node("p", "", said)]));
    },
  };
}

/**
 * What stands in an item. The messages are shown whole, each by itself: she says yes to every one of them.
 * @param {Item} item
 * @param {readonly string[]} lines
 */
function excerpt(item, lines) {
  return item === "messages" ? lines : [lines.join(" · ")];
}

/**
 * What is missing, right above where it is missing.
 * @param {import("./types").Say} say
 * @param {{ [lack in Lack]: HTMLElement }} places
 */
function lacksView(say, places) {
  /** @type {Map<Lack, HTMLElement>} */
  const notes = new Map();

  /** @param {Lack} lack */
  function add(lack) {
    const note = node("p", "lack", say(`lack.${lack}`));
    note.id = fresh();
    const place = places[lack];
    const legend = place.querySelector("legend");
    if (legend === null) place.before(note);
    else legend.after(note);
    place.classList.add("is-lacking");
    place.querySelector("input")?.setAttribute("aria-describedby", note.id);
    notes.set(lack, note);
  }

  /** @param {Lack} lack @param {HTMLElement} note */
  function remove(lack, note) {
    note.remove();
    places[lack].classList.remove("is-lacking");
    places[lack].querySelector("input")?.removeAttribute("aria-describedby");
    notes.delete(lack);
  }

  return {
    /** @param {readonly Lack[]} missing */
    draw(missing) {
      for (const [lack, note] of notes) if (!missing.includes(lack)) remove(lack, note);
      for (const lack of missing) if (!notes.has(lack)) add(lack);
    },
    /** Lead her to the first of them: the words and the box are seen together. */
    show() {
      const first = ORDER.find((lack) => notes.has(lack));
      if (first === undefined) return;
      places[first].querySelector("input")?.focus({ preventScroll: true });
      notes.get(first)?.scrollIntoView({ block: "start" });
    },
  };
}

/** From the top of the screen. @type {readonly Lack[]} */
const ORDER = ["items", "identity", "secrecy", "data", "police"];
