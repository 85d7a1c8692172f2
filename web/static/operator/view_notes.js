// SPDX-License-Identifier: EUPL-1.2
// The sheet of what colleagues write for each other, drawn for the conversation in front. The newest stands first, under
// the field: it looks like no talk, so that nobody takes it for one.

import { codePoints, excess } from "../shared/characters.js";
import { isLive, supervises } from "./conversation.js";
import { arrange, block, clone, isBlocked, mark, markHue, part, partOf, show, write, writeOrHide } from "./dom.js";
import { mayNote, mayWhisper } from "./notes_model.js";
import { LONGEST } from "./view_pane.js";
import { clock, say } from "./words.js";

/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./notes_model.js").Notes} Notes */
/** @typedef {import("./notes_model.js").Note} Note */
/** @typedef {import("./notes_model.js").Unsaved} Unsaved */
/** @typedef {import("./words.js").Page} Page */

/**
 * @typedef {object} NoteHands
 * @property {(id: string, text: string) => void} draft
 * @property {(id: string, whisper: boolean) => void} save what stands in the field
 * @property {(id: string, which: string) => void} retry
 * @property {(id: string, which: string) => void} edit
 */

const COUNT_FROM = 1800;
/** Anything that can be seen: neither a space, nor a control, nor a character without a form. */
const SEEN = /[^\p{C}\p{Z}]/u;
/** By the code of a refusal. */
const WHY = /** @type {Record<string, string>} */ ({
  identity: "notes.identity",
  rate: "notes.rate",
  too_long: "notes.too_long",
  not_now: "notes.not_now",
});

/**
 * @param {Page} page
 * @param {NoteHands} hands
 */
export function sheetView(page, hands) {
  const element = clone("notes-sheet");
  const field = partOf(element, "note-field", HTMLTextAreaElement);
  const button = part(element, "note-save");
  const whisper = part(element, "note-whisper-save");
  const list = part(element, "notes-list");
  /** @type {Map<string, HTMLElement>} */
  const lines = new Map();
  /** @type {string | undefined} whose notes are shown */
  let shown;
  /** @type {readonly unknown[]} */
  let drawn = [];

  /** A supervisor writes for whoever holds it now: that is what is offered first, and what the key does. */
  let whispersFirst = false;

  const isOver = () => codePoints(field.value) > LONGEST;

  function measure() {
    const length = codePoints(field.value);
    const n = length > LONGEST ? LONGEST + excess(field.value, LONGEST) : length;
    writeOrHide(part(element, "note-length"), length > COUNT_FROM ? say(page, "length", { n, of: LONGEST }) : "");
    mark(part(element, "note-length"), "over", String(isOver()));
    for (const one of [button, whisper]) block(one, !SEEN.test(field.value) || isOver());
  }

  function save(whispered = false) {
    if (shown === undefined || isBlocked(button)) return;
    hands.save(shown, whispered);
    field.focus();
  }

  field.addEventListener("input", () => {
    measure();
    if (shown !== undefined) hands.draft(shown, field.value);
  });
  field.addEventListener("keydown", (event) => {
    // Not Enter alone, which sends to the visitor elsewhere: two fields that answer alike are soon taken for one.
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    if (!event.repeat) save(whispersFirst || (event.shiftKey && !whisper.hidden));
  });
  part(element, "notes-form").addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  whisper.addEventListener("click", () => save(true));
  list.addEventListener("click", (event) => {
    const pressed = event.target instanceof Element ? event.target.closest("button") : null;
    const which = pressed?.closest("li")?.dataset["id"];
    if (pressed === null || which === undefined || shown === undefined) return;
    if (pressed.dataset["part"] === "note-retry") hands.retry(shown, which);
    else hands.edit(shown, which);
    field.focus();
  });

  /** @param {string} key */
  function lineOf(key) {
    const line = lines.get(key) ?? clone("notes-entry");
    lines.set(key, line);
    return line;
  }

  /** @param {Note} note */
  function savedLine(note) {
    const line = lineOf(`${shown} ${note.staff_seq}`);
    mark(line, "kind", note.kind);
    show(part(line, "note-whisper"), note.kind === "whisper");
    write(part(line, "note-alias"), note.own === true ? say(page, "notes.you", { alias: note.alias }) : note.alias);
    const at = Date.parse(note.at);
    write(part(line, "note-at"), Number.isNaN(at) ? "" : clock(page, at));
    write(part(line, "note-text"), note.text);
    return line;
  }

  /** @param {Conversation | undefined} held @param {boolean} open @param {Notes} notes */
  function renderButtons(held, open, notes) {
    const may = held !== undefined && open && mayWhisper(held, notes);
    whispersFirst = held !== undefined && supervises(held);
    for (const each of [whisper, part(element, "whisper-hint")]) show(each, may);
    const [first, second] = whispersFirst ? [whisper, button] : [button, whisper];
    first.className = "strong wide";
    second.className = "quiet wide";
    if (first.nextElementSibling !== second) second.before(first);
    const alias = held?.as_guest?.holder ?? "";
    write(whisper, say(page, whispersFirst ? "notes.whisper_to" : "notes.whisper_save", { alias }));
    write(button, say(page, whispersFirst ? "notes.save_instead" : "notes.save"));
    write(part(element, "notes-by-key"), say(page, whispersFirst ? "notes.by_key_whisper" : may ? "notes.by_key_both" : "notes.by_key"));
  }

  /** @param {Unsaved} one */
  function unsavedLine(one) {
    const line = lineOf(`${shown} ${one.id}`);
    const failed = one.why !== "";
    mark(line, "id", one.id);
    mark(line, "failed", String(failed));
    show(part(line, "note-whisper"), one.whisper);
    write(part(line, "note-text"), one.text);
    writeOrHide(part(line, "note-state"), failed ? whyUnsaved(page, one.why) : say(page, "notes.saving"));
    show(part(line, "note-retry"), failed && one.retry);
    show(part(line, "note-edit"), failed);
    return line;
  }

  return {
    element,
    focus() {
      if (part(element, "notes-body").hidden) part(element, "notes-heading").focus();
      else field.focus();
    },
    /**
     * @param {Conversation | undefined} held
     * @param {Notes} notes
     */
    render(held, notes) {
      const now = [notes, held?.id, held?.phase, held?.readable, held === undefined || mayNote(held), held !== undefined && mayWhisper(held, notes)];
      if (now.every((one, at) => one === drawn[at])) return;
      drawn = now;
      const open = held !== undefined && isLive(held) && held.readable && mayNote(held);
      if (shown !== held?.id) {
        shown = held?.id;
        lines.clear();
      }
      write(part(element, "notes-heading"), held === undefined ? say(page, "notes.open") : say(page, "notes.heading", { n: held.number }));
      markHue(element, held?.number);
      writeOrHide(part(element, "notes-none"), open ? "" : say(page, whyNot(held)));
      show(part(element, "notes-body"), open);
      renderButtons(held, open, notes);
      if (field.value !== notes.draft) field.value = notes.draft;
      measure();
      const unsaved = notes.unsaved.map(unsavedLine).reverse();
      arrange(list, open ? [...unsaved, ...notes.entries.map(savedLine).reverse()] : []);
      show(part(element, "notes-empty"), notes.entries.length + notes.unsaved.length === 0);
    },
  };
}

/**
 * Why one is not saved.
 * @param {Page} page
 * @param {string} code
 */
export function whyUnsaved(page, code) {
  return say(page, WHY[code] ?? "notes.unsaved");
}

/** @param {Conversation | undefined} held */
function whyNot(held) {
  if (held === undefined) return "notes.none";
  if (held.phase === "ended") return "notes.over";
  if (held.phase === "lost") return "notes.lost";
  return mayNote(held) ? "notes.unreadable" : "notes.guest";
}
