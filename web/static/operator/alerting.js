// SPDX-License-Identifier: EUPL-1.2
// Never to miss anybody: lets the console ring and show that there is something new, as `ringing.js` says, and draws
// the part of the page where a volunteer hears and chooses that. What is chosen lives as long as the page.

import { mark, part, partOf, show, write, writeOrHide } from "./dom.js";
import { notifier } from "./notifying.js";
import { oneRings } from "./one_rings.js";
import { ringOf, toneLevel, toneOf } from "./ringing.js";
import { mostOf as mostIn } from "./room.js";
import { soundMaker } from "./sound.js";
import { newsOf, say } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./ringing.js").Choice} Choice */

/**
 * @param {import("./pieces.js").PieceOptions} options
 */
export function alertingHands({ root, page }) {
  const section = partOf(root, "alerting", HTMLDetailsElement);
  // Until the first shift begins: then it leaves the room to the queue, and on a phone to the form before that.
  section.open = matchMedia("(min-width: 48rem)").matches;
  const quiet = partOf(section, "quiet-tonight", HTMLInputElement);
  const volumes = [...section.querySelectorAll("input[name=volume]")].filter((one) => one instanceof HTMLInputElement);
  const mostOf = (/** @type {string} */ service) => mostIn(page, service);
  /** @type {Choice} */
  let choice = { volume: "middle", quiet: false, hushed: [] };
  /** @type {State | null} */
  let drawn = null;
  let tested = false;
  /** @type {readonly string[]} who rang when we last looked */
  let called = [];
  let news = 0;

  const again = () => drawn !== null && ring(drawn);
  const sound = soundMaker(globalThis.AudioContext, again);
  const turn = oneRings(navigator.locks, again);
  const desktop = notifier({
    Notification: globalThis.Notification,
    isLookedAt: () => !document.hidden && document.hasFocus(),
    look: () => focus(),
  });

  /** @param {Partial<Choice>} chosen */
  function choose(chosen) {
    choice = { ...choice, ...chosen };
    again();
  }

  /** @param {State} state */
  function ring(state) {
    const { kind, calls, level } = ringOf(state, choice, mostOf);
    const hushed = choice.hushed.filter((one) => calls.includes(one));
    if (hushed.length !== choice.hushed.length) choice = { ...choice, hushed };
    // Whoever cannot be heard must not keep another from ringing.
    if (kind !== "" && sound.state() === "on") turn.want();
    else turn.give();
    if (kind !== "" && turn.mayRing()) sound.ring(kind, level);
    else sound.hush();
    renderSound(kind);
  }

  /** @param {string} kind what there is to ring, whether it is heard or not */
  function renderSound(kind) {
    const can = sound.state();
    const rings = sound.rings();
    mark(root, "ringing", rings);
    mark(section, "sound", can);
    const wanted = drawn !== null && (drawn.duty.on || tested);
    show(part(root, "sound-blocked"), can === "blocked" && wanted);
    show(part(root, "hush"), rings !== "");
    const heard = choice.quiet ? "quiet" : can;
    const wrong = String(heard !== "on" && (kind !== "" || tested));
    for (const name of ["sound-state", "sound-short"]) {
      write(part(root, name), say(page, `sound.${heard}`));
      mark(part(root, name), "wrong", wrong);
    }
    writeOrHide(part(section, "sound-tested"), tested && can !== "blocked" ? say(page, `tested.${can}`) : "");
  }

  function renderDesktop() {
    const state = desktop.state();
    mark(section, "desktop", state);
    write(part(section, "desktop-state"), say(page, `desktop.${state}`));
    show(part(section, "desktop-allow"), state === "default");
    show(part(section, "desktop-why"), state === "default");
  }

  /** @param {State} before @param {State} state */
  function tell(before, state) {
    const tone = toneOf(before, state, mostOf);
    if (tone !== "") sound.tone(tone, toneLevel(choice));
    const { calls } = ringOf(state, choice, mostOf);
    const isNew = tone === "message" || calls.some((one) => !called.includes(one));
    called = calls;
    if (isNew) desktop.show(say(page, "desktop.text"), sound.state() === "on" && !choice.quiet);
    const now = newsOf(state);
    // Somebody else has taken them, or they have gone: nothing is new any more.
    if (now === 0 && news > 0) desktop.close();
    news = now;
  }

  for (const volume of volumes) {
    volume.checked = volume.value === choice.volume;
    volume.addEventListener("change", () => {
      choose({ volume: /** @type {Choice["volume"]} */ (volume.value) });
      sound.wake();
      sound.tone("message", toneLevel(choice));
    });
  }
  quiet.addEventListener("change", () => choose({ quiet: quiet.checked }));
  part(section, "test-sound").addEventListener("click", () => {
    tested = true;
    sound.wake();
    sound.tone("waiting", toneLevel({ ...choice, quiet: false }));
    again();
  });
  function hush() {
    if (drawn !== null) choose({ hushed: ringOf(drawn, choice, mostOf).calls });
  }

  part(root, "hush").addEventListener("click", () => {
    hush();
    const alerts = root.querySelector("[data-part=alerts-heading]");
    (alerts instanceof HTMLElement ? alerts : part(root, "queue-heading")).focus();
  });
  part(section, "desktop-allow").addEventListener("click", () => desktop.ask(renderDesktop));
  // A browser lets a page sound once somebody has pressed something on it.
  for (const type of ["pointerdown", "keydown"]) addEventListener(type, () => sound.wake(), { capture: true });
  addEventListener("focus", () => {
    desktop.close();
    renderDesktop(); // it may have been allowed or forbidden meanwhile, in the browser's own settings
  });
  renderDesktop();

  return {
    /** @param {State} state */
    render(state) {
      const before = drawn ?? state;
      if (!before.duty.on && state.duty.on) section.open = false;
      drawn = state;
      tell(before, state);
      ring(state);
    },
    /** A beat, or anything else that the server says: who rings is as new as that. */
    hear: again,
    // By key it is silent while one goes on writing.
    keys: { KeyI: { does: "alerting.key", group: /** @type {const} */ ("everywhere"), press: hush } },
  };
}
