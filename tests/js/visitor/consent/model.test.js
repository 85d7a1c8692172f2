// SPDX-License-Identifier: EUPL-1.2
// From the question to the code: what is on the wire, what is kept, and what is let go of.

import assert from "node:assert/strict";
import { test } from "node:test";

import { NOTHING, answerOf, due } from "../../../../web/static/visitor/consent/answer.js";
import { asked } from "../../../../web/static/visitor/consent/asked.js";
import { cards } from "../../../../web/static/visitor/consent/cards.js";
import { START, reduce } from "../../../../web/static/visitor/consent/model.js";
import { screenOf } from "../../../../web/static/visitor/consent/sheet.js";
import { namesOf, sayFor } from "../../../../web/static/visitor/consent/words.js";
import { CONTENT, PROPOSAL, after, answered, entries, item, looking, proposed, settle, takenBack, tick, yesTo } from "./asking_her.js";

const sends = (model, isYes = true, id = "A") => ({ type: "answer", answer: answerOf(model, isYes, id, (words) => words) });
const CODE = { type: "code", words: "ett två tre fyra fem sex" };
const WELCOME = { type: "welcome" };
const refused = (code, id = "A") => ({ type: "refused", id, code });
const ready = () => looking(...yesTo("social", "want"), settle("police", false));
/** Her yes is on its way, with its code. */
function sending() {
  const model = ready();
  return after(model, sends(model), { type: "sent", what: "code" }, CODE, { type: "sent", what: "answer" });
}
const edit = (change) => ({ type: "edit", change });

test("a question waits in the log until she looks", () => {
  const model = reduce(START, entries(proposed(5)));
  assert.equal(screenOf(model), null);
  assert.equal(screenOf(reduce(model, { type: "look" })), "5 0 ");
  assert.deepEqual(model.wishes, {});
});

test("each receiver is a screen, and a yes that lacks something stays on it", () => {
  let model = looking({ type: "step", step: 1 }, settle());
  assert.deepEqual([model.step, model.lacks], [1, ["items"]]);
  model = after(model, item("want"));
  assert.deepEqual(model.lacks, []);
  model = after(model, settle());
  assert.deepEqual([model.step, model.lacks], [1, ["secrecy", "data"]]);
  model = after(model, tick("secrecy"));
  assert.deepEqual(model.lacks, ["data"]);
  assert.equal(after(model, tick("data"), settle()).step, 2);
});

test("nothing to a receiver takes every tick for it away", () => {
  const model = looking(...yesTo("social", "want"), settle("social", false));
  assert.deepEqual(model.wishes.social, NOTHING);
});

test("what she has done is kept when she goes back to the chat", () => {
  const model = looking(edit({ want: "annat" }), ...yesTo("social", "want"), { type: "back" });
  assert.equal(screenOf(model), null);
  const again = reduce(model, { type: "look" });
  assert.equal(again.draft.want, "annat");
  assert.deepEqual(again.wishes.social.items, ["want"]);
  assert.equal(again.step, model.step);
});

test("the code comes first, then the answer with it, once", () => {
  let model = ready();
  assert.equal(due(model), null);
  model = reduce(model, sends(model));
  assert.deepEqual(due(model), { type: "code" });
  model = reduce(model, { type: "sent", what: "code" });
  assert.equal(due(model), null);
  model = reduce(model, CODE);
  const frame = due(model);
  assert.deepEqual([frame.type, frame.id, frame.code], ["answer", "A", CODE.words]);
  model = reduce(model, { type: "sent", what: "answer" });
  assert.equal(due(model), null);
});

test("after a lost connection the very same answer goes again", () => {
  const before = sending();
  const first = due({ ...before, wire: null });
  const model = after(before, { type: "back" }, WELCOME);
  assert.deepEqual(due(model), first);
  // Lost between the two: another code would be another yes.
  const between = after(ready(), sends(ready()), { type: "sent", what: "code" }, WELCOME);
  assert.deepEqual(due(between), { type: "code" });
  assert.equal(after(between, CODE, { type: "code", words: "en annan" }).code, CODE.words);
  // A second press while it is on its way changes nothing.
  assert.equal(reduce(model, sends(model, true, "B")).answer.id, "A");
  assert.equal(reduce(model, sends(model, false, "B")).answer.id, "A");
});

test("an answered yes shows its code until she has it, and then it is nowhere", () => {
  const model = after(sending(), entries(proposed(5), answered(6, ["SOCIAL"], "A")));
  assert.deepEqual(model.learning, { seq: 5, receivers: ["SOCIAL"], words: CODE.words, unsure: false, known: false });
  assert.equal(screenOf(model), "code");
  const shut = after(model, { type: "back" }, { type: "look" });
  assert.equal(shut.learning.words, CODE.words);
  const known = reduce(shut, { type: "know", known: true });
  assert.equal(screenOf(known), "code known");
  assert.equal(screenOf(reduce(known, { type: "know", known: false })), "code");
  assert.equal(screenOf(after(known, { type: "back" }, { type: "look" })), "code");
  const learnt = reduce(known, { type: "learnt" });
  assert.doesNotMatch(JSON.stringify(learnt), /ett två/);
  assert.equal(screenOf(learnt), null);
});

test("an answered no closes everything", () => {
  const model = looking();
  const no = after(model, sends(model, false), { type: "back" }, { type: "sent", what: "answer" });
  const { base, draft, ...rest } = after(no, entries(proposed(5), answered(6, [], "A")));
  assert.deepEqual({ ...START, ...rest }, { ...START, answered: true });
  assert.deepEqual([base, draft], [model.base, model.draft]);
});

test("what she left out and changed is not asked for anew in a question after her answer", () => {
  const mine = { want: "mitt", summary: "mitt", relation: "", forms: [], messages: [4], name: "Sam", reach: "070" };
  const before = looking(edit(mine), ...yesTo("social", "want"), settle("police", false));
  const said = after(before, sends(before), { type: "sent", what: "code" }, CODE, { type: "sent", what: "answer" });
  const first = [proposed(5), answered(6, ["SOCIAL"], "A")];
  const learnt = after(said, entries(...first), { type: "know", known: true }, { type: "learnt" });
  const content = { ...CONTENT, summary: "något annat", messages: [CONTENT.messages[0]] };
  const next = after(learnt, entries(...first, proposed(7, { content })));
  const { want, summary, relation, forms, messages, name, reach } = next.draft;
  assert.deepEqual({ want, summary, relation, forms, messages, name, reach }, {
    ...{ want: "mitt", summary: "något annat", relation: "", forms: [], messages: [] },
    ...{ name: "", reach: "" },
  });
  assert.deepEqual(next.wishes, {});
  // Also where the one between did not have that message.
  const without = [...first, proposed(7, { content: { want: "x" } }), takenBack(8)];
  const last = after(learnt, entries(...without.slice(0, 3)), entries(...without), entries(...without, proposed(9)));
  assert.deepEqual(last.draft.messages, [4]);
  // What she put back is back.
  const back = after(last, edit({ messages: [3, 4] }), entries(...without, proposed(9), proposed(10)));
  assert.deepEqual(back.draft.messages, [3, 4]);
});

test("a message of an operator's has the alias of who said it", () => {
  const joined = (seq, alias) => ({ ...proposed(seq), kind: "joined", text: alias, frame: undefined });
  const who = (...all) => asked(all)[0].proposal.content.messages.map(({ alias }) => alias);
  assert.deepEqual(who(joined(1, "Bo"), joined(4.5, "Alva"), proposed(5)), ["Bo", "Bo"]);
  assert.deepEqual(who(joined(1, "Bo"), joined(3.5, "Alva"), proposed(5)), ["Bo", "Alva"]);
  assert.deepEqual(who(proposed(5)), ["Alva", "Alva"]);
});

test("who uses violence is asked in words of their own, and else in the same", () => {
  const texts = { a: "hennes", "a.perpetrator": "hans", b: "bådas" };
  const say = (key) => texts[key] ?? key;
  const say2 = sayFor(say, "perpetrator");
  assert.deepEqual([say2("a"), say2("b"), say2("c"), sayFor(say, "exposed")("a"), sayFor(say)("a")], ["hans", "bådas", "c", "hennes", "hennes"]);
});

test("a refusal loses nothing; the same again when that can help, else another answer", () => {
  const told = after(sending(), refused("unavailable"));
  assert.equal(told.trouble, "unavailable");
  assert.equal(due(told), null);
  const again = due(reduce(told, { type: "again" }));
  assert.deepEqual([again.id, again.code], ["A", CODE.words]);
  const changed = after(told, edit({ want: "nytt" }));
  assert.deepEqual([changed.answer, changed.trouble], [null, null]);
  const anew = after(changed, sends(changed, true, "B"));
  assert.deepEqual([due(anew).id, due(anew).code], ["B", CODE.words]);
  assert.equal(after(sending(), refused("conflict", "X")).trouble, null);
  const asking = after(ready(), sends(ready()), { type: "sent", what: "code" });
  assert.equal(after(asking, refused("unavailable", undefined)).trouble, "unavailable");
});

test("taken back while she reads: told, nothing sent, her words kept for the next question", () => {
  const model = after(looking(edit({ want: "mitt", name: "Sam" })), entries(proposed(5), takenBack(6)));
  assert.equal(screenOf(model), "gone");
  const next = after(model, { type: "back" }, entries(proposed(5), takenBack(6), proposed(7)));
  assert.deepEqual([next.draft.want, next.draft.name, next.draft.summary], ["mitt", "Sam", CONTENT.summary]);
  assert.equal(screenOf(next), null);
});

test("a new question while she reads keeps her words where the item still exists, and no tick", () => {
  const model = looking(edit({ want: "mitt", summary: "mitt", danger: "mitt", messages: [4] }), ...yesTo("social", "want"));
  const content = { want: "deras", summary: "deras", messages: [...CONTENT.messages, { seq: 9, by: "visitor", text: "ny" }] };
  const next = after(model, entries(proposed(5), proposed(7, { content })));
  assert.deepEqual([next.draft.want, next.draft.summary, next.draft.danger], ["mitt", "mitt", ""]);
  assert.deepEqual(next.draft.messages, [4, 9]);
  assert.deepEqual(next.wishes, {});
  assert.deepEqual([next.news, next.step, next.question.seq], ["replaced", 0, 7]);
  // What she had not changed follows the question.
  const unchanged = after(looking(), entries(proposed(5), proposed(7, { content })));
  assert.equal(unchanged.draft.summary, "deras");
});

test("entries that come again change nothing", () => {
  const model = looking(edit({ want: "mitt" }), ...yesTo("social", "want"));
  assert.equal(reduce(model, entries(proposed(5))), model);
  const replayed = after(START, entries(proposed(5), answered(6, ["SOCIAL"], "A")));
  assert.deepEqual([replayed.question, replayed.open, replayed.learning], [null, false, null]);
});

test("over is over, but a code that may be hers is not thrown away", () => {
  assert.deepEqual(reduce(looking(edit({ want: "mitt" })), { type: "over" }), START);
  const unsure = reduce(sending(), { type: "over" });
  assert.deepEqual(unsure.learning, { seq: null, receivers: [], words: CODE.words, unsure: true, known: false });
  assert.equal(screenOf(unsure), "code");
  const known = after(sending(), entries(proposed(5), answered(6, ["SOCIAL"], "A")), { type: "over" }, { type: "over" });
  assert.equal(known.learning.words, CODE.words);
  assert.deepEqual(reduce(known, { type: "forget" }), START);
  // Never on the wire: it was not sent, and there is nothing to learn.
  assert.deepEqual(after(ready(), sends(ready()), CODE, { type: "over" }), START);
});

test("each question has one fate", () => {
  const all = [proposed(1), proposed(2), takenBack(3), takenBack(4), proposed(5), answered(6, [], "A"), answered(7, ["X"], "B"), proposed(8)];
  assert.deepEqual(asked(all).map(({ seq, fate }) => [seq, fate]), [[1, "replaced"], [2, "taken_back"], [5, "answered"], [8, "open"]]);
  assert.deepEqual(asked([answered(1, ["X"], "A"), takenBack(2)]), []);
});

const say = (key) => key;

test("the log shows the open question and how the others went", () => {
  const all = [proposed(1), takenBack(2), proposed(3), answered(4, [], "A"), proposed(5), answered(6, ["X", "Y"], "B"), proposed(7)];
  const state = { phase: "active", entries: all };
  const shown = (model, over = {}) => [...cards({ ...state, ...over }, model, "sv", say).values()].map(({ text, acts }) => [text, acts]);
  const closed = [["", null], ["", null], ["", null], ["declined", null], ["", null], ["sent", null]];
  assert.deepEqual(shown(START), [...closed, ["asked.more", "ask"]]);
  assert.deepEqual(shown(START, { phase: "over" }).at(-1), ["asked.over.more", null]);
  const answer = { id: "A", proposal: 7, yes: [], content: null, out: true };
  assert.deepEqual(shown({ ...START, answer }).at(-1), ["asked.sending", null]);
  assert.deepEqual(shown({ ...START, answer, trouble: "unavailable" }).at(-1), ["asked.trouble", "ask"]);
  const first = (...some) => [...cards({ ...state, entries: some }, START, "sv", say).values()].at(-1);
  assert.equal(first(proposed(1)).text, "asked");
  assert.equal(first(proposed(1), takenBack(2)).text, "taken_back");
  assert.equal(first(...all, takenBack(8)).text, "taken_back.more");
  const no = first(...all, answered(8, [], "C"));
  assert.deepEqual([no.text, no.values.receivers], ["declined.more", "X och Y"]);
  const learning = { seq: 5, receivers: ["X"], words: "a", unsure: false };
  assert.deepEqual(shown({ ...START, learning }).at(-2), ["sent", "code"]);
  assert.equal([...cards(state, START, "sv", say).values()].at(-2).values.receivers, "X och Y");
  assert.equal(PROPOSAL.asked_by, [...cards(state, START, "sv", say).values()].at(-1).values.alias);
});

test("she is told who would know, by name: two of them, and that there are more", () => {
  const named = (...names) => namesOf(say, "sv", { offers: names.map((name) => ({ name })) });
  assert.deepEqual([named("A"), named("A", "B"), named("A", "B", "C")], ["A", "A och B", "A, B och receivers.more"]);
});
