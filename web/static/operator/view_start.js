// SPDX-License-Identifier: EUPL-1.2
// The first screen of a shift: alias, services of one track, languages, how many at once, and what is to be known
// tonight. Remembers nothing beyond the page. Knows no conversation.

import { block, clone, isBlocked, mark, part, partOf, show, write, writeOrHide } from "./dom.js";
import { nameOfLanguage, say } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./words.js").Page} Page */

/**
 * @typedef {object} Wish how somebody wants to be on duty
 * @property {string} alias
 * @property {string[]} services
 * @property {string[]} languages
 * @property {number} [capacity]
 */

/**
 * @typedef {object} StartView
 * @property {(state: State) => void} render
 * @property {() => void} turn to it although conversations lie open, or back to them
 */

/**
 * Why this alias or these services will not do, and of which of them it is said; null when they will.
 * @param {Page} page
 * @param {string} alias
 * @param {readonly string[]} services
 * @returns {{of: "alias" | "services", text: string} | null}
 */
export function objection(page, alias, services) {
  if (alias === "") return { of: "alias", text: say(page, "duty.alias_missing") };
  if (isOwn(page, alias)) return { of: "alias", text: say(page, "duty.alias_own") };
  return services.length === 0 ? { of: "services", text: say(page, page.supervises === true ? "begin.missing" : "duty.service_missing") } : null;
}

/**
 * A name to propose: none that is the account's, and another one than the last.
 * @param {Page} page
 * @param {number} chance from 0 to below 1
 * @param {string} [besides]
 * @returns {string}
 */
export function proposed(page, chance, besides = "") {
  const names = (page.aliases ?? []).filter((name) => name !== besides && !isOwn(page, name));
  return names[Math.floor(chance * names.length)] ?? "";
}

/**
 * What is asked for beyond alias and services: in which languages one may write there, and how many at once.
 * @param {Page} page
 * @param {readonly string[]} services that are ticked
 */
export function choices(page, services) {
  const among = page.services.filter(({ id }) => services.includes(id));
  return {
    speaks: [...new Set(among.flatMap((service) => service.speaks ?? []))].sort(),
    most: Math.max(1, ...among.map((service) => service.capacity ?? 1)),
  };
}

/** @param {Page} page @param {string} alias */
function isOwn(page, alias) {
  const own = wordsOf(page.account);
  return wordsOf(alias).some((word) => own.includes(word));
}

/**
 * @param {string} name
 * @returns {string[]}
 */
function wordsOf(name) {
  return name.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? [];
}

/**
 * Let a list of choices offer 1 to `most`, and keep what is chosen where it can be kept.
 * @param {HTMLSelectElement} select
 * @param {number} most
 * @param {number} chosen
 */
export function offer(select, most, chosen) {
  if (select.options.length !== most) {
    select.replaceChildren(...Array.from({ length: most }, (_, at) => new Option(String(at + 1), String(at + 1))));
  }
  select.value = String(Math.min(most, chosen));
}

/**
 * @param {HTMLElement} root the whole page
 * @param {Page} page
 * @param {(wish: Wish) => void} begin
 * @returns {StartView}
 */
export function startView(root, page, begin) {
  const section = part(root, "shift-start");
  let asked = false;
  let wasOn = false;
  /** @param {State} state */
  const isShown = ({ duty, conversations, ready }) => !duty.on && ready && (asked || conversations.length === 0);
  const heading = part(section, "shift-start-heading");
  const form = section.querySelector("form") === null ? null : startForm(section, page, begin);
  /** @type {boolean | null} */
  let shown = null;
  return {
    turn() {
      asked = !asked;
    },
    render(state) {
      // Whoever has just ended a shift is thanked here; what is over lies one press away.
      if (wasOn && !state.duty.on) asked = !state.duty.dropped;
      if (state.duty.on || state.conversations.length === 0) asked = false;
      else if (state.duty.taken) asked = true;
      wasOn = state.duty.on;
      if (state.duty.on) show(part(section, "shift-thanks"), false);
      write(heading, say(page, part(section, "shift-thanks").hidden ? "start.heading" : "start.again"));
      const open = isShown(state);
      write(part(root, "to-start"), say(page, open ? "card.to_open" : "card.to_start"));
      const held = section.contains(document.activeElement);
      mark(root, "start", String(open));
      show(section, open);
      form?.(state);
      if (shown === false && open && asked) heading.focus();
      if (shown === true && !open && held) part(root, state.duty.on ? "duty-heading" : "queue-heading").focus();
      shown = open;
    },
  };
}

/**
 * @param {HTMLElement} section
 * @param {Page} page
 * @param {(wish: Wish) => void} begin
 */
function startForm(section, page, begin) {
  const form = partOf(section, "duty-form", HTMLFormElement);
  const alias = partOf(form, "alias", HTMLInputElement);
  const capacity = partOf(form, "capacity", HTMLSelectElement);
  const go = part(form, "go-on");
  const mistakes = { alias: part(form, "alias-mistake"), services: part(form, "duty-mistake") };
  const boxes = [...form.querySelectorAll("input[data-track]")].filter((box) => box instanceof HTMLInputElement);
  const chance = () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;
  let wasTaken = false;
  /** Who has not chosen begins with one at a time; what was chosen stays for the next shift on this page. */
  let most = 1;

  const ticked = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const spoken = () => [...form.querySelectorAll("input[name=speaks]:checked")]
    .map((box) => (box instanceof HTMLInputElement ? box.value : ""));

  /** What is no longer so, or has been left, is not said any more. */
  function withdraw() {
    writeOrHide(mistakes.alias, "");
    writeOrHide(mistakes.services, "");
    alias.setAttribute("aria-invalid", "false");
  }

  function keepOneTrack() {
    const track = boxes.find((box) => box.checked)?.dataset["track"];
    let barred = false;
    for (const box of boxes) {
      if (box.dataset["closed"] !== undefined) continue;
      box.disabled = track !== undefined && box.dataset["track"] !== track;
      barred ||= box.disabled;
    }
    show(part(form, "one-track"), barred);
  }

  function follow() {
    keepOneTrack();
    const services = ticked();
    const { speaks, most: allowed } = choices(page, services);
    const kept = new Set(spoken());
    part(form, "speaks-list").replaceChildren(...speaks.map((tag) => spokenBox(tag, kept.has(tag))));
    show(part(form, "speaks"), speaks.length > 0);
    offer(capacity, allowed, most);
    for (const told of section.querySelectorAll("[data-tonight]")) {
      if (told instanceof HTMLElement) show(told, services.includes(told.dataset["tonight"] ?? ""));
    }
    show(part(section, "tonight-choose"), services.length === 0);
  }

  /** @param {string} tag @param {boolean} checked */
  function spokenBox(tag, checked) {
    const label = clone("spoken");
    const box = label.querySelector("input");
    if (box !== null) Object.assign(box, { value: tag, checked });
    write(/** @type {HTMLElement} */ (label.querySelector("span")), nameOfLanguage(page, tag));
    return label;
  }

  // While she types, not when the field is left: the button must not move between press and release.
  form.addEventListener("input", withdraw);
  part(form, "practise").addEventListener("click", withdraw);
  form.addEventListener("change", (event) => {
    if (event.target === capacity) most = Number(capacity.value);
    else if (boxes.some((box) => box === event.target)) follow();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (isBlocked(go)) return;
    const services = ticked();
    const wrong = objection(page, alias.value.trim(), services);
    withdraw();
    if (wrong !== null) {
      writeOrHide(mistakes[wrong.of], wrong.text);
      alias.setAttribute("aria-invalid", String(wrong.of === "alias"));
      (wrong.of === "alias" ? alias : boxes.find((box) => !box.disabled))?.focus();
      return;
    }
    const wish = { alias: alias.value.trim(), services, languages: spoken() };
    const wanted = Number(capacity.value);
    begin(page.supervises !== true && wanted < choices(page, services).most ? { ...wish, capacity: wanted } : wish);
  });
  part(form, "another-name").addEventListener("click", () => {
    alias.value = proposed(page, chance(), alias.value);
    withdraw();
  });
  /** A colleague goes by it: another name is there already, for whoever has no wish of their own. */
  function proposeAnother() {
    const proposal = proposed(page, chance(), alias.value.trim());
    writeOrHide(mistakes.alias, say(page, "duty.alias_taken", { alias: alias.value.trim(), proposal }));
    alias.value = proposal;
    alias.setAttribute("aria-invalid", "true");
    alias.select();
  }

  // On a slow network somebody has typed one before this ran.
  if (alias.value === "") alias.value = proposed(page, chance());
  follow();

  return (/** @type {State} */ state) => {
    block(go, state.duty.pending || state.link !== "open" || !state.ready);
    write(go, say(page, state.duty.pending ? "duty.going_on" : "duty.go_on"));
    const isNew = state.duty.taken && !wasTaken;
    wasTaken = state.duty.taken;
    if (isNew) proposeAnother();
  };
}
