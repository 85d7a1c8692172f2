// SPDX-License-Identifier: EUPL-1.2
/**
 * What she may say before the start. Loaded when she opens it; her answers are in the page, in memory, and go with the
 * first frame. Nothing is sent before that: danger is answered here, at once.
 */

import { button, choices, node } from "./dom.js";
import { looked, textsFrom } from "./later.js";
import { speaker } from "./texts.js";

/** @typedef {import("./types").Said} Said */

/**
 * @param {{ given: import("./types").Given, root: HTMLElement }} options
 * @returns {Promise<() => Said>} what she has said by now
 */
export async function askHer({ given, root }) {
  const [asked] = await Promise.all([textsFrom(`/ask/${given.service}?lang=${given.language}`), looked("more")]);
  const say = speaker(asked.texts, document.documentElement.lang);
  let acute = false;

  const danger = node("div", "alert");
  danger.setAttribute("role", "alert");
  const isIt = node("div", "asked");
  isIt.setAttribute("role", "group");
  const [yes, no] = ["yes", "no"].map((answer) => button("plain", say(`acute.${answer}`), () => toggle(answer === "yes")));
  isIt.setAttribute("aria-label", say("acute"));
  isIt.append(node("span", "", say("acute")), choices(/** @type {HTMLElement} */ (yes), /** @type {HTMLElement} */ (no)));

  /** @param {boolean} is */
  function toggle(is) {
    acute = is;
    yes?.setAttribute("aria-pressed", String(is));
    no?.setAttribute("aria-pressed", String(!is));
    danger.hidden = !is;
    danger.replaceChildren(...(is ? urgent() : []));
    if (is) danger.scrollIntoView({ block: "nearest" });
  }

  function urgent() {
    const { call } = asked;
    const link = node("a", "strong wide", call?.text ?? "");
    link.setAttribute("href", call?.href ?? "");
    return [node("p", "", say("acute.cannot")), ...(call ? [link] : []), node("p", "", say("acute.told"))];
  }

  danger.hidden = true;
  const need = choice("need", asked.need.map((/** @type {string} */ each) => [each, say(`need.${each}`)]));
  const age = choice("age_band", asked.age_band.map((/** @type {string} */ each) => [each, say(`age_band.${each}`)]));
  const place = written(asked.municipalities);
  const language = choice("language", asked.languages);
  const rows = [isIt, danger, need.row, age.row, place.row, ...(asked.languages.length > 1 ? [language.row] : [])];
  root.append(node("p", "quiet", say("intro")), ...rows);

  /**
   * @param {string} name
   * @param {readonly (readonly string[])[]} answers value and words of each
   */
  function choice(name, answers) {
    const field = document.createElement("select");
    field.autocomplete = "off";
    field.append(...[["", say("skip")], ...answers].map(([value, words]) => new Option(words, value)));
    return labelled(name, field);
  }

  /** @param {readonly string[]} known */
  function written(known) {
    const field = document.createElement("input");
    Object.assign(field, { autocomplete: "off", spellcheck: false, maxLength: 64, dir: "auto", placeholder: say("skip") });
    field.setAttribute("list", "places");
    const list = Object.assign(document.createElement("datalist"), { id: "places" });
    list.append(...known.map((name) => new Option(name, name)));
    const { row, read } = labelled("municipality", field);
    row.append(list);
    return { row, read };
  }

  /**
   * @param {string} name
   * @param {HTMLSelectElement | HTMLInputElement} field
   */
  function labelled(name, field) {
    const row = node("label", "asked");
    row.append(node("span", "", say(name)), field);
    if (`${name}.why` in asked.texts) row.append(node("span", "quiet", say(`${name}.why`)));
    return { row, read: () => field.value.trim() || undefined };
  }

  return () => {
    const said = { need: need.read(), age_band: age.read(), municipality: place.read(), acute: acute || undefined };
    const intake = Object.fromEntries(Object.entries(said).filter(([, answer]) => answer !== undefined));
    return {
      ...(language.read() ? { language: language.read() } : {}),
      ...(Object.keys(intake).length > 0 ? { intake } : {}),
    };
  };
}
