// SPDX-License-Identifier: EUPL-1.2
// Keeps the supervisor's board fresh: asks for the figures every few seconds while somebody can see them, now
// and then behind another tab, and writes them into the table, with which sanctions are in force and which
// handovers have been left lying. How many calls cannot wait stands in the title, to be seen from elsewhere.
// Without this script the page reloads itself.

import { arrange, clone, mark, part, partOf, show, write, writeOrHide } from "./dom.js";
import { narrowing } from "./narrowing.js";
import { keepFresh } from "./polling.js";

const EVERY_MS = 5000;
const UNSEEN_MS = 20000;
const PATIENCE_MS = 4000;

/** @typedef {{service: string, cells: Record<string, string>, alert: boolean, busy: boolean, alone: boolean}} Row */
/** @typedef {{id: string, cells: Record<string, string>, label: string}} Sanction */
/** @typedef {{unit: string, waits: string, left: string, address: string, urgent: boolean}} Late */
/** @typedef {{late: Late[], calm: string}} Handed */
/** @typedef {{text: string, since: string, kind: string, urgent: boolean, href: string}} Call */
/** @typedef {{rows: Row[], alerts: Call[], sanctions: Sanction[], handed: Handed, at: string}} Board */

/** @type {Map<string, HTMLElement>} */
const drawn = new Map();
for (const line of document.querySelectorAll("main [data-sanction]")) {
  if (line instanceof HTMLElement) drawn.set(line.dataset["sanction"] ?? "", line);
}

/** @param {Sanction} sanction */
function lineOf(sanction) {
  const line = drawn.get(sanction.id) ?? clone("sanction");
  drawn.set(sanction.id, line);
  mark(line, "sanction", sanction.id);
  for (const [name, text] of Object.entries(sanction.cells)) write(part(line, name), text);
  partOf(line, "id", HTMLInputElement).value = sanction.id;
  part(line, "lift").setAttribute("aria-label", sanction.label);
  return line;
}

/** @param {readonly Sanction[]} sanctions */
function drawSanctions(sanctions) {
  const root = part(document, "sanctions");
  const list = part(root, "sanction-list");
  const held = list.contains(document.activeElement);
  arrange(list, sanctions.map(lineOf));
  const ids = new Set(sanctions.map((sanction) => sanction.id));
  for (const id of [...drawn.keys()]) if (!ids.has(id)) drawn.delete(id);
  show(root, sanctions.length > 0);
  // One that ended by itself must not hand the focus to the button of the next.
  if (held && !list.contains(document.activeElement) && sanctions.length > 0) part(root, "sanctions-heading").focus();
}

/** @param {readonly Call[]} calls what calls for a supervisor; a line that says the same is not touched */
function drawCalls(calls) {
  const list = part(document, "call-list");
  const kept = [...list.querySelectorAll("li")];
  const lines = calls.map((call) => {
    const same = kept.findIndex((line) => line.querySelector("[data-part=call-text]")?.textContent === call.text);
    const line = same === -1 ? clone("call") : /** @type {HTMLElement} */ (kept.splice(same, 1)[0]);
    const link = partOf(line, "call-text", HTMLAnchorElement);
    write(link, call.text);
    if (call.href === "") link.removeAttribute("href");
    else link.setAttribute("href", call.href);
    write(part(line, "call-since"), call.since);
    mark(line, "kind", call.kind);
    mark(line, "urgent", String(call.urgent));
    return line;
  });
  arrange(list, lines);
  show(part(document, "call-none"), calls.every((call) => call.kind === "shift"));
  const urgent = calls.filter((call) => call.urgent).length;
  const title = document.title.replace(/^\(\d+\) /, "");
  document.title = urgent > 0 ? `(${urgent}) ${title}` : title;
}

/** @param {Handed} handed what has been left lying */
function drawHanded(handed) {
  const root = part(document, "handed");
  const list = part(root, "late-list");
  const kept = [...list.querySelectorAll("li")];
  const lines = handed.late.map((unit, place) => {
    const line = kept[place] ?? clone("late");
    for (const name of /** @type {const} */ (["unit", "waits", "left"])) write(part(line, name), unit[name]);
    writeOrHide(part(line, "address"), unit.address);
    mark(line, "urgent", String(unit.urgent));
    return line;
  });
  arrange(list, lines);
  show(part(root, "late-text"), lines.length > 0);
  writeOrHide(part(root, "calm"), handed.calm);
  show(root, lines.length > 0 || handed.calm !== "");
}

/** @param {Board} board */
function draw(board) {
  const lines = board.rows.flatMap((row) => {
    const line = document.getElementById(`service-${row.service}`);
    if (line === null) return [];
    for (const [name, text] of Object.entries(row.cells)) write(part(line, name), text);
    mark(line, "alert", String(row.alert));
    mark(line, "busy", String(row.busy));
    mark(line, "alone", String(row.alone));
    return [line];
  });
  if (lines.length > 0) arrange(part(document, "rows"), lines);
  narrow();
  drawCalls(board.alerts);
  drawSanctions(board.sanctions);
  drawHanded(board.handed);
  write(part(document, "at"), board.at);
}

/** @returns {Promise<boolean>} false where the board could not be asked for */
async function ask() {
  try {
    const answer = await fetch("/supervisor/board" + location.search, {
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.status === 401 || answer.status === 403) {
      location.reload();
      return false;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    draw(await answer.json());
    return true;
  } catch {
    return false;
  }
}

const narrow = narrowing(document);
const fresh = keepFresh({
  ask,
  told: (fine) => show(part(document, "stale"), !fine),
  every: EVERY_MS,
  unseen: UNSEEN_MS,
  seen: () => document.visibilityState === "visible",
  after: (run, ms) => setTimeout(run, ms),
  forget: (timer) => clearTimeout(timer),
});
document.addEventListener("visibilitychange", fresh.look);
addEventListener("online", fresh.look);

// What was lifted is told once: a page that is loaded again does not tell it again.
const lifted = document.querySelector("[data-part=lifted]");
if (lifted instanceof HTMLElement) {
  const address = new URL(location.href);
  address.searchParams.delete("lifted");
  history.replaceState(null, "", address);
  lifted.focus();
}
