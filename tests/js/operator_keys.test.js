// SPDX-License-Identifier: EUPL-1.2
// The keys of the console and the list of them are one table; the buttons of a conversation fit its column.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { listed } from "../../web/static/operator/help.js";
import { KEYS, PIECE_KEYS, pressOf, wishOf } from "../../web/static/operator/keys.js";
import { inTheBar } from "../../web/static/operator/toolbar.js";

const here = (path) => new URL(`../../web/${path}`, import.meta.url);
const read = (path) => readFileSync(here(path), "utf-8");
const templates = readdirSync(here("templates/staff")).filter((name) => name.startsWith("console"));
const console_ = templates.map((name) => read(`templates/staff/${name}`)).join("\n");
const granting = read("static/operator/granting.js");
const catalogues = (language) =>
  readdirSync(here(`locales/${language}`)).map((name) => read(`locales/${language}/${name}`)).join("\n");
const withAlt = (code) =>
  wishOf({ key: "", code, altKey: true, ctrlKey: false, metaKey: false, shiftKey: false, repeat: false, isComposing: false }, "composer");

test("every key of the table has one meaning, is granted, and stands in the list with its words", () => {
  const rows = listed({}).flatMap(({ rows }) => rows);
  assert.equal(rows.length, KEYS.length);
  const seen = new Set();
  for (const { press, does, wish, code } of KEYS) {
    assert.ok(rows.some((row) => row.does === does && row.press.join() === press.join()), does);
    for (const language of ["sv", "en"]) assert.match(catalogues(language), new RegExp(`msgid "${does}"\nmsgstr "\\S`), does);
    if (wish === undefined) continue;
    assert.deepEqual(withAlt(code), { wish });
    assert.match(granting, new RegExp(`case "${wish}":`));
    assert.ok(!PIECE_KEYS.has(code) && !seen.has(code), code);
    seen.add(code);
  }
});

test("a key of a piece is listed with how it is pressed, where it works, and what is used oftest first", () => {
  const groups = listed({ KeyG: { does: "g" }, Slash: { does: "s" }, KeyP: { does: "p", group: "everywhere" } });
  const rows = (name) => groups.find(({ group }) => group === name)?.rows ?? [];
  assert.deepEqual(rows("talk").at(0), { press: ["/"], does: "s" });
  assert.deepEqual(rows("talk").at(-1), { press: ["Alt", "G"], does: "g" });
  assert.deepEqual(rows("everywhere").at(-1), { press: ["Alt", "P"], does: "p" });
});

test("a button never names a key that does something else", () => {
  const known = new Set([...KEYS.map(({ press }) => press.join("+")), ...[...PIECE_KEYS].map((code) => pressOf(code).join("+"))]);
  const named = [...console_.matchAll(/aria-keyshortcuts="([^"]+)"/g)].flatMap(([, keys = ""]) => keys.split(" "));
  assert.ok(named.length > 6);
  for (const key of named) assert.ok(known.has(key), key);
});

test("a column has room for as many buttons as it is wide, and the rest is one press away", () => {
  const labels = [
    "Räck upp handen", "Svar och linjer", "Låt någon ta över", "Anteckningar", "Bjud in en kollega", "Skicka vidare", "Ord att känna igen er på",
  ];
  // 22: three columns on a screen of 1440. 43: one at 1024, beside the queue.
  assert.deepEqual([20, 22, 29, 33, 43, 61, 100].map((width) => inTheBar(labels, width)), [0, 1, 1, 2, 2, 3, 7]);
  assert.equal(inTheBar(["Skicka vidare"], 18), 1, "one alone needs no menu");
  assert.equal(inTheBar([], 22), 0);
});
