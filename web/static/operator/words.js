// SPDX-License-Identifier: EUPL-1.2
// Which words and figures the console shows for a state. The texts themselves come with the page; this only picks
// and fills them. Pure.

import { PRACTICE, isLive } from "./conversation.js";
import { lastSeen } from "./last_seen.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./types.js").WaitingConversation} WaitingConversation */

/**
 * What the page brings. `texts` is by message id; a text with plural forms has them by category.
 * @typedef {Record<string, string | Record<string, string>>} Texts
 * `routine`: what a service's staff do, in its own words; `masks`: what stands for what was taken out of a message.
 * `masked`: which kinds are taken out of what a visitor writes there.
 * @typedef {{text: string, tag: string, direction: string}} Worded
 * @typedef {{id: string, name: string, track: string, masked?: string[], routine: Record<string, Worded>,
 *   capacity?: number, speaks?: string[], alone?: Worded | null}} ShownService
 * `supervises`: the page is a supervisor's.
 * @typedef {{language: string, account: string, supervises?: boolean, services: ShownService[], texts: Texts, masks: string[],
 *   aliases?: string[], receivers?: Record<string, import("./handover_types.js").Receivers>}} Page
 */

/** A message that has been on its way for so long makes the connection doubtful. */
export const DOUBT_MS = 8000;

/**
 * A text with its values. What has no text of its own takes that of its family: `after.strange` that of `after.other`.
 * @param {Page} page
 * @param {string} name
 * @param {Record<string, string | number>} [values] a value `n` chooses the plural form; a word is isolated, so that a
 *   name in another direction of writing cannot turn the sentence around it
 * @returns {string}
 */
export function say(page, name, values = {}) {
  const found = page.texts[name] ?? page.texts[name.replace(/\.\w+$/, ".other")] ?? "";
  const text = typeof found === "string" ? found : form(page, found, Number(values["n"]));
  return text.replace(/%\((\w+)\)s/g, (whole, word) => isolated(values[word]) ?? whole);
}

/** @param {string | number | undefined} value */
function isolated(value) {
  return typeof value === "string" && value !== "" ? `\u2068${value}\u2069` : value?.toString();
}

/**
 * @param {Page} page
 * @param {Record<string, string>} forms
 * @param {number} n
 */
function form(page, forms, n) {
  return forms[new Intl.PluralRules(page.language).select(n)] ?? forms["other"] ?? "";
}

/**
 * Minutes and seconds, for what ticks: "0:07", "12:40", "1:02:03".
 * @param {number} seconds
 * @returns {string}
 */
export function ticking(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/**
 * Seconds that somebody has waited by now: what the server counted, and our own clock since then.
 * @param {State} state
 * @param {WaitingConversation} waiting
 */
export function waited(state, waiting) {
  return waiting.waited_s + Math.max(0, state.now - state.waitingAt) / 1000;
}

/**
 * Whole minutes that an operator has been here: since the first word after joining, or since this console had it.
 * @param {Conversation} conversation
 * @param {number} now
 */
export function minutesOpen(conversation, now) {
  const joined = conversation.entries.findLastIndex((entry) => entry.type === "joined");
  const first = conversation.entries.slice(joined + 1).find((entry) => entry.at !== null);
  const start = Math.min(Date.parse(first?.at ?? "") || conversation.since, conversation.since);
  return Math.max(0, Math.floor((now - start) / 60_000));
}

/**
 * @param {Page} page
 * @param {string} id
 */
export function serviceName(page, id) {
  return page.services.find((service) => service.id === id)?.name ?? id;
}

/**
 * @param {Page} page
 * @param {string} id
 */
export function trackOf(page, id) {
  return page.services.find((service) => service.id === id)?.track ?? "";
}

/**
 * Where a conversation belongs: a service of this operator's, as a supervisor's too, or whoever has let them in as a
 * guest.
 * @param {Page} page
 * @param {Conversation} held
 */
export function placeName(page, held) {
  if (held.id === PRACTICE) return say(page, "practice.name");
  const guest = held.as_guest;
  return guest === null || guest.supervisor === true ? serviceName(page, held.service) : guest.organisation;
}

/**
 * The name of a language in the page's own: "arabiska". Empty when it is the page's language.
 * @param {Page} page
 * @param {string} tag
 */
export function languageName(page, tag) {
  return tag === "" || tag === page.language ? "" : nameOfLanguage(page, tag);
}

/**
 * The same for every language, also the page's own.
 * @param {Page} page
 * @param {string} tag
 */
export function nameOfLanguage(page, tag) {
  const own = page.texts[`languages.${tag}`];
  if (typeof own === "string") return own;
  try {
    return new Intl.DisplayNames([page.language], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/**
 * How the connection stands, in one word that the texts and the styles know.
 * @param {State} state
 * @returns {"fine" | "connecting" | "doubtful" | "lost" | "refused"}
 */
export function connectionShown(state) {
  if (state.link === "refused") return "refused";
  if (state.link === "open" && state.ready) return state.conversations.some((held) => isStuck(held, state.now))
    ? "doubtful" : "fine";
  if (state.link === "doubtful") return "doubtful";
  return state.met ? "lost" : "connecting";
}

/**
 * @param {Conversation} held
 * @param {number} now
 */
function isStuck(held, now) {
  if (!isLive(held)) return false;
  // What the server does not have yet stands last.
  for (let at = held.entries.length - 1; at >= 0; at -= 1) {
    const entry = held.entries[at];
    if (entry === undefined || entry.seq !== null) return false;
    if (entry.delivery === "sending" && now - entry.sentAt > DOUBT_MS) return true;
  }
  return false;
}

/**
 * @param {Page} page
 * @param {State} state
 * @param {Entry} entry
 * @returns {string}
 */
export function deliveryShown(page, state, entry) {
  if (entry.delivery === "sent") return say(page, "delivery.sent");
  if (entry.delivery === "failed" && entry.retry) return say(page, "delivery.again");
  if (entry.delivery === "failed") return [say(page, "delivery.failed"), entry.why].filter(Boolean).join(" ");
  return say(page, connectionShown(state) === "fine" ? "delivery.sending" : "delivery.later");
}

/**
 * The heading and the sentence of a conversation that is over for this console.
 * @param {Page} page
 * @param {Conversation} held
 * @returns {{heading: string, body: string}}
 */
export function closing(page, held) {
  const reason = held.reason === "operator" && held.unsafe !== null ? "unsafe" : held.reason;
  const values = { alias: held.by };
  return { heading: say(page, `reasons.${reason}`, values), body: say(page, `after.${reason}`, values) };
}

/**
 * Those of whom there is a connection: nobody else can be answered now.
 * @param {readonly import("./types.js").WaitingConversation[]} waiting
 */
export function thoseHere(waiting) {
  return waiting.filter(({ connected }) => connected);
}

/**
 * How many things wait for this volunteer: who is here of those in the queue, offered, calling for a supervisor, and
 * conversations with something unread.
 * @param {State} state
 */
export function newsOf({ waiting, waitingMore, joins, offers, alarms, conversations }) {
  return thoseHere(waiting).length + waitingMore + joins.length + offers.length + alarms.length + conversations.filter((held) => held.unread > 0).length;
}

/**
 * The tab's title: neutral, with how much is new.
 * @param {Page} page
 * @param {State} state
 */
export function title(page, state) {
  const lost = connectionShown(state) === "lost" ? "! " : "";
  const news = newsOf(state);
  return `${lost}${news > 0 ? `(${news}) ` : ""}${say(page, "title")}`;
}

/**
 * How the visitor's connection stands, and since when; empty where nobody can know.
 * @param {Page} page
 * @param {State} state
 * @param {Conversation} held
 */
export function presenceShown(page, state, held) {
  if (isLive(held) ? connectionShown(state) !== "fine" : held.reason !== "left_quickly") return "";
  const { text, n = 0, at } = lastSeen(held, state.now);
  return say(page, text, { n, time: at === undefined ? "" : clock(page, at) });
}

/** @type {Map<string, Intl.DateTimeFormat>} by language: making one costs more than using it */
const clocks = new Map();

/**
 * The clock on the wall where the services are, whatever zone this browser is in: one clock in the whole console.
 * @param {Page} page
 * @param {number | string} at
 */
export function clock({ language }, at) {
  const shape = /** @type {const} */ ({ hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Europe/Stockholm" });
  const known = clocks.get(language) ?? new Intl.DateTimeFormat(language, shape);
  clocks.set(language, known);
  return known.format(new Date(at));
}

/**
 * What a screen reader is told when the state has changed; empty when there is nothing to tell.
 * @param {Page} page
 * @param {State} before
 * @param {State} state
 * @returns {string}
 */
export function announcement(page, before, state) {
  const told = [];
  const known = new Set(before.waiting.map((waiting) => waiting.conversation));
  for (const waiting of state.waiting) {
    if (known.has(waiting.conversation)) continue;
    const values = { service: serviceName(page, waiting.service) };
    told.push(say(page, waiting.acute ? "told.acute" : waiting.returned ? "told.returned" : "told.waiting", values));
  }
  for (const held of state.conversations) {
    const old = before.conversations.find((one) => one.id === held.id);
    if (old === undefined) continue;
    told.push(...refusalsTold(page, state, old, held));
    const name = say(page, "conversation", { n: held.number });
    if (isLive(old) && !isLive(held)) told.push(`${name}. ${closing(page, held).heading}`);
    // What a colleague has written is told by whoever shows it.
    else if (held.unread > old.unread && held.entries !== old.entries) told.push(say(page, "told.unread", { n: held.number }));
    else if (old.connected !== held.connected) {
      told.push(`${name}. ${say(page, held.connected ? "presence.here" : "presence.away")}`);
    }
  }
  const [was, is] = [connectionShown(before), connectionShown(state)];
  if (was !== is && before.met) told.push(say(page, `link.${is}`));
  if (state.notice !== "" && state.notice !== before.notice) told.push(state.notice);
  return told.join(" ");
}

/**
 * What of ours has just been refused in one conversation, and why.
 * @param {Page} page
 * @param {State} state
 * @param {Conversation} old
 * @param {Conversation} held
 */
function refusalsTold(page, state, old, held) {
  if (!isLive(held) || old.entries === held.entries) return [];
  const name = say(page, "conversation", { n: held.number });
  return held.entries
    .filter((entry) => entry.delivery === "failed")
    .filter((entry) => old.entries.find((one) => one.key === entry.key)?.delivery === "sending")
    .map((entry) => `${name}. ${deliveryShown(page, state, entry)}`);
}
