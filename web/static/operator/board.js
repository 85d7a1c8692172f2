// SPDX-License-Identifier: EUPL-1.2
// Keeps the supervisor's board fresh: asks for the figures every few seconds and writes them into the table.
// Without this script the page reloads itself.

import { part, write } from "./dom.js";

const EVERY_MS = 5000;
const PATIENCE_MS = 4000;

/** @typedef {{service: string, cells: Record<string, string>, alert: boolean}} Row */
/** @typedef {{rows: Row[], at: string}} Board */

/** @param {Board} board */
function draw(board) {
  for (const row of board.rows) {
    const line = document.getElementById(`service-${row.service}`);
    if (line === null) continue;
    for (const [name, text] of Object.entries(row.cells)) write(part(line, name), text);
    line.dataset["alert"] = String(row.alert);
  }
  write(part(document, "at"), board.at);
}

async function refresh() {
  try {
    const answer = await fetch("/supervisor/board" + location.search, {
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.status === 401 || answer.status === 403) {
      location.reload();
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    draw(await answer.json());
    part(document, "stale").hidden = true;
  } catch {
    part(document, "stale").hidden = false;
  }
  setTimeout(refresh, EVERY_MS);
}

setTimeout(refresh, EVERY_MS);
