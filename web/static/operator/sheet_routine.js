// SPDX-License-Identifier: EUPL-1.2
// The sheet of routine cards: what to do, to say and to avoid. The one that fits what an alarm is about stands first and
// open. Owns its own parts only; a card decides nothing and never gives a score.

import { alarmOf, isAcute, routineFor } from "./danger.js";
import { clone, mark, part, show, write, writeOrHide } from "./dom.js";
import { preferred } from "./reply_search.js";
import { sentence } from "./sheet_lines.js";
import { say } from "./words.js";

/** @typedef {import("./at_hand.js").Told} Told */
/** @typedef {import("./at_hand.js").Card} Card */
/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./words.js").Worded} Worded */
/** @typedef {import("./words.js").Page} Page */

/** What a message may sound like, as the server names its reason, that has a card of its own. */
const OF_REASON = new Map([["honour", "honour"], ["child", "children"]]);

/**
 * Which cards fit a conversation, what is most urgent first.
 * @param {Conversation | undefined} held
 * @returns {string[]}
 */
export function fitting(held) {
  const alarm = held === undefined ? null : alarmOf(held);
  const reason = held?.entries.findLast((entry) => OF_REASON.has(entry.seen?.reason ?? ""))?.seen?.reason;
  const named = OF_REASON.get(reason ?? "");
  const young = held?.intake?.age_band === "under_18" ? "children" : undefined;
  const of = alarm === null ? undefined : routineFor(alarm);
  // What is acute comes before what it is about; else what it is about says more.
  const all = alarm !== null && isAcute(alarm) ? [of, named, young] : [named, of, young];
  return [...new Set(all.filter((each) => each !== undefined))];
}

/**
 * @param {Page} page
 * @param {(text: string) => void} put
 */
export function routineSheet(page, put) {
  const element = clone("routine-sheet");
  const list = part(element, "routine-cards");
  /** @type {Told | null} */
  let drawn = null;
  let key = "";

  /** @param {HTMLElement} card @param {string} name @param {readonly string[]} items */
  function listIn(card, name, items) {
    part(card, name).replaceChildren(...items.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
    show(part(card, `${name}-part`), items.length > 0);
  }

  /** @param {HTMLElement} card @param {string} name @param {Worded | null} worded */
  function wordedIn(card, name, worded) {
    const text = part(card, name);
    write(text, worded?.text ?? "");
    Object.assign(text, { lang: worded?.tag ?? "", dir: worded?.direction ?? "auto" });
    show(part(card, `${name}-part`), worded !== null);
  }

  /** @param {string} shown @param {string} text @param {boolean} canPut */
  function sayingOf(shown, text, canPut) {
    const item = clone("routine-saying");
    write(part(item, "text"), shown);
    const button = part(item, "insert");
    write(button, say(page, "at_hand.insert"));
    button.setAttribute("aria-label", say(page, "at_hand.insert_which", { title: shown }));
    button.addEventListener("click", () => put(text));
    show(button, canPut);
    return item;
  }

  /** @param {Card} about @param {Told} told @param {string} language @param {boolean} canPut */
  function cardOf(about, told, language, canPut) {
    const card = clone("routine-card");
    mark(card, "about", about.about);
    write(part(card, "heading"), about.heading);
    wordedIn(card, "own", about.own);
    wordedIn(card, "duty", about.duty);
    listIn(card, "do", about.do);
    listIn(card, "avoid", about.avoid);
    const code = preferred(language, page.language).find((each) => about.say[each] !== undefined) ?? "sv";
    part(card, "say").replaceChildren(...(about.say[code] ?? []).map((text) => sayingOf(text, text, canPut)));
    const lines = told.lines.filter((line) => line.number !== "" && about.lines.includes(line.number));
    const shown = lines.map((line) => sayingOf(named(line), sentence(line, language, told.own), canPut));
    part(card, "lines").replaceChildren(...shown);
    show(part(card, "lines-part"), shown.length > 0);
    return card;
  }

  /** @param {import("./at_hand.js").Place} line */
  const named = ({ name, address, when }) => [name === address ? name : `${name} ${address}`, when].filter(Boolean).join(". ");

  return {
    element,
    focus: () => (list.querySelector("summary") ?? part(element, "routine-about")).focus(),
    /** @param {Told | null} told @param {Conversation | undefined} held @param {boolean} canPut */
    render(told, held, canPut) {
      const fits = fitting(held);
      const next = `${held?.id} ${held?.language} ${fits.join()} ${canPut}`;
      if (told === drawn && key === next) return;
      const open = new Set([...list.querySelectorAll("details[open]")].map((card) => card.getAttribute("data-about")));
      const isSame = key.split(" ")[0] === String(held?.id);
      [drawn, key] = [told, next];
      const cards = told?.cards ?? [];
      const rank = (/** @type {Card} */ card) => (fits.includes(card.about) ? fits.indexOf(card.about) : fits.length);
      const sorted = [...cards].sort((one, other) => rank(one) - rank(other));
      const made = told === null ? [] : sorted.map((card) => cardOf(card, told, held?.language ?? "", canPut));
      made.forEach((card, index) => {
        const about = card.dataset["about"] ?? "";
        show(part(card, "fits"), fits.includes(about));
        const first = index === 0 && fits.length > 0;
        if (card instanceof HTMLDetailsElement) card.open = first || (isSame && open.has(about));
      });
      list.replaceChildren(...made);
      const version = told?.routine ?? "";
      writeOrHide(part(element, "routine-version"), version && say(page, "at_hand.routine_version", { version }));
    },
  };
}
