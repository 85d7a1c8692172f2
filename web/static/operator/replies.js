// SPDX-License-Identifier: EUPL-1.2
// What lies at hand while one writes, as one piece of the console: the list over the field (`/`), and three sheets of
// the drawer: replies, lines, routine. Puts texts into what is being written; nothing here is ever sent.

import { askServer, atHand, isWritable, serviceOf } from "./at_hand.js";
import { PRACTICE } from "./conversation.js";
import { find } from "./desk.js";
import { clone, part, partOf, show, write, writeOrHide } from "./dom.js";
import { finderView } from "./finder.js";
import { putIn } from "./putting_in.js";
import { entriesOf, placesOf } from "./reply_search.js";
import { linesSheet } from "./sheet_lines.js";
import { repliesSheet } from "./sheet_replies.js";
import { routineSheet } from "./sheet_routine.js";
import { clock, say } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Frame} Frame */
/** @typedef {import("./types.js").Conversation} Conversation */

/** So old it may be when a conversation is taken, when a sheet or the list is opened, and while a sheet lies open. */
const OLDEST = { taken: 300_000, opened: 0, lying: 60_000 };
const KEYS = /** @type {const} */ ({ replies: "/", lines: "Alt+L", routine: "Alt+K" });

/** @param {import("./pieces.js").PieceOptions} options */
export function repliesHands({ root, page, state, pane, focus, drawer }) {
  const known = atHand({ ask: askServer(page.language), now: Date.now, heard });
  const finder = finderView(page);
  /** @type {WeakSet<HTMLElement>} */
  const furnished = new WeakSet();
  const sheets = {
    replies: repliesSheet(page, putInFront),
    lines: linesSheet(page, putInFront),
    routine: routineSheet(page, putInFront),
  };
  /** @typedef {keyof typeof sheets} Name */
  const names = /** @type {Name[]} */ (Object.keys(sheets));
  /** @type {Name} what somebody comes back to */
  let last = "replies";

  /** @param {Conversation | undefined} held */
  const service = (held) => serviceOf(state(), page.services, held);

  /** Which conversation a sheet speaks of: the one that is before whoever writes. */
  const front = () => (state().pane === "conversation" ? find(state(), state().recent[0] ?? "") : undefined);

  /** @param {Conversation} held */
  function aliasIn(held) {
    // In a practice the one that stands in the form for the shift: a reply reads as it will.
    const chosen = held.id === PRACTICE ? root.querySelector("input[data-part=alias]") : null;
    if (chosen instanceof HTMLInputElement && !state().duty.on) return chosen.value.trim();
    // The name that she knows them by, also after another shift has begun; a guest did not come as `joined`.
    const known = held.as_guest === null ? held.entries.findLast(({ type }) => type === "joined")?.alias : undefined;
    return known || state().duty.alias;
  }

  /** @param {Conversation} held @param {string} text */
  function put(held, text) {
    const element = pane(held.id);
    const now = find(state(), held.id);
    if (element === undefined || !isWritable(now)) return;
    const composer = partOf(element, "composer", HTMLTextAreaElement);
    focus(held.id);
    putIn(composer, text);
    // On a small screen the drawer lies over what was just written.
    const { x, y, width, height } = composer.getBoundingClientRect();
    if (document.elementFromPoint(x + width / 2, y + height / 2)?.closest("[data-part=drawer]")) drawer.close();
  }

  /** @param {string} text */
  function putInFront(text) {
    const held = front();
    if (held !== undefined) put(held, text);
  }

  /** @param {Conversation | undefined} held */
  function entries(held) {
    const told = known.of(service(held))?.told;
    const alias = held === undefined ? state().duty.alias : aliasIn(held);
    return told == null ? [] : entriesOf(told, held?.language || told.own, alias);
  }

  /** @param {Conversation} held */
  function places(held) {
    const told = known.of(service(held))?.told;
    return told == null ? [] : placesOf(told, held.language || told.own);
  }

  /** @param {string | undefined} id */
  function openFinder(id) {
    const held = id === undefined ? undefined : find(state(), id);
    const element = held === undefined ? undefined : pane(held.id);
    if (held === undefined || element === undefined || !isWritable(held)) return;
    known.want(service(held), OLDEST.opened);
    // First to its field: it may be one that is not on the screen.
    focus(held.id);
    finder.open({
      place: part(element, "compose"),
      entries: () => [...entries(held), ...places(held)],
      spoken: (code) => known.of(service(held))?.told?.languages[code] ?? { tag: code, direction: "auto" },
      put: (text) => put(held, text),
      back: () => focus(held.id),
    });
  }

  /** @param {Name} name */
  function renderSheet(name) {
    const held = front();
    const one = known.of(service(held));
    const told = one?.told ?? null;
    const { element } = sheets[name];
    writeOrHide(part(element, "sheet-for"), held === undefined ? "" : say(page, "conversation", { n: held.number }));
    show(part(element, "sheet-nowhere"), held === undefined);
    writeOrHide(part(element, "sheet-age"), age(one));
    const canPut = isWritable(held);
    const language = held?.language || told?.own || "";
    if (name === "lines") sheets.lines.render(told, language, canPut);
    else if (name === "routine") sheets.routine.render(told, held, canPut);
    else {
      const alias = held === undefined ? state().duty.alias : aliasIn(held);
      sheets.replies.render(told, `${language} ${alias}`, () => entries(held), canPut);
    }
  }

  /** @param {import("./at_hand.js").Known | undefined} one */
  function age(one) {
    if (one?.failed !== true) return "";
    if (one.told === null) return say(page, "at_hand.missing");
    const time = clock(page, one.at);
    return say(page, "at_hand.old", { time });
  }

  /** Nothing that is shown moves unless there is news. */
  function heard() {
    if (finder.isOpen()) finder.refresh();
    const name = names.find((each) => each === drawer.which());
    if (name !== undefined) renderSheet(name);
  }

  /** @param {HTMLElement} element @param {string} id */
  function furnish(element, id) {
    furnished.add(element);
    const button = clone("at-hand");
    button.addEventListener("click", () => {
      focus(id);
      drawer.open(last);
    });
    part(element, "tools").append(button);
  }

  for (const name of names) {
    drawer.add({
      name,
      label: say(page, `sheets.${name}`),
      key: KEYS[name],
      element: sheets[name].element,
      render: () => {
        last = name;
        known.want(service(front()), OLDEST.lying);
        renderSheet(name);
      },
      opened: () => {
        known.want(service(front()), OLDEST.opened);
        sheets[name].focus();
      },
    });
  }

  return {
    /** @param {State} drawn */
    render({ conversations }) {
      for (const held of conversations) {
        const element = pane(held.id);
        if (element === undefined) continue;
        if (!furnished.has(element)) furnish(element, held.id);
        show(part(element, "at-hand"), isWritable(held));
      }
    },
    /** @param {Frame} frame */
    hear(frame) {
      if (frame.type === "accepted") known.want(service(find(state(), frame.conversation)), OLDEST.taken);
    },
    keys: {
      Slash: { does: "keys.finder", press: openFinder },
      KeyL: { does: "keys.lines", press: () => drawer.toggle("lines") },
      KeyK: { does: "keys.routine", press: () => drawer.toggle("routine") },
    },
  };
}
