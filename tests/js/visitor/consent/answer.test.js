// SPDX-License-Identifier: EUPL-1.2
// What a yes consists of, what it lacks, and what is on the wire.

import assert from "node:assert/strict";
import { test } from "node:test";

import { NOTHING, answerOf, due, going, lacking } from "../../../../web/static/visitor/consent/answer.js";
import { ITEMS, present } from "../../../../web/static/visitor/consent/draft.js";
import { START } from "../../../../web/static/visitor/consent/model.js";
import { PROPOSAL, after, item, looking, settle, tick, yesTo } from "./asking_her.js";

const [SOCIAL, POLICE] = PROPOSAL.offers;
const same = (words) => words;
const answer = (model, isYes = true, clean = same) => answerOf(model, isYes, "A", clean);

test("nothing is said for her: without a tick a yes is a no", () => {
  assert.deepEqual(Object.values(NOTHING).filter((value) => value !== false), [[]]);
  assert.deepEqual(going(looking()), []);
  const said = answer(looking());
  assert.deepEqual(said, { id: "A", proposal: 5, yes: [], content: null, out: false });
  assert.deepEqual(due({ ...START, answer: said }), { type: "answer", id: "A", proposal: 5, yes: [] });
  assert.equal(answer(START), null);
});

test("a yes has every consent of its own and no other", () => {
  const model = looking(...yesTo("social", "want", "contact"), settle("police", false));
  const { yes, content } = answer(model);
  assert.deepEqual(yes, [
    {
      receiver: "social",
      notice: "v-social",
      items: ["want", "contact"],
      secrecy: true,
      data: true,
      measure: false,
      police: false,
      identity: false,
      coordinate: false,
    },
  ]);
  assert.deepEqual(content, { want: "få veta mer", contact: { way: "code", times: "vardagar" } });
});

test("what no receiver gets is nowhere in the frame", () => {
  const said = JSON.stringify(answer(looking(...yesTo("social", "want"), ...yesTo("police", "relation"))));
  assert.match(said, /få veta mer/);
  assert.match(said, /partner/);
  for (const word of ["våras", "värre", "vardagar", "physical", "summary", "danger", "messages"]) {
    assert.doesNotMatch(said, new RegExp(word));
  }
});

test("a no carries nothing at all, whatever she had ticked", () => {
  const model = looking(...yesTo("social", ...ITEMS));
  const { id, proposal } = answer(model, false);
  assert.deepEqual(due(after(model, { type: "answer", answer: answer(model, false) })), { type: "answer", id, proposal, yes: [] });
});

test("each consent is needed, and none can stand for another", () => {
  const { draft } = looking();
  const whole = { ...NOTHING, items: ["want"], secrecy: true, data: true };
  assert.deepEqual(lacking(draft, SOCIAL, whole), []);
  assert.deepEqual(lacking(draft, SOCIAL, NOTHING), ["items"]);
  assert.deepEqual(lacking(draft, SOCIAL, { ...whole, secrecy: false }), ["secrecy"]);
  assert.deepEqual(lacking(draft, SOCIAL, { ...whole, data: false }), ["data"]);
  assert.deepEqual(lacking(draft, SOCIAL, { ...NOTHING, items: ["want"], measure: true, identity: true, police: true }), ["secrecy", "data"]);
  assert.deepEqual(lacking(draft, POLICE, whole), ["police"]);
  assert.deepEqual(lacking(draft, POLICE, { ...whole, police: true }), []);
});

test("who she is needs a yes of its own, and is never there unless she wrote it", () => {
  assert.equal(present(looking().draft).some((name) => name === "name" || name === "reach"), false);
  const edit = { type: "edit", change: { name: "Sam" } };
  const ticked = looking(edit, item("want"), item("name"), tick("secrecy"), tick("data"));
  assert.deepEqual(after(ticked, settle()).lacks, ["identity"]);
  const model = after(ticked, tick("identity"), settle());
  assert.equal(answer(model).yes[0].identity, true);
  assert.equal(answer(model).content.name, "Sam");
  // Ticked and then taken away again: the yes to it is no yes to anything.
  const without = answer(after(model, { type: "step", step: 1 }, item("name", "social", false), settle()));
  assert.equal(without.yes[0].identity, false);
  assert.equal("name" in without.content, false);
});

test("an item that is empty is not sent, though it was ticked", () => {
  const model = looking(...yesTo("social", "want", "summary", "forms", "messages", "contact"));
  const emptied = after(model, { type: "edit", change: { summary: "  \n", forms: [], messages: [], way: "" } });
  assert.deepEqual(answer(emptied).yes[0].items, ["want"]);
  assert.deepEqual(answer(emptied).content, { want: "få veta mer" });
  assert.deepEqual(answer(after(emptied, { type: "edit", change: { want: "" } })).yes, []);
});

test("what tells who she is is taken out of her words, but not of what she wrote to tell it", () => {
  const clean = (words) => words.replace("070", "[nummer]");
  const edit = { type: "edit", change: { want: "ring 070", times: "070", reach: "070" } };
  const model = looking(edit, ...yesTo("social", "want", "contact", "reach"), tick("identity"), settle());
  assert.deepEqual(answer(model, true, clean).content, {
    want: "ring [nummer]",
    contact: { way: "code", times: "[nummer]" },
    reach: "070",
  });
  const long = after(model, { type: "edit", change: { want: `070${"x".repeat(997)}` } });
  assert.equal(answer(long, true, clean).content.want.length, 1000);
});

test("a message that she leaves out is not among those that go", () => {
  const model = looking({ type: "edit", change: { messages: [4] } }, ...yesTo("social", "messages"));
  assert.deepEqual(answer(model).content, { messages: [4] });
});

test("only a receiver with police is told that she knows of them, only one that may coordinates", () => {
  const all = ["secrecy", "data", "measure", "police", "coordinate"];
  const said = ["social", "police"].flatMap((name) => [item("want", name), ...all.map((each) => tick(each, name)), settle(name)]);
  const { yes } = answer(looking(...said));
  assert.deepEqual(yes.map(({ police, coordinate, measure }) => [police, coordinate, measure]), [
    [false, true, true],
    [true, false, true],
  ]);
});
