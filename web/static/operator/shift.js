// SPDX-License-Identifier: EUPL-1.2
// What belongs to a shift while it lasts: who else is here, a pause, how many at once, and how long one has gone on
// without a pause. The last is for the eyes before this page alone: it is computed here and leaves it to nobody.

import { block, isBlocked, mark, moved, part, partOf, show, write, writeOrHide } from "./dom.js";
import { choices, offer } from "./view_start.js";
import { clock, say, serviceName } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Frame} Frame */
/** @typedef {import("./words.js").Page} Page */
/** @typedef {{alias: string, paused?: boolean}} Colleague */
/** @typedef {{service: string, others: readonly Colleague[], waits?: boolean}} AtService */

/** From here on a pause is proposed, once and in one sentence. */
export const LONG_MS = 90 * 60_000;
const SHOWN_MS = 15 * 60_000;

/**
 * @typedef {object} Stretch
 * @property {number | null} from milliseconds: since when one has gone on without a pause
 * @property {number} longest milliseconds
 */

/**
 * How long one has gone on by `now`. Pure.
 * @param {Stretch} stretch
 * @param {{on: boolean, paused: boolean}} duty
 * @param {number} now milliseconds
 * @returns {Stretch}
 */
export function stretched(stretch, { on, paused }, now) {
  if (!on) return { from: null, longest: 0 };
  if (paused) return { ...stretch, from: null };
  const from = stretch.from ?? now;
  return { from, longest: Math.max(stretch.longest, now - from) };
}

/**
 * What is said of it, by message id; nothing while it is short. Pure.
 * @param {Stretch} stretch
 * @param {number} now
 */
export function stretchTold({ from, longest }, now) {
  if (longest < SHOWN_MS) return null;
  const minutes = Math.floor(longest / 60_000);
  const values = { hours: Math.floor(minutes / 60), minutes: minutes % 60 };
  const name = values.hours > 0 ? "stretch.hours" : "stretch.minutes";
  return { name, values, long: from !== null && now - from >= LONG_MS };
}

/**
 * Where one is alone, and who else is here where one is not. Pure.
 * @param {readonly AtService[]} services
 */
export function company(services) {
  const takes = (/** @type {AtService} */ { others }) => others.some((one) => one.paused !== true);
  const alone = services.filter((one) => !takes(one)).map(({ service }) => service);
  return {
    alone,
    everywhere: services.length > 0 && alone.length === services.length,
    paused: services.some((one) => one.others.length > 0 && !takes(one)),
    waits: services.some((one) => one.waits === true && !takes(one)),
    beside: services.filter(({ others }) => others.length > 0),
  };
}

/**
 * @param {import("./pieces.js").PieceOptions} options
 */
export function shiftHands({ root, page, act, send, state: current }) {
  const pause = part(root, "pause");
  const select = partOf(root, "most", HTMLSelectElement);
  /** @type {readonly AtService[]} */
  let services = [];
  /** @type {Stretch} */
  let stretch = { from: null, longest: 0 };
  let asked = false;

  function turn() {
    const { duty } = current();
    if (!duty.on || isBlocked(pause)) return;
    asked = send({ type: "pause", on: duty.paused === null });
    render(current());
  }

  const mine = partOf(root, "my-shift", HTMLDetailsElement);

  /** To what is about oneself: how many at once, a pause, the end, sound. */
  function toMine() {
    mine.open = true;
    // Where one pane is shown at a time, it lies in the queue's.
    act({ type: "queue" });
    [select, ...mine.querySelectorAll("summary")].find((one) => one.checkVisibility())?.focus();
  }

  pause.addEventListener("click", turn);
  part(root, "queue-more").addEventListener("click", toMine);
  select.addEventListener("change", () => send({ type: "hold_at_most", capacity: Number(select.value) }));

  /** @param {Colleague} one */
  const named = ({ alias, paused }) => say(page, paused === true ? "beside.paused" : "beside.one", { alias });

  /** @param {ReturnType<typeof company>} here */
  function renderCompany({ alone, everywhere, paused, beside }) {
    show(part(root, "alone"), alone.length > 0);
    const where = alone.map((id) => serviceName(page, id)).join(", ");
    const name = everywhere ? (paused ? "alone.paused" : "alone.line") : "alone.in";
    write(part(root, "alone-line"), say(page, name, { services: where }));
    renderWhat(alone);
    const several = services.length > 1;
    const lines = beside.map(({ service, others }) => {
      const names = others.map(named).join(", ");
      const values = { names, service: serviceName(page, service) };
      return say(page, several ? "beside.in" : "beside.line", values);
    });
    writeOrHide(part(root, "beside"), lines.join(" "));
  }

  /** @param {readonly string[]} alone */
  function renderWhat(alone) {
    const own = page.services.filter(({ id }) => alone.includes(id)).flatMap(({ alone: told }) => told ?? []);
    const told = own.length > 0 ? own : [{ text: say(page, "alone.ours"), tag: page.language, direction: "ltr" }];
    const what = part(root, "alone-what");
    if (what.textContent === told.map(({ text }) => text).join("")) return;
    what.replaceChildren(...told.map(({ text, tag, direction }) =>
      Object.assign(document.createElement("p"), { textContent: text, lang: tag, dir: direction })));
  }

  /** @param {State} state */
  function renderPause({ duty, waiting, now, link, ready }) {
    const paused = duty.paused !== null;
    mark(root, "paused", String(duty.on && paused));
    show(part(root, "paused"), paused);
    const n = paused ? Math.max(0, Math.floor((now - Date.parse(duty.paused ?? "")) / 60_000)) : 0;
    const at = duty.paused === null ? "" : clock(page, duty.paused);
    write(part(root, "paused-for"), paused ? say(page, n > 0 ? "pause.for" : "pause.just", { at, n }) : "");
    write(pause, say(page, paused ? "pause.back" : "pause.take"));
    pause.setAttribute("aria-pressed", String(paused));
    // The way back is in sight for as long as there is a pause; the way into one lies with what is about oneself.
    moved(pause, part(root, paused ? "pause-ends" : "shift-buttons"), paused ? null : part(root, "go-off"));
    block(pause, asked || link !== "open" || !ready);
    show(part(root, "queue-paused"), duty.on && paused && waiting.length > 0);
  }

  /** @param {State} state */
  function render(state) {
    const { duty, now } = state;
    if (!duty.on) services = [];
    const paused = duty.paused !== null;
    stretch = stretched(stretch, { on: duty.on, paused }, now);
    if (duty.on) {
      const { most } = choices(page, duty.services);
      if (document.activeElement !== select) offer(select, most, duty.capacity ?? most);
      renderCompany(company(services));
    }
    renderPause(state);
    const told = stretchTold(stretch, now);
    const line = told === null ? "" : say(page, told.name, told.values);
    writeOrHide(part(root, "stretch"), line);
    show(part(root, "stretch-long"), told?.long === true);
  }

  return {
    render,
    /** @param {Frame} frame */
    hear(frame) {
      if (frame.type === "colleagues") services = frame.services;
      else if (frame.type === "duty" || frame.type === "nack" || frame.type === "ready") asked = false;
      else return;
      render(current());
    },
    keys: {
      KeyP: { does: "pause.key", group: "everywhere", press: turn },
      KeyJ: { does: "mine.key", group: "everywhere", press: toMine },
    },
    company: () => company(services),
  };
}
