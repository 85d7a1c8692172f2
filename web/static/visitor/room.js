// SPDX-License-Identifier: EUPL-1.2
/**
 * The waiting room: something to read, what happens at closing time, who else answers now. Loaded after the start, with
 * the end (`over.js`) and with what sends again by itself.
 *
 * Reading costs nothing: the place is the socket's. Whoever comes while she reads takes neither her place in the text
 * nor the focus; a strip says so, and leads to the conversation.
 */

import { sendsAgain } from "../shared/again.js";
import { button, node } from "./dom.js";
import { looked, textsFrom } from "./later.js";
import { overView } from "./over.js";
import { isTalking } from "./state.js";
import { speaker } from "./texts.js";

export { askAfter } from "./asked.js";

/** @typedef {import("./types").State} State */
/** @typedef {import("./types").Say} Say */

const LONG_MIN = 30;

/**
 * What to say beside her place in the queue.
 * @param {Say} say
 * @param {State} state
 * @param {{ tag: string, wanted: string }} language the page's, and the one she wants to write in
 * @returns {string[]}
 */
export function aboutRoom(say, { phase, place, lost }, { tag, wanted }) {
  if (phase !== "waiting" || place === null) return [];
  const { here, closes, closed, understood } = place;
  const lines = [];
  if (closed) lines.push(say(here ? "closed" : "closed.nobody"));
  else if (closes !== null) lines.push(say("closes", { time: clock(closes, tag) }));
  if (!understood && lost === null) lines.push(say("language", { language: nameOf(wanted, tag) }));
  return lines;
}

/**
 * Whether somebody else should be named: nobody can answer here, or not for long.
 * @param {State} state
 */
export function wantsOthers({ phase, place, paused }) {
  if (paused) return true;
  return phase === "waiting" && place !== null && (!place.here || (place.wait !== null && place.wait[1] > LONG_MIN));
}

/**
 * Whether the way to other help is offered on its own: in a talk it is put away, and without contact she needs it.
 * @param {State} state
 */
export function wantsHelp({ phase, connected }) {
  return phase === "active" && !connected;
}

/**
 * The way to other help beside the line that says that contact is lost. What she has opened stays open when contact
 * is back: nothing is taken from under her eyes.
 * @param {ReturnType<typeof import("./view.js").parts>} page
 */
function helpView({ find, help, scroll }) {
  const summary = /** @type {HTMLElement} */ (help.querySelector("summary"));
  const lead = node("div", "strip lost");
  lead.hidden = true;
  const choices = node("div", "choices");
  choices.append(button("plain", summary.textContent ?? "", () => {
    help.hidden = false;
    help.open = true;
    summary.focus({ preventScroll: true });
    scroll.scrollTop = help.offsetTop;
  }));
  lead.append(choices);
  find("banner").after(lead);
  help.addEventListener("toggle", () => {
    if (document.documentElement.dataset.phase === "active" && !help.open) help.hidden = true;
  });
  return (/** @type {State} */ state) => {
    lead.hidden = !wantsHelp(state);
  };
}

/**
 * @param {{ page: ReturnType<typeof import("./view.js").parts>, given: import("./types").Given, wanted: string,
 *   framed: boolean, post: (message: import("./types").Unsent) => void }} options
 */
export async function waitingRoom({ page, given, wanted, framed, post }) {
  const about = `${given.service}?lang=${given.language}`;
  const [{ texts, pieces }] = await Promise.all([textsFrom(`/reading/${about}`), looked("more")]);
  const say = speaker(texts, document.documentElement.lang);
  const drawOver = overView({ page, say, framed });
  const room = node("section", "column room");
  const told = node("div", "told");
  told.setAttribute("role", "status");
  const reading = /** @type {HTMLDetailsElement} */ (node("details", "reading"));
  const summary = node("summary", "", say("reading"));
  reading.append(summary, ...pieces.map(piece));
  reading.hidden = pieces.length === 0;
  room.append(told, reading);
  page.find("talk").before(room);
  const newer = page.find("newer");
  const strip = node("div", "strip come");
  strip.setAttribute("role", "status");
  strip.hidden = true;
  page.find("banner").after(strip);
  const drawHelp = helpView(page);
  const sendAgain = sendsAgain({ send: post, timers: window, random: Math.random });
  /** @type {State | null} */
  let drawn = null;
  /** For which state of the door others were last asked for. */
  let named = "";
  /** When this one opens, in words. */
  let opens = "";

  // The view has to know that the conversation is no longer in sight: then nothing new moves her.
  reading.addEventListener("toggle", () => page.scroll.dispatchEvent(new Event("scroll")), { capture: true });
  page.scroll.addEventListener("scroll", () => {
    const { scrollTop, clientHeight, scrollHeight } = page.scroll;
    if (!strip.hidden && scrollTop + clientHeight > scrollHeight - 8) strip.hidden = true;
  });

  /** @param {string} alias */
  function come(alias) {
    const go = button("plain", say("go"), () => {
      strip.hidden = true;
      page.scroll.scrollTop = page.scroll.scrollHeight;
      page.text.focus();
    });
    strip.hidden = false;
    strip.replaceChildren(node("p", "", say("here", { alias })), go);
  }

  /** @param {State} state */
  function tell(state) {
    const lines = aboutRoom(say, state, { tag: document.documentElement.lang, wanted });
    if (state.place?.closed && !state.place.here && opens) lines.push(opens);
    if (told.dataset.said === lines.join("\n")) return;
    told.dataset.said = lines.join("\n");
    told.replaceChildren(...lines.map((line) => node("p", "", line)));
  }

  /** Others may have opened and closed since the page was made. */
  async function nameOthers() {
    opens = "";
    const shown = await textsFrom(`/others/${about}`).catch(() => void (named = ""));
    // She may have left meanwhile, and the page is empty.
    const others = document.getElementById("others");
    if (!shown || others === null) return;
    opens = shown.state;
    const list = node("ul", "services");
    list.append(...shown.services.map(service));
    others.replaceChildren(...(shown.services.length > 0 ? [node("h2", "", say("others")), list] : []));
    if (drawn !== null) tell(drawn);
  }

  return {
    /** @param {State} state */
    draw(state) {
      const phase = drawn?.phase;
      drawn = state;
      tell(state);
      drawOver(state);
      drawHelp(state);
      sendAgain(isTalking(state) && !state.ending ? state.unsent.filter(({ delivery }) => delivery === "failed") : []);
      room.hidden = !isTalking(state);
      summary.textContent = say(state.phase === "active" ? "reading.still" : "reading");
      if (state.phase === "active" && phase === "waiting" && reading.open && !isInSight()) come(state.alias ?? given.name);
      if (state.phase !== "active") strip.hidden = true;
      if (!strip.hidden) newer.hidden = true;
      const door = wantsOthers(state) ? `closed: ${state.place?.closed}` : "";
      const isNew = door !== named;
      named = door;
      if (isNew && door !== "") nameOthers();
    },
  };

  function isInSight() {
    return page.find("log").getBoundingClientRect().top < page.scroll.getBoundingClientRect().bottom - 80;
  }
}

/** @param {{ title: string, paragraphs: string[], tag: string, direction: string }} written */
function piece({ title, paragraphs, tag, direction }) {
  const one = node("details", "piece");
  Object.assign(one, { lang: tag, dir: direction });
  one.append(node("summary", "", title), ...paragraphs.map((text) => node("p", "", text)));
  return one;
}

/** @param {{ [key: string]: string }} shown as the server lists a service */
function service({ name, tag, direction, organisation, partner, href, state }) {
  const link = Object.assign(node("a", "service"), { href });
  const called = Object.assign(node("span", "service-name", name), { lang: tag, dir: direction });
  /** @param {string | undefined} text */
  const by = (text) => (text ? [node("span", "service-by", text)] : []);
  link.append(called, ...by(organisation), node("span", "service-state is-open", state), ...by(partner));
  const item = node("li", "");
  item.append(link);
  return item;
}

/**
 * The clock in Sweden, whatever the phone's own says.
 * @param {string} at ISO 8601
 * @param {string} tag
 */
function clock(at, tag) {
  /** @type {Intl.DateTimeFormatOptions} */
  const shape = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Europe/Stockholm", numberingSystem: "latn" };
  return new Intl.DateTimeFormat(tag, shape).format(new Date(at));
}

/**
 * @param {string} code
 * @param {string} tag the language in which to name it
 */
function nameOf(code, tag) {
  const [base = code] = code.split("-");
  return new Intl.DisplayNames([tag], { type: "language" }).of(base) ?? base;
}
