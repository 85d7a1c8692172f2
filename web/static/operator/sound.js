// SPDX-License-Identifier: EUPL-1.2
// What the console sounds like: a soft pattern that repeats, and single tones. Made here, from no file. The pattern
// goes round on the audio clock by itself, since a page in the background has no timers to speak of; it stops by
// itself when nobody renews it. Knows nothing of who rings.

/** @typedef {readonly [hertz: number, at: number, lasts: number]} Note in seconds */
/** @typedef {{period: number, notes: readonly Note[]}} Pattern */

/** @type {Readonly<Record<string, Pattern>>} */
export const PATTERNS = {
  waiting: { period: 4, notes: [[659, 0, 0.5], [880, 0.22, 0.7]] },
  mine: { period: 3, notes: [[659, 0, 0.5], [880, 0.22, 0.5], [988, 0.44, 0.7]] },
  acute: { period: 2, notes: [[880, 0, 0.3], [659, 0.2, 0.3], [880, 0.4, 0.3], [659, 0.6, 0.5]] },
  message: { period: 0.8, notes: [[784, 0, 0.7]] },
  lost: { period: 1.2, notes: [[523, 0, 0.5], [392, 0.3, 0.8]] },
};

/** A ring that is not renewed ends: two beats of the server have not come, and nobody knows who still waits. */
export const LASTS_S = 60;
/** Enough for these tones. */
const RATE = 12_000;
const ATTACK_S = 0.012;
const SOFTLY_S = 0.06;

/**
 * The pattern as it is played, once round: sines that rise gently and die away.
 * @param {Pattern} pattern
 * @param {number} rate samples in a second
 * @returns {Float32Array<ArrayBuffer>}
 */
export function samples({ period, notes }, rate) {
  const played = new Float32Array(Math.round(period * rate));
  for (const [hertz, at, lasts] of notes) {
    const first = Math.round(at * rate);
    const last = Math.min(played.length, Math.round((at + lasts) * rate));
    for (let place = first; place < last; place += 1) {
      const s = (place - first) / rate;
      const swell = Math.min(1, s / ATTACK_S) * Math.exp((-5 * s) / lasts) * Math.min(1, (lasts - s) / ATTACK_S);
      played[place] = (played[place] ?? 0) + 0.5 * swell * Math.sin(2 * Math.PI * hertz * s);
    }
  }
  return played;
}

/**
 * @param {typeof AudioContext | undefined} Context
 * @param {() => void} changed whether it can sound has changed
 */
export function soundMaker(Context, changed) {
  /** @type {AudioContext | null} */
  let context = null;
  /** @type {{kind: string, source: AudioBufferSourceNode, gain: GainNode} | null} */
  let ringing = null;

  function opened() {
    if (context === null && Context !== undefined) {
      context = new Context();
      context.onstatechange = changed;
    }
    return context;
  }

  /** @param {AudioContext} on @param {string} kind @param {number} level @param {boolean} loop */
  function play(on, kind, level, loop) {
    const pattern = PATTERNS[kind];
    if (pattern === undefined) throw new Error(`nothing sounds like ${kind}`);
    const heard = samples(pattern, RATE);
    const buffer = on.createBuffer(1, heard.length, RATE);
    buffer.copyToChannel(heard, 0);
    const source = Object.assign(on.createBufferSource(), { buffer, loop });
    const gain = on.createGain();
    gain.gain.value = level;
    source.connect(gain).connect(on.destination);
    source.start();
    return { kind, source, gain };
  }

  function hush() {
    ringing?.source.stop();
    ringing?.source.disconnect();
    ringing = null;
  }

  return {
    /** @returns {"none" | "blocked" | "on"} blocked: the browser waits for a press on the page */
    state() {
      if (Context === undefined) return "none";
      return opened()?.state === "running" ? "on" : "blocked";
    },
    /** Let it sound from now on; call while a key or a button is pressed. */
    wake() {
      const on = opened();
      if (on !== null && on.state !== "running") on.resume().then(changed, changed);
    },
    /** Ring until `hush`, or until nothing has renewed it for a minute. @param {string} kind @param {number} level */
    ring(kind, level) {
      const on = opened();
      if (on === null || on.state !== "running") return;
      if (ringing?.kind !== kind) {
        hush();
        ringing = play(on, kind, level, true);
        const { source } = ringing;
        source.onended = () => {
          if (ringing?.source !== source) return;
          ringing = null;
          changed();
        };
      }
      ringing.gain.gain.setTargetAtTime(level, on.currentTime, SOFTLY_S);
      ringing.source.stop(on.currentTime + LASTS_S);
    },
    hush,
    /** @returns {string} what rings just now, or nothing */
    rings: () => (context?.state === "running" ? (ringing?.kind ?? "") : ""),
    /** @param {string} kind @param {number} level */
    tone(kind, level) {
      const on = opened();
      if (on !== null && on.state === "running" && level > 0) play(on, kind, level, false);
    },
  };
}
