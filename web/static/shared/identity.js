// SPDX-License-Identifier: EUPL-1.2
/**
 * Sees what tells who somebody is, in her own browser: so that a number need not leave it.
 *
 * The same search as `moderation/identity.py`, by the same rules (`config/rules/identity.toml`); a test holds the two to
 * the same answers. Keeps nothing. No lookbehind: old phones do not know it.
 */

/** @typedef {import("./types").Piece} Piece */

const WORD = /((?:(?![0-9])[\p{L}\p{N}])+)/u;

/**
 * Prepare the rules once; what comes back finds the pieces of a text, in order and apart.
 * @param {import("./types").IdentityRules} source
 * @returns {(text: string) => import("./types").Span[]}
 */
export function identityFinder({ letters, words, numbers, endings, allowed, pieces, checks, rule }) {
  /** @param {string} letter @returns {string} */
  function fold(letter) {
    const same = letters[letter];
    if (same !== undefined) return same;
    if (/[^\S\ufeff]|[\x1c-\x1f\x85]/.test(letter)) return " ";
    if (/[\p{Mn}\p{Me}\p{Cc}\p{Cf}\p{Cs}\p{Co}]/u.test(letter)) return "";
    if (/\p{Pd}/u.test(letter)) return "-";
    const [first] = letter.normalize("NFKD");
    if (first && first !== letter) return fold(first);
    return /\p{Nd}/u.test(letter) ? digit(letter) : letter;
  }

  /** @param {string} text */
  function read(text) {
    let cased = "";
    const ways = [];
    let way = 0;
    for (const letter of text) {
      const folded = fold(letter);
      // One sign, one unit: the patterns count.
      const one = folded.length > 1 ? (/[\p{L}\p{N}]/u.test(folded) ? "\ua000" : "\ufffd") : folded;
      if (one !== "") ways.push(way);
      cased += one;
      way += letter.length;
    }
    return { cased, plain: cased.toLowerCase(), ways: [...ways, way] };
  }

  /** @param {string} text */
  const list = (text) => text.split(/\s+/).filter(Boolean).map((word) => read(word).plain);
  /** @type {Map<string, string>} */
  const digits = new Map();
  for (const text of Object.values(numbers)) {
    /** @type {any} */
    const each = list(text);
    for (let index = 0; index < each.length; index += 2) digits.set(each[index], each[index + 1]);
  }
  for (const [ten, tens] of [...digits]) {
    if (!/^[1-9]0$/.test(tens)) continue;
    for (const [unit, one] of [...digits]) if (/^[1-9]$/.test(one)) digits.set(ten + unit, tens[0] + one);
  }
  /** @type {Map<string, string>} */
  const classes = new Map();
  for (const [word, each] of digits) classes.set(word, each === "1" ? "x" : "q");
  // Of two languages the first has a word, within one the class named last.
  for (const lists of Object.values(words).reverse()) {
    for (const [letter, text] of Object.entries(lists)) for (const word of list(text)) classes.set(word, letter);
  }
  const streets = list(endings.streets);
  const places = list(endings.places);
  const surnames = list(endings.surnames);
  const none = list(endings.none);
  const [lines, hosts] = [allowed.numbers.split(" "), allowed.hosts.split(" ")];
  const chain = new RegExp(`^(?:${lines.join("|")})+$`);

  /** @type {{[name: string]: (piece: Piece) => boolean}} */
  const sums = {
    host({ plain }) {
      const bare = plain.replace(/^(?:[a-z]+:\/\/)?(?:www\.)?/, "");
      const address = `${bare.replace(/\/?[ .,:;!?)\]}>"»]*$/, "")}/`;
      const name = /^[^/:?#]*/.exec(bare)?.[0] ?? "";
      return !hosts.some((each) => name === each || name.endsWith(`.${each}`) || address === each);
    },
    iban: ({ tight }) => isIban(tight),
    line({ digits }) {
      const atHome = `0${digits.replace(/^00/, "").replace(/^46/, "").replace(/^0/, "")}`;
      return !chain.test(digits) && !lines.includes(atHome);
    },
    luhn: ({ digits }) => passesLuhn(digits.length === 12 ? digits.slice(2) : digits),
  };
  /** @param {string} name @returns {(piece: Piece) => boolean} */
  function checkOf(name) {
    const sum = sums[name];
    if (sum) return sum;
    /** @type {any[]} */
    const looks = (checks[name] ?? []).map(([side, must, like]) => ({ side, must, like: new RegExp(like) }));
    return (/** @type {any} */ piece) => looks.every(({ side, must, like }) => like.test(piece[side]) === must);
  }
  const prepared = rule.map(([kind, needs, find, check]) => {
    while (/<[a-z]+>/.test(find)) find = find.replace(/<([a-z]+)>/g, (_, name) => pieces[name] ?? "");
    return { kind, needs, like: new RegExp(find, "g"), checks: check.split(" ").filter(Boolean).map(checkOf) };
  });

  /** @param {string} plain @param {string} cased @returns {any} */
  function byForm(plain, cased) {
    const lower = cased[0] === plain[0];
    /** @param {string[]} some */
    const ends = (some) => some.some((ending) => plain.endsWith(ending));
    if (plain.length > 4 && (!lower || !none.includes(plain))) {
      if (ends(streets)) return "S";
      if (!lower && ends(places)) return "Z";
      if (ends(surnames)) return "J";
    }
    if (lower) return "lcvw"[Math.min(plain.length, 4) - 1];
    return plain.length > 1 && cased[1] === plain[1] ? "N" : "LCVX"[Math.min(plain.length, 4) - 1];
  }

  return (text) => {
    const { cased, plain: typed, ways } = read(text);
    const plain = /[0-9][oil]|[oil][0-9]/.test(typed) ? typed.replace(/[\p{L}\p{N}]+/gu, asDigits) : typed;
    const parts = plain.split(WORD);
    let way = 0;
    /** @type {string[]} */
    const letter = parts.map((part, index) => {
      way += part.length;
      return index % 2 ? (classes.get(part) ?? byForm(part, cased.slice(way - part.length, way))) : part;
    });
    if (/[A-Z]{3}[ -]?[0-9]/.test(cased) && cased !== cased.toUpperCase()) {
      way = 0;
      parts.forEach((part, index) => {
        const shown = cased.slice(way, (way += part.length));
        const apart = [...part].every((each, place) => each !== shown[place]);
        if (index % 2 && part.length === 3 && apart && /^[ -]?[0-9]/.test(parts[index + 1] ?? "")) letter[index] = "V";
      });
    }
    const spoken = parts.filter((_, index) => index % 2);
    const count = letter.filter((each) => each === "q").length;
    const named = spoken.filter((word) => digits.has(word)).length > 4;
    const begins = count > 0 && spoken.some((word) => digits.get(word)?.startsWith("0"));
    const many = (plain.match(/[0-9]/g) ?? []).length > 4;
    const counts = (count > 2 && named) || ((count > 1 || begins) && many);
    const asDigit = (/** @type {number} */ index) => (index % 2 && digits.get(parts[index] ?? "")) || "";
    const sketched = counts ? letter.map((each, index) => asDigit(index) || each) : letter;
    const inPlain = paces(sketched, parts);
    let sketch = sketched.join("");
    const long = /[0-9](?:[^0-9A-Za-z]{0,3}[0-9]){4}/.test(sketch);
    /** @type {import("./types").Span[]} */
    const found = [];
    for (const { kind, needs, like, checks } of prepared) {
      if (!needs.every((some) => [...some].some((sign) => (sign === "§" ? long : sketch.includes(sign))))) continue;
      like.lastIndex = 0;
      for (let doubted = 0, taken = 0; doubted < 60 && taken < 300; ) {
        const match = like.exec(sketch);
        if (match === null) break;
        const [all, part = ""] = match;
        const start = match.index + all.lastIndexOf(part);
        const end = start + part.length;
        const [from, to] = [inPlain(start, 0), inPlain(end - 1, 1)];
        const piece = plain.slice(from, to);
        const tight = piece.replace(/[^\p{L}\p{N}]/gu, "");
        const shown = { sketch: part, plain: piece, digits: part.replace(/[^0-9]/g, ""), tight };
        const failed = checks.find((check) => !check(shown));
        if (failed === undefined || failed === sums.host || failed === sums.line) {
          // Ours, whole: it may come as often as it will, and hides nothing that stands after it.
          like.lastIndex = end;
          taken += 1;
          // A number of ours does not begin anything either: "08-123 456 78, vardagar" holds no postcode.
          if (failed !== sums.host) sketch = sketch.slice(0, start) + "\0".repeat(end - start) + sketch.slice(end);
          if (failed === undefined) found.push({ kind, start: ways[from] ?? 0, end: ways[to] ?? text.length });
        } else {
          like.lastIndex = match.index + 1;
          doubted += 1;
        }
      }
    }
    return found.sort((one, other) => one.start - other.start);
  };
}

/** @param {string} letter */
function digit(letter) {
  const code = letter.codePointAt(0) ?? 0;
  let zero = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((code - zero) % 10);
}

/** @param {string} run */
function asDigits(run) {
  const digits = run.replace(/o/g, "0").replace(/[il]/g, "1");
  return (run.length > 2 || run.includes("o")) && /^[0-9]+$/.test(digits) ? digits : run;
}

/**
 * From a place in the sketch to where it begins, or ends, in the text.
 * @param {string[]} sketched
 * @param {string[]} parts
 */
function paces(sketched, parts) {
  /** @type {[number, number][]} */
  const steps = [[0, 0]];
  let [mark, way] = [0, 0];
  parts.forEach((part, index) => {
    mark += sketched[index]?.length ?? 0;
    way += part.length;
    steps.push([mark, way]);
  });
  return (/** @type {number} */ place, /** @type {number} */ after) => {
    const [begin, there] = steps.filter(([each]) => each <= place + after).pop() ?? [0, 0];
    return there + place + after - begin;
  };
}

/** @param {string} digits */
function passesLuhn(digits) {
  let sum = 0;
  [...digits].reverse().forEach((each, index) => {
    const twice = Number(each) * (1 + (index % 2));
    sum += twice > 9 ? twice - 9 : twice;
  });
  return sum % 10 === 0;
}

/** @param {string} number */
function isIban(number) {
  if (!/^[a-z]{2}[0-9]{2}[a-z]{0,4}[0-9]{10,26}$/.test(number)) return false;
  let rest = 0;
  for (const letter of number.slice(4) + number.slice(0, 4)) rest = Number(`${rest}${parseInt(letter, 36)}`) % 97;
  return rest === 1;
}
