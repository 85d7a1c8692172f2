// SPDX-License-Identifier: EUPL-1.2
// Which ready replies fit what is searched for, in which language, and how they read when they are used. Pure.

/**
 * What the server tells of a language: how it is marked up, and what fills its placeholders.
 * @typedef {{tag: string, direction: string, values: Record<string, string>}} Spoken
 * @typedef {{title: string, text: string}} Wording
 * @typedef {{id: string, words: Record<string, Wording>}} Reply
 * @typedef {{own: string, languages: Record<string, Spoken>, replies: Reply[]}} Replies
 */

/**
 * @typedef {object} Entry one reply in one language, ready to be put in
 * @property {string} id
 * @property {string} code its language
 * @property {boolean} hers it is in the language of the conversation
 * @property {string} title
 * @property {string} text with everything filled in
 * @property {string} here title and text of this language, as they are searched
 * @property {string} anywhere those of every language
 * @property {boolean} [place] no reply: a line or another place to turn to, which is there for whoever searches
 */

/**
 * Without accents, dots and capitals, so that whoever is in a hurry finds it: "hälsning" by "HALS".
 * @param {string} text
 */
export function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/**
 * @param {string} text
 * @param {Readonly<Record<string, string>>} values
 * @returns {string | null} null while something that is to be filled in is not known
 */
export function filled(text, values) {
  let whole = true;
  const told = text.replace(/\{([a-z]+)\}/g, (_, name) => {
    const value = Object.hasOwn(values, name) ? (values[name] ?? "") : "";
    if (value === "") whole = false;
    return value;
  });
  return whole ? told : null;
}

/**
 * The languages that come into question for one conversation, best first: `sv-easy` is Swedish.
 * @param {string} language
 * @param {string} own the service's
 */
export function preferred(language, own) {
  return [...new Set([language, language.replace(/-.*/, ""), own])].filter((code) => code !== "");
}

/**
 * Every reply that can be used now: in her language first, in their order; then those in other languages.
 * @param {Replies} told
 * @param {string} language hers
 * @param {string} alias
 * @returns {Entry[]}
 */
export function entriesOf(told, language, alias) {
  /** @type {Entry[]} */
  const hers = [];
  /** @type {Entry[]} */
  const others = [];
  const base = language.replace(/-.*/, "");
  for (const reply of told.replies) {
    const anywhere = folded(Object.values(reply.words).map(({ title, text }) => `${title} ${text}`).join(" "));
    const best = preferred(language, told.own).find((code) => reply.words[code] !== undefined) ?? "";
    const codes = Object.keys(reply.words).sort((one, other) => Number(other === best) - Number(one === best));
    for (const code of codes) {
      const wording = reply.words[code];
      const text = wording && filled(wording.text, { alias, ...told.languages[code]?.values });
      const title = wording && filled(wording.title, { alias, ...told.languages[code]?.values });
      if (!text || !title) continue;
      const isHers = code === language || code === base;
      const entry = { id: reply.id, code, hers: isHers, title, text, here: folded(`${title} ${text}`), anywhere };
      if (code === best || (codes.length === 1 && best === "")) hers.push(entry);
      else if (!code.includes("-")) others.push(entry);
    }
  }
  return [...hers, ...others];
}

/**
 * Lines and other places to turn to, as what is put in: the sentence about each in her language, else in one that it has.
 * @param {import("./at_hand.js").Told} told
 * @param {string} language hers
 * @returns {Entry[]}
 */
export function placesOf(told, language) {
  return told.lines.flatMap((place, at) => {
    const codes = [...preferred(language, told.own), ...Object.keys(place.say)];
    const code = codes.find((each) => place.say[each] !== undefined) ?? "";
    const text = place.say[code] ?? "";
    if (text === "") return [];
    const here = folded(`${place.name} ${place.address} ${text}`);
    const hers = preferred(language, "").includes(code);
    return [{ id: `place ${at}`, code, hers, title: place.name, text, here, anywhere: here, place: true }];
  });
}

/**
 * Which language an entry is in, in words; empty where it is hers.
 * @param {Entry} entry
 * @param {string} language the page's
 */
export function otherLanguage({ hers, code }, language) {
  if (hers) return "";
  try {
    return new Intl.DisplayNames([language], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

/**
 * What fits, best first: the words in the title, then anywhere. Without a search those that stand first of each reply.
 * @param {readonly Entry[]} entries
 * @param {string} query
 * @returns {Entry[]}
 */
export function found(entries, query) {
  const words = folded(query).split(/\s+/).filter((word) => word !== "");
  /** @type {Set<string>} */
  const first = new Set();
  /** @type {[number, Entry][]} */
  const fitting = [];
  for (const entry of entries) {
    const isFirst = !first.has(entry.id);
    first.add(entry.id);
    if (words.length === 0 && (!isFirst || entry.place === true)) continue;
    const looked = isFirst ? entry.anywhere : entry.here;
    if (!words.every((word) => looked.includes(word))) continue;
    const title = folded(entry.title);
    const rank = words.every((word) => title.includes(word)) ? (title.startsWith(words[0] ?? "") ? 0 : 1) : 2;
    fitting.push([isFirst ? rank : rank + 3, entry]);
  }
  // Sorting keeps the order of what ranks alike.
  return fitting.sort(([one], [other]) => one - other).map(([, entry]) => entry);
}
