// SPDX-License-Identifier: EUPL-1.2
// What lies at hand at the console: finding a reply, filling it in, in which language; how old what is known may be.

import assert from "node:assert/strict";
import { test } from "node:test";

import { atHand, isWritable, serviceOf } from "../../web/static/operator/at_hand.js";
import { spaced } from "../../web/static/operator/putting_in.js";
import { entriesOf, filled, folded, found, otherLanguage, placesOf, preferred } from "../../web/static/operator/reply_search.js";
import { sentence } from "../../web/static/operator/sheet_lines.js";
import { fitting } from "../../web/static/operator/sheet_routine.js";

const reply = (id, sv, en) => ({
  id,
  words: { ...(sv && { sv: { title: sv[0], text: sv[1] } }), ...(en && { en: { title: en[0], text: en[1] } }) },
});
const TOLD = {
  own: "sv",
  languages: {
    sv: { tag: "sv", direction: "ltr", values: { service: "Linden", organisation: "Jouren" } },
    en: { tag: "en", direction: "ltr", values: { service: "The Linden", organisation: "Jouren" } },
  },
  replies: [
    reply("hello", ["Hälsning", "Hej, jag heter {alias} på {service}."], ["Greeting", "Hello, I am {alias} at {service}."]),
    reply("believe", ["Jag tror dig", "Det är inte ditt fel. Hälsa dig själv det."]),
    reply("opens", ["Vi öppnar", "Vi öppnar {opens}."]),
  ],
};
const titles = (language, query = "", alias = "Alva") => found(entriesOf(TOLD, language, alias), query).map(({ title }) => title);

test("a search needs neither accents nor capitals, and every word of it", () => {
  assert.equal(folded("HÄLSNING på é"), "halsning pa e");
  assert.deepEqual(titles("sv", "halsn"), ["Hälsning"]);
  assert.deepEqual(titles("sv", "DITT fel"), ["Jag tror dig"]);
  assert.deepEqual(titles("sv", "ditt hus"), []);
  assert.deepEqual(titles("sv", "   "), ["Hälsning", "Jag tror dig"]);
});

test("what has the word in its title comes before what has it in its text", () => {
  assert.deepEqual(titles("sv", "häls"), ["Hälsning", "Jag tror dig"]);
  assert.deepEqual(titles("sv", "hej"), ["Hälsning"]);
});

test("a reply comes in her language, and in the service's where it has none", () => {
  assert.deepEqual(titles("en"), ["Greeting", "Jag tror dig"]);
  assert.deepEqual(titles("sv-easy"), ["Hälsning", "Jag tror dig"]);
  assert.deepEqual(titles("ar"), ["Hälsning", "Jag tror dig"]);
  assert.deepEqual(entriesOf(TOLD, "ar", "Alva").map(({ hers }) => hers), [false, false, false]);
  assert.deepEqual(preferred("sv-easy", "sv"), ["sv-easy", "sv"]);
});

test("whoever searches in another language finds hers first, then the other, which says what it is", () => {
  assert.deepEqual(titles("en", "hälsning"), ["Greeting", "Hälsning"]);
  const [hers, other] = found(entriesOf(TOLD, "en", "Alva"), "halsning");
  assert.deepEqual([hers, other].map((entry) => otherLanguage(entry, "sv")), ["", "svenska"]);
  assert.equal(otherLanguage({ ...other, code: "no language" }, "sv"), "no language");
});

test("a line is found by name, number and sentence, in her language, below what fits as well; nobody meets it unasked", () => {
  const bris = { name: "Bris", address: "116 111", say: { sv: "Bris svarar på 116 111.", en: "Bris answers at 116 111." } };
  const all = (language) => [...entriesOf(TOLD, language, "Alva"), ...placesOf({ ...TOLD, lines: [bris] }, language)];
  const seen = (language, query) => found(all(language), query).map(({ text }) => text);
  assert.deepEqual(seen("sv", "bri"), ["Bris svarar på 116 111."]);
  assert.deepEqual(seen("en", "116"), ["Bris answers at 116 111."]);
  assert.deepEqual(seen("sv-easy", "116 bris"), ["Bris svarar på 116 111."]);
  assert.equal(seen("sv", "").length, 2);
  const [other] = found(all("ar"), "bris");
  assert.deepEqual([otherLanguage(other, "en"), other.place], ["Swedish", true]);
});

test("everything is filled in, and what cannot be filled now is not put forward", () => {
  assert.equal(entriesOf(TOLD, "en", "Alva")[0].text, "Hello, I am Alva at The Linden.");
  assert.deepEqual(titles("sv", "", ""), ["Jag tror dig"], "nobody has an alias");
  assert.equal(filled("Vi öppnar {opens}.", {}), null);
  assert.equal(filled("Vi öppnar {opens}.", { opens: "i morgon klockan 18:00" }), "Vi öppnar i morgon klockan 18:00.");
  assert.equal(filled("{constructor} {alias}", { alias: "Alva" }), null, "nothing reaches into the values");
});

test("a text that is put in does not stick to the word before it", () => {
  assert.equal(spaced("", 0, "Hej"), "Hej");
  assert.equal(spaced("Ja.", 3, "Hej"), " Hej");
  assert.equal(spaced("Ja.\n", 4, "Hej"), "Hej");
  assert.equal(spaced("Ja.", 0, "Hej"), "Hej");
});

test("a line is said in her language, its base, else the service's", () => {
  const line = { say: { sv: "Öppet nu.", "sv-easy": "Det är öppet.", en: "Open now." } };
  for (const [language, told] of [["en", "Open now."], ["sv-easy", "Det är öppet."], ["ar", "Öppet nu."], ["en-gb", "Open now."]]) {
    assert.equal(sentence(line, language, "sv"), told);
  }
});

test("the card that fits the alarm stands first, what is acute before what it is about", () => {
  const said = (more) => ({ type: "said", seq: 1, seen: more });
  const held = (entries, more = {}) => ({ acute: false, intake: null, entries, ...more });
  assert.deepEqual(fitting(undefined), []);
  assert.deepEqual(fitting(held([])), []);
  const honour = { danger: "concern", subject: "visitor", reason: "honour" };
  assert.deepEqual(fitting(held([said(honour)])), ["honour", "concern"]);
  assert.deepEqual(fitting(held([said(honour), said({ danger: "acute", subject: "visitor", reason: "weapon" })])), ["acute", "honour"]);
  assert.deepEqual(fitting(held([said({ danger: "acute", subject: "self", reason: "suicide" })])), ["self"]);
  assert.deepEqual(fitting(held([said({ danger: "concern", subject: "other", reason: "killing" })])), ["other"]);
  assert.deepEqual(fitting(held([], { intake: { age_band: "under_18" } })), ["children"]);
});

test("what is known is asked for again only when it has grown old, and one that failed keeps what it had", async () => {
  let [now, fails] = [0, false];
  const asked = [];
  const ask = (service) => {
    asked.push(service);
    return fails ? Promise.reject(new Error("away")) : Promise.resolve({ at: now });
  };
  let heard = 0;
  const known = atHand({ ask, now: () => now, heard: () => (heard += 1) });
  const settle = () => new Promise((done) => setImmediate(done));
  known.want("", 0);
  known.want("linden", 60_000);
  known.want("linden", 0);
  await settle();
  assert.deepEqual([asked, heard], [["linden"], 1], "one question is enough while it is on its way");
  now = 30_000;
  known.want("linden", 60_000);
  assert.equal(asked.length, 1);
  fails = true;
  known.want("linden", 15_000);
  await settle();
  assert.deepEqual(known.of("linden"), { told: { at: 0 }, at: 0, failed: true });
  now = 36_000;
  fails = false;
  known.want("linden", 60_000);
  await settle();
  assert.deepEqual(known.of("linden"), { told: { at: 36_000 }, at: 36_000, failed: false });
});

test("a guest has the replies of their own place, and nothing is put into what is over", () => {
  const services = [{ id: "linden" }, { id: "eken" }];
  const state = { duty: { services: ["eken"] } };
  assert.equal(serviceOf(state, services, { service: "linden" }), "linden");
  assert.equal(serviceOf(state, services, { service: "bron" }), "eken");
  assert.equal(serviceOf({ duty: { services: [] } }, services, undefined), "linden");
  assert.equal(serviceOf({ duty: { services: [] } }, [], undefined), "");
  assert.deepEqual(["open", "asking", "ending", "ended", "lost"].map((phase) => isWritable({ phase })), [true, true, false, false, false]);
  assert.equal(isWritable(undefined), false);
});
