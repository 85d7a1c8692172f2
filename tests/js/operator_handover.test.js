// SPDX-License-Identifier: EUPL-1.2
// What the draft of a handover may hold, what is missing in it, and what is sent.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  BLANK, LONGEST, MOST_MESSAGES, contentOf, draftOf, handled, isBlank, isUnsaved, problems, toSend, untouched,
} from "../../web/static/operator/handover.js";
import { itemsShown, lengthShown, problemShown, wrongShown } from "../../web/static/operator/handover_words.js";

const entry = (seq, from, text, fields = {}) => ({ key: `seq-${seq}`, type: "said", seq, from, text, receivers: [], ...fields });
const LOG = [
  entry(1, null, "", { type: "joined" }), entry(2, "visitor", "Hej"), entry(3, "operator", "Hej du"),
  entry(4, "visitor", "Han slog mig"), entry(5, "service", "Vi stänger snart"), entry(null, "operator", "på väg"),
];
const receiver = (id, fields = {}) => ({ id, name: id, organisation: "o", hours: "h", police: false, notice: ["text"], why: "", ...fields });
const KNOWN = { receivers: [receiver("a"), receiver("b"), receiver("shut", { why: "Inget avtal." })], lines: [] };
const READY = { ...BLANK, want: "Hjälp", purpose: "Att få hjälp", receivers: ["a"] };
const codes = (draft, known = KNOWN) => problems(draft, LOG, known).map(({ field, code }) => `${field} ${code}`);
const after = (...hands) => hands.reduce(handled, untouched());
const page = {
  language: "sv", account: "anna", services: [], masks: [],
  texts: {
    "her.item.want": "Vill", "her.item.forms": "Slag", "her.item.messages": "Ord", "her.item.contact": "Nås", "her.item.times": "När",
    "her.form.physical": "Slår", "her.form.digital": "I telefonen", "her.way.code": "Med koden", "her.message.visitor": "Du skrev",
    "her.message.operator": "Vi skrev", "her.item.danger": "Hur farligt", "her.item.danger.perpetrator": "Vad jag är rädd att göra",
    "wrong.incomplete": "Något saknas.", "wrong.rate": "Vänta.",
    "hand.length": "%(n)s av %(of)s", "problem.too_long": "Högst %(of)s.", "wrong.identity": "Ett nummer.",
    "wrong.too_much": "För mycket.", "wrong.not_now": "Inte nu.", "wrong.answered": "Inte kvar.",
  },
};

test("an empty draft lacks an item, why and to whom, in the order of the panel", () => {
  assert.deepEqual(codes(BLANK), ["want no_item", "purpose no_purpose", "receivers no_receiver"]);
  assert.deepEqual(codes({ ...BLANK, want: " \n", purpose: " " }), codes(BLANK));
});

test("one item, a purpose and a receiver are enough, whichever item it is", () => {
  assert.deepEqual(codes(READY), []);
  const items = { forms: ["digital"], relation: "honour", children: "no", called_112: "unsure", way: "none", messages: [2] };
  for (const [field, value] of Object.entries(items)) {
    assert.deepEqual(codes({ ...READY, want: "", [field]: value }), [], field);
  }
});

test("times alone are no item: there is no way that they belong to", () => {
  assert.deepEqual(codes({ ...READY, want: "", times: "vardagar" }), ["want no_item"]);
});

test("each text has the server's limit, counted in code points and without what is trimmed", () => {
  for (const [field, most] of Object.entries(LONGEST)) {
    assert.deepEqual(codes({ ...READY, [field]: ` ${"😀".repeat(most)} ` }).filter((code) => code.endsWith("too_long")), [], field);
    assert.deepEqual(codes({ ...READY, [field]: "å".repeat(most + 1) }), [`${field} too_long`]);
  }
});

test("a length is told from nine tenths, and beyond the limit how many characters must go", () => {
  assert.deepEqual(lengthShown(page, "times", "a".repeat(180)), { text: "", over: false });
  assert.deepEqual(lengthShown(page, "times", "a".repeat(181)), { text: "181 av 200", over: false });
  // Five code points that a person sees as one character.
  assert.deepEqual(lengthShown(page, "times", `${"a".repeat(200)}👩‍👩‍👧`), { text: "201 av 200", over: true });
});

test("more than one frame takes is told at the messages, or where there are none at the summary", () => {
  const long = Array.from({ length: 12 }, (_, at) => entry(10 + at, "visitor", "å".repeat(1000)));
  const draft = { ...READY, messages: long.map(({ seq }) => seq) };
  assert.deepEqual(problems(draft, long, KNOWN), [{ field: "messages", code: "too_much" }]);
  assert.deepEqual(problems({ ...draft, messages: [10, 11] }, long, KNOWN), []);
  const wordy = { receivers: [receiver("a", { notice: ["å".repeat(12_000)] })], lines: [] };
  assert.deepEqual(codes(READY, wordy), ["summary too_much"]);
});

test("at most six receivers, and none that is shut by now", () => {
  const many = { receivers: "abcdefg".split("").map((id) => receiver(id)), lines: [] };
  assert.deepEqual(codes({ ...READY, receivers: "abcdefg".split("") }, many), ["receivers many_receivers"]);
  assert.deepEqual(codes({ ...READY, receivers: "abcdef".split("") }, many), []);
  assert.deepEqual(codes({ ...READY, receivers: ["a", "shut"] }), ["receivers shut_receiver"]);
});

test("messages of both sides go along in the order of the log; nothing else can", () => {
  const { messages } = contentOf({ ...BLANK, messages: [4, 3, 2, 5, 1, 99] }, LOG);
  assert.deepEqual(messages, [
    { seq: 2, by: "visitor", text: "Hej" }, { seq: 3, by: "operator", text: "Hej du" },
    { seq: 4, by: "visitor", text: "Han slog mig" },
  ]);
});

test("what is sent has no item that is empty, and every text trimmed", () => {
  assert.deepEqual(toSend({ ...READY, want: " Hjälp ", summary: "  ", times: "kväll", messages: [4, 2] }), {
    want: "Hjälp", messages: [2, 4], purpose: "Att få hjälp", receivers: ["a"],
  });
  assert.deepEqual(toSend({ ...READY, way: "code", times: " kväll " }).contact, { way: "code", times: "kväll" });
  assert.deepEqual(toSend({ ...READY, way: "none", times: "kväll" }).contact, { way: "none" });
  assert.deepEqual(toSend({ ...READY, forms: ["digital", "physical"] }).forms, ["physical", "digital"]);
});

test("a question leads back to the draft that it came from", () => {
  const draft = { ...READY, forms: ["physical"], way: "chat", times: "nu", messages: [2, 4], children: "yes" };
  const offers = [{ receiver: "a", name: "A", organisation: "o", hours: "h" }];
  const proposal = { content: contentOf(draft, LOG), offers, purpose: draft.purpose, asked_by: "Kim" };
  assert.deepEqual(draftOf(proposal), draft);
  assert.deepEqual(toSend(draftOf(proposal)), toSend(draft));
});

test("a tick is taken away by another, and a twenty-first message is not taken", () => {
  const tick = { do: "tick", field: "forms", value: "latent" };
  assert.deepEqual(after(tick).draft.forms, ["latent"]);
  assert.deepEqual(after(tick, tick).draft.forms, []);
  const all = Array.from({ length: MOST_MESSAGES + 1 }, (_, seq) => ({ do: "message", seq }));
  assert.equal(after(...all).draft.messages.length, MOST_MESSAGES);
  assert.deepEqual(after({ do: "message", seq: 7 }, { do: "message", seq: 7 }).draft.messages, []);
});

test("closing and opening keep the draft, and lead back to it from the preview", () => {
  const closed = after({ do: "open" }, { do: "write", field: "want", text: "Hjälp" }, { do: "preview" }, { do: "close" });
  assert.deepEqual([closed.open, closed.step, closed.draft.want], [false, "draft", "Hjälp"]);
  assert.equal(handled(closed, { do: "open" }).open, true);
});

test("what was refused in a field is told until that field is written in", () => {
  const held = { ...untouched(), wrong: { field: "summary", code: "identity", text: "" } };
  assert.notEqual(handled(held, { do: "write", field: "want", text: "x" }).wrong, null);
  assert.equal(handled(held, { do: "write", field: "summary", text: "x" }).wrong, null);
});

test("a draft is unsaved until it has been asked, and again when it is changed", () => {
  assert.equal(isUnsaved(undefined), false);
  assert.equal(isUnsaved(untouched()), false);
  const written = after({ do: "write", field: "want", text: "Hjälp" });
  assert.equal(isUnsaved(written), true);
  const asked = handled(written, { do: "ask", id: "x" });
  assert.equal(isUnsaved(asked), false);
  assert.equal(isUnsaved(handled(asked, { do: "write", field: "want", text: "Mer" })), true);
  assert.equal(isBlank({ ...BLANK, want: " \n" }), true);
});

test("items are shown in the order and the words of her page", () => {
  const draft = { ...BLANK, want: "Hjälp", forms: ["digital", "physical"], messages: [2, 3], way: "code", times: "kväll" };
  assert.deepEqual(itemsShown(page, contentOf(draft, LOG), "exposed", "Alva"), [
    { item: "want", label: "Vill", texts: ["Hjälp"] },
    { item: "forms", label: "Slag", texts: ["Slår", "I telefonen"] },
    { item: "messages", label: "Ord", texts: ["Du skrev: Hej", "Vi skrev: Hej du"] },
    { item: "contact", label: "Nås", texts: ["Med koden"] },
    { item: "times", label: "När", texts: ["kväll"] },
  ]);
  assert.deepEqual(itemsShown(page, {}, "exposed", "Alva"), []);
});

test("an item has the words of her track where there are some, and else those of all", () => {
  const label = (track) => itemsShown(page, { danger: "Mycket" }, track, "Alva")[0].label;
  assert.deepEqual(["exposed", "perpetrator", ""].map(label), ["Hur farligt", "Vad jag är rädd att göra", "Hur farligt"]);
  assert.equal(itemsShown(page, { want: "Hjälp" }, "perpetrator", "Alva")[0].label, "Vill");
});

test("problems and refusals have words of this panel; others keep the server's", () => {
  assert.equal(problemShown(page, { field: "want", code: "too_long" }), "Högst 1000.");
  const shown = (field, code) => wrongShown(page, { field, code, text: "serverns" });
  assert.equal(wrongShown(page, null), "");
  assert.equal(shown("want", "identity"), "Ett nummer.");
  assert.equal(shown("", "too_long"), "För mycket.");
  assert.equal(shown("", "bad_frame"), "Något saknas.");
  assert.equal(shown("", "rate"), "Vänta.");
  assert.equal(shown("", "not_now"), "Inte nu.");
  assert.equal(shown("question", "not_now"), "Inte kvar.");
  assert.equal(shown("", "not_allowed"), "serverns");
});
