// SPDX-License-Identifier: EUPL-1.2
// A text in pieces, what may be sent of it, and what was taken, in words.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cut, kindsTaken, masked, named, searcher, tellsWhere, without } from "../../../web/static/visitor/pieces.js";

const MASKS = { phone: "[telefonnummer]", address: "[adress]", iban: "[kontonummer]", account: "[kontonummer]" };
const say = (key) => ({ "kind.phone": "ett telefonnummer", "kind.address": "en adress", "kind.iban": "ett kontonummer",
  "kind.account": "ett kontonummer" })[key];

test("the pieces are all of the text, in order", () => {
  const text = "ring 0701234567 nu";
  const pieces = cut(text, [{ kind: "phone", start: 5, end: 15 }]);
  assert.deepEqual(pieces, [
    { kind: null, text: "ring " },
    { kind: "phone", text: "0701234567" },
    { kind: null, text: " nu" },
  ]);
  assert.equal(pieces.map((piece) => piece.text).join(""), text);
  assert.deepEqual(cut("", []), []);
  assert.deepEqual(cut("12", [{ kind: "phone", start: 0, end: 1 }, { kind: "address", start: 1, end: 2 }]).length, 2);
});

test("what she takes out has its mask in its place", () => {
  const pieces = cut("ring 070 på Gatan 1", [
    { kind: "phone", start: 5, end: 8 },
    { kind: "address", start: 12, end: 19 },
  ]);
  assert.equal(masked(pieces, MASKS), "ring [telefonnummer] på [adress]");
});

test("a kind without a mask leaves the browser no more than others", () => {
  assert.equal(masked(cut("abc", [{ kind: "new", start: 1, end: 2 }]), MASKS), "a[…]c");
});

test("what the server took is read from what it stored", () => {
  assert.deepEqual(kindsTaken("ring 070", "ring [telefonnummer]", MASKS), ["phone"]);
  assert.deepEqual(kindsTaken("[adress] 070", "[adress] [telefonnummer]", MASKS), ["phone"]);
  assert.equal(kindsTaken("SE45", "[kontonummer]", MASKS).length, 1);
  assert.deepEqual(kindsTaken("ring 070", "ring [puhelinnumero]", MASKS), ["other"]);
});

test("an address and a postcode tell where she is", () => {
  assert.deepEqual(["address", "postcode", "phone"].map((kind) => tellsWhere([kind])), [true, true, false]);
});

test("kinds are named once each, as a list in the language", () => {
  assert.equal(named(say, ["phone"], "sv"), "ett telefonnummer");
  assert.equal(named(say, ["phone", "address", "phone"], "sv"), "ett telefonnummer och en adress");
  assert.equal(named(say, ["iban", "account"], "sv"), "ett kontonummer");
});

/** Finds every run of digits, and takes any word `[adress]` for a name. */
const find = (text) =>
  [...text.matchAll(/[0-9]+|adress/g)].map(({ 0: found, index }) => ({
    kind: found === "adress" ? "name" : found.length > 2 ? "phone" : "iban",
    start: index,
    end: index + found.length,
  }));

test("only what the service looks for is asked about, and a mask is nothing to find", () => {
  const text = "070 och 12 på [adress] adress";
  assert.deepEqual(searcher(find, ["phone", "name"], MASKS)(text).map(({ start }) => start), [0, 23]);
});

test("what is seen only when its neighbour is gone is taken out too, and it ends", () => {
  const next = (text) => (text.startsWith("1") ? [{ kind: "phone", start: 0, end: 1 }]
    : text.startsWith("[telefonnummer]2") ? [{ kind: "phone", start: 15, end: 16 }] : []);
  assert.equal(without("12", searcher(next, ["phone"], MASKS), MASKS), "[telefonnummer][telefonnummer]");
  const ever = () => [{ kind: "phone", start: 0, end: 0 }];
  assert.ok(without("", searcher(ever, ["phone"], {}), {}).length < 20);
});
