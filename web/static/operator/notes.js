// SPDX-License-Identifier: EUPL-1.2
// What colleagues write for each other: a sheet of its own in the drawer, with a field of its own, and a button in each
// pane that tells how many there are. Nothing written here can go to the visitor: it never comes near the composer.

import { isLive, supervises } from "./conversation.js";
import { block, clone, isBlocked, part, show, write, writeOrHide } from "./dom.js";
import { NONE, after, drafted, hasGap, isUnsaved, mayNote, read, saving, savingAgain, taken, unread } from "./notes_model.js";
import { sheetView, whyUnsaved } from "./view_notes.js";
import { say } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Frame} Frame */
/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./notes_model.js").Notes} Notes */

const SHEET = "notes";

/**
 * @param {import("./pieces.js").PieceOptions} options
 */
export function notesHands({ root, page, state, send, newId, pane, drawer }) {
  /** @type {Map<string, Notes>} */
  const known = new Map();
  /** @type {WeakMap<HTMLElement, {button: HTMLElement, news: HTMLElement, whisper: HTMLElement, drawn: readonly unknown[]}>} */
  const openers = new WeakMap();
  /** @type {Set<string>} to which a supervisor has come since this page was opened */
  const visited = new Set();
  const announcer = part(root, "notes-announcer");
  const sheet = sheetView(page, {
    draft: (id, text) => set(id, drafted(of(id), text)),
    save: (id, whisper) => {
      const mine = newId();
      set(id, saving(of(id), mine, whisper));
      sendOne(id, mine);
    },
    retry: (id, which) => {
      set(id, savingAgain(of(id), which));
      sendOne(id, which);
    },
    edit: (id, which) => set(id, taken(of(id), which)),
  });
  drawer.add({
    name: SHEET,
    label: say(page, "notes.open"),
    key: "Alt+A",
    element: sheet.element,
    render: (now, front) => renderSheet(now, front),
    opened: sheet.focus,
  });
  const tab = part(document, "drawer-tabs").querySelector(`#drawer-tab-${SHEET}`);

  /** @param {string} id */
  const of = (id) => known.get(id) ?? NONE;
  /** @param {string} id */
  const heldOf = (id) => state().conversations.find((held) => held.id === id);

  /** @param {string} id @param {Notes} notes */
  function set(id, notes) {
    known.set(id, notes);
    render(state());
    renderSheet(state(), frontOf(state()));
  }

  /** @param {string} id @param {string} which */
  function sendOne(id, which) {
    const one = of(id).unsaved.find((each) => each.id === which);
    // Without a connection it waits: it is sent when the conversation is opened again.
    if (one !== undefined) send({ type: "note", conversation: id, id: one.id, text: one.text, ...(one.whisper && { whisper: true }) });
  }

  /** @param {State} now @param {string | undefined} front */
  function renderSheet(now, front) {
    if (drawer.which() !== SHEET) return;
    const held = front === undefined ? undefined : heldOf(front);
    if (held !== undefined && isLive(held) && of(held.id) !== read(of(held.id))) {
      known.set(held.id, read(of(held.id)));
      render(now);
    }
    sheet.render(held, held === undefined ? NONE : of(held.id));
  }

  /** @param {string} id */
  function openersOf(id) {
    const element = pane(id);
    if (element === undefined) return undefined;
    const made = openers.get(element);
    if (made !== undefined) return made;
    const [button, news, whisper] = [clone("notes-open"), clone("notes-new"), clone("notes-beside")];
    const opener = { button, news, whisper, drawn: [] };
    openers.set(element, opener);
    part(element, "tools").append(button);
    part(element, "scroll").before(news);
    // Where she would write to the visitor the other way stands first.
    part(element, "compose").prepend(whisper);
    whisper.addEventListener("click", () => drawer.open(SHEET));
    button.addEventListener("click", () => {
      if (!isBlocked(button)) drawer.toggle(SHEET);
    });
    news.addEventListener("click", () => drawer.open(SHEET));
    return opener;
  }

  /** @param {Conversation} held */
  function renderOpeners(held) {
    const made = openersOf(held.id);
    if (made === undefined) return;
    const { button, news, whisper, drawn } = made;
    const notes = of(held.id);
    const now = [notes, isLive(held), held.readable, held.as_guest];
    // Whatever is said elsewhere draws all panes again.
    if (now.every((one, at) => one === drawn[at])) return;
    made.drawn = now;
    show(button, isLive(held) && mayNote(held));
    block(button, !held.readable);
    const count = part(button, "notes-count");
    const n = unread(notes);
    writeOrHide(count, notes.entries.length > 0 ? String(notes.entries.length) : "");
    count.dataset["some"] = String(n > 0);
    writeOrHide(news, n > 0 && isLive(held) ? newsOf(page, notes) : "");
    writeOrHide(whisper, supervises(held) ? say(page, "notes.whisper_to", { alias: held.as_guest?.holder ?? "" }) : "");
    const told = n > 0 ? say(page, "notes.count_new", { n }) : say(page, "notes.count", { n: notes.entries.length });
    button.setAttribute("aria-label", notes.entries.length > 0 ? `${say(page, "notes.open")}, ${told}` : say(page, "notes.open"));
  }

  /** @param {State} now */
  function render(now) {
    const live = now.conversations.filter(isLive);
    const ids = new Set(live.map(({ id }) => id));
    // With its conversation, no word of it stays in the page.
    for (const id of [...known.keys()]) if (!ids.has(id)) known.delete(id);
    for (const id of visited) if (!ids.has(id)) visited.delete(id);
    for (const held of now.conversations) renderOpeners(held);
    const front = frontOf(now);
    const n = front === undefined ? 0 : of(front).entries.length;
    if (tab instanceof HTMLElement) write(tab, n > 0 ? `${say(page, "notes.open")} (${n})` : say(page, "notes.open"));
  }

  /** @param {Conversation} held @param {Notes} before */
  function announce(held, before) {
    const old = new Set(before.entries.map(({ staff_seq }) => staff_seq));
    const news = of(held.id).entries.filter(({ staff_seq }) => !old.has(staff_seq));
    const [note] = news;
    if (note === undefined || news.length > 1) return;
    const theirs = note.kind === "whisper" ? "notes.whisper_from" : "notes.from";
    tell(say(page, note.own === true ? "notes.saved" : theirs, { alias: note.alias, n: held.number }));
  }

  /** @param {string} told */
  function tell(told) {
    // A new node each time: the same words are told again when the same thing happens again.
    announcer.replaceChildren(document.createTextNode(told));
  }

  /**
   * A supervisor has come for the colleague who holds it: what she writes first is for that one, not for the visitor.
   * On a phone the talk is what she must see first.
   * @param {Conversation} held
   */
  function visits(held) {
    if (!supervises(held) || visited.has(held.id)) return;
    visited.add(held.id);
    if (frontOf(state()) === held.id && !drawer.hides()) drawer.open(SHEET);
  }

  /** @param {Conversation} held */
  function opened(held) {
    if (!held.readable || !mayNote(held)) return;
    send({ type: "notes", conversation: held.id });
    for (const { id, why } of of(held.id).unsaved) if (why === "") sendOne(held.id, id);
  }

  addEventListener("beforeunload", (event) => {
    if ([...known.values()].some(isUnsaved)) event.preventDefault();
  });

  return {
    render,
    /** @param {Frame} frame */
    hear(frame) {
      const held = "conversation" in frame ? heldOf(frame.conversation ?? "") : undefined;
      if (held === undefined || !isLive(held)) return;
      if (frame.type === "accepted") {
        opened(held);
        visits(held);
      }
      const before = of(held.id);
      const next = after(before, frame);
      if (next === before) return;
      set(held.id, next);
      if (frame.type === "nack") tell(whyUnsaved(page, frame.code));
      else announce(held, before);
      if (hasGap(next) && !hasGap(before)) send({ type: "notes", conversation: held.id });
    },
    keys: { KeyA: { does: "notes.key", press: () => drawer.toggle(SHEET) } },
  };
}

/**
 * What the line over the log says of what is new: a whisper itself, since it is for just now.
 * @param {import("./words.js").Page} page
 * @param {Notes} notes
 */
function newsOf(page, notes) {
  const newest = notes.entries.findLast(({ own }) => own !== true);
  if (newest?.kind !== "whisper") return say(page, "notes.new_ones", { n: unread(notes) });
  return say(page, "notes.whispers", { alias: newest.alias, text: newest.text });
}

/** @param {State} state */
function frontOf(state) {
  return state.pane === "conversation" ? state.recent[0] : undefined;
}
