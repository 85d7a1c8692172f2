// SPDX-License-Identifier: EUPL-1.2
/**
 * What stands beside her writing: asks before something that tells who she is leaves the browser, says what was
 * taken out, and speaks of danger. Loaded when she begins to write.
 *
 * Owns what is remembered of her words for it: the text in question, and the last from which something was taken,
 * both in memory and only until she writes on or it is over; and what she has allowed, until it is over. Nothing here
 * may stop her from sending.
 */

import { identityFinder } from "../shared/identity.js";
import { dangerStrip } from "./danger.js";
import { cut, kindsTaken, named, searcher, tellsWhere, without } from "./pieces.js";
import { offerView, questionView } from "./question.js";
import { isTalking } from "./state.js";
import { speaker } from "./texts.js";

/** @typedef {import("./types").State} State */

/**
 * @param {import("./types").BesideOptions} options
 * @returns {Promise<import("./types").Beside>}
 */
export async function besideHer({ page, given, written, put, onSend, onDanger }) {
  const [{ rules, kinds, masks, texts, call }] = await Promise.all([rulesOf(given, written), styled()]);
  const search = searcher(identityFinder(rules), kinds, masks);
  const { text: field } = page;
  const language = document.documentElement.lang;
  const say = speaker(texts, language);

  /** @type {State | null} */
  let state = null;
  /** The text in question: her words, whole. */
  let asked = "";
  /** Something sounded like danger, and she has not said that there is none. */
  let near = false;
  /** @type {import("./types").Taken | null} what was last taken out, by the server or by herself */
  let taken = null;
  /** @type {Set<string>} pieces that she has said may be sent: she is not asked twice */
  const allowed = new Set();
  let asksNames = true;

  const question = questionView({ page, say, call });
  const offer = offerView({ page, say, call });
  const strip = dangerStrip({ page, say, call, onYes: () => onDanger(true), onNo });

  /** @param {string} key @param {readonly string[]} seen */
  function about(key, seen) {
    // Of one catalogue and one direction: nothing to keep apart.
    return say(key, { kinds: named(say, seen, language) }).replace(/[\u2068\u2069]/g, "");
  }

  /** @param {string} words */
  function unanswered(words) {
    return search(words).filter(({ kind, start, end }) => !isAllowed(kind, words.slice(start, end)));
  }

  /** @param {string} kind @param {string} piece */
  function isAllowed(kind, piece) {
    return allowed.has(piece) || (kind === "name" && !asksNames);
  }

  /** @param {string} words */
  function allow(words) {
    for (const { start, end } of search(words)) allowed.add(words.slice(start, end));
  }

  const isAcute = () => near || state?.acute === true;

  function onNo() {
    onDanger(false);
    acute(false);
  }

  /** @param {boolean} is */
  function acute(is) {
    near = is;
    offerAgain();
  }

  /** @param {string} words @param {boolean} keep */
  function leave(words, keep) {
    const rest = field.value.startsWith(asked) ? field.value.slice(asked.length).replace(/^\n/, "") : "";
    close();
    field.value = rest;
    field.dispatchEvent(new Event("input"));
    field.focus();
    onSend(words, keep);
  }

  function close() {
    asked = "";
    question.close();
  }

  /** Say what was taken out, unless she has said so herself and nothing is at stake. */
  function offerAgain() {
    if (taken === null) return offer.close();
    const { text, kinds: gone, byHer } = taken;
    const urgent = isAcute() && tellsWhere(gone);
    if (byHer && !urgent) return offer.close();
    offer.open({
      what: urgent ? say("masked.place") : about("masked", gone),
      urgent,
      onKeep() {
        forget();
        allow(text);
        field.focus();
        onSend(text, true);
      },
      onClose() {
        forget();
        field.focus();
      },
    });
  }

  function forget() {
    taken = null;
    offer.close();
  }

  field.addEventListener("input", () => {
    if (asked !== "") close();
    // In danger the offer stays: her address may be what she forgot to send.
    if (taken !== null && !(isAcute() && tellsWhere(taken.kinds))) forget();
  });

  /** @param {string} whole @param {readonly import("../shared/types").Span[]} spans */
  function ask(whole, spans) {
    put(whole);
    asked = whole;
    const seen = spans.map(({ kind }) => kind);
    question.open({
      what: [about("seen", seen), say(isAcute() ? "seen.acute" : "seen.more")],
      pieces: cut(whole, spans),
      acute: isAcute(),
      onRemove() {
        const left = without(whole, unanswered, masks);
        // What she has allowed before stays in it, and the server must know that.
        leave(left, search(left).length > 0);
        taken = { text: whole, kinds: seen, byHer: true };
        offerAgain();
      },
      onKeep() {
        allow(whole);
        leave(whole, true);
      },
      onNames: seen.includes("name") ? () => withNames(whole) : null,
      onBack() {
        close();
        field.focus();
        field.setSelectionRange(field.value.length, field.value.length);
      },
    });
  }

  /** @param {string} whole */
  function withNames(whole) {
    asksNames = false;
    const spans = unanswered(whole);
    if (spans.length === 0) return leave(whole, true);
    if (field.value.startsWith(whole)) field.value = field.value.slice(whole.length).replace(/^\n/, "");
    ask(whole, spans);
  }

  return {
    asks(words) {
      // A second text while the first is asked about: both are asked about, as one.
      const whole = asked !== "" && field.value !== "" ? `${asked}\n${words}` : words;
      const spans = unanswered(whole);
      if (spans.length === 0 && whole === words) {
        if (search(whole).length === 0) return false;
        onSend(whole, true);
        return true;
      }
      if (whole !== words) field.value = "";
      ask(whole, spans);
      return true;
    },
    hear(frame, mine) {
      if (frame.type === "danger") {
        const subject = String(frame.subject);
        strip.open(subject);
        if (subject !== "other") acute(true);
      } else if (mine !== undefined) {
        const named = Array.isArray(frame.masked) ? frame.masked.map(String) : [];
        taken = { text: mine, kinds: named.length > 0 ? named : kindsTaken(mine, String(frame.text), masks), byHer: false };
        offerAgain();
      }
    },
    look(words) {
      return { pieces: cut(words, search(words)), left: without(words, search, masks) };
    },
    draw(now) {
      state = now;
      if (isTalking(now)) return strip.draw(now);
      close();
      forget();
      allowed.clear();
      asksNames = true;
      strip.end();
    },
  };
}

/**
 * Past the browser's own cache: nothing on the device shall tell that she wrote.
 * @param {import("./types").Given} given
 * @param {string} [written] what she writes in, where it is another language than her page's
 * @returns {Promise<import("./types").Asking>}
 */
async function rulesOf({ service, language }, written = language) {
  const answer = await fetch(`/rules/${service}?lang=${language}&written=${written}`, { cache: "no-store", credentials: "omit" });
  if (!answer.ok) throw new Error(`rules: ${answer.status}`);
  return answer.json();
}

/** The looks of it; without them it is plain, and works. */
function styled() {
  return new Promise((go) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = "/static/visitor/asking.css";
    link.onload = link.onerror = go;
    document.head.append(link);
  });
}
