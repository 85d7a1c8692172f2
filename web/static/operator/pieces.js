// SPDX-License-Identifier: EUPL-1.2
// The pieces of the console that stand beside what is said: each knows one matter, hears every frame, draws its own
// parts into the panes and may have keys of its own. Owns the list of them, and nothing of what they do.

import { alertsBoard } from "./alerts.js";
import { alertingHands } from "./alerting.js";
import { degradedLine } from "./degraded.js";
import { drawerView } from "./drawer.js";
import { raisingHands } from "./hands.js";
import { PIECE_KEYS } from "./keys.js";
import { notesHands } from "./notes.js";
import { repliesHands } from "./replies.js";
import { practiceHands } from "./practice.js";
import { returningHands } from "./returning.js";
import { transferHands } from "./transfer.js";
import { talkCard } from "./talk.js";
import { shiftHands } from "./shift.js";
import { shiftEndHands } from "./shift_end.js";
import { warmHands } from "./warm.js";
import { awayHands } from "./while_away.js";
import { wrapupHands } from "./wrapup.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Frame} Frame */

/**
 * @typedef {object} Options what every piece is given
 * @property {HTMLElement} root
 * @property {import("./words.js").Page} page
 * @property {() => State} state
 * @property {(done: import("./types.js").Act) => void} act
 * @property {(frame: Frame) => void} hear as if it had come from the server
 * @property {(conversation: string) => void} accept
 * @property {(frame: {type: string, [field: string]: unknown}) => boolean} send false: there is no connection
 * @property {() => string} newId
 * @property {import("./one_panel.js").OnePanel} panels whoever opens one over the log tells it here
 * @property {(conversation: string) => HTMLElement | undefined} pane
 * @property {(conversation: string) => void} focus where one writes in a conversation
 */

/**
 * @typedef {Options & {
 *   drawer: import("./drawer.js").Drawer,
 *   pressing: (name: string) => (front: string | undefined) => void,
 * }} PieceOptions `pressing`: what a key does that presses a button of the conversation in front, where it is shown
 */

/**
 * @typedef {object} Piece
 * @property {(state: State) => void} [render] after every change of the state
 * @property {(frame: Frame) => void} [hear] after the state has heard it
 * @property {Readonly<Record<string, PieceKey>>} [keys] by physical key, such as `KeyG`: what Alt and that key do (`/`
 *   alone is `Slash`); they stand in the list of keys by themselves
 */

/**
 * @typedef {object} PieceKey
 * @property {string} does the id of the text that says what it does
 * @property {import("./keys.js").Key["group"]} [group] where the list has it; else what is done in a talk
 * @property {(front: string | undefined) => void} press `front`: the conversation that was last turned to
 */

/** @param {Options} options */
export function pieces(options) {
  const drawer = drawerView(options.root, () => {
    const [front] = options.state().recent;
    if (front !== undefined) options.focus(front);
  });
  const pressing = (/** @type {string} */ name) => (/** @type {string | undefined} */ front) => {
    const button = front === undefined ? null : options.pane(front)?.querySelector(`[data-part="${name}"]`);
    if (button instanceof HTMLElement && !button.hidden) button.click();
  };
  const given = { ...options, drawer, pressing };
  const shift = shiftHands(given);
  const shiftEnd = shiftEndHands({ ...given, company: shift.company });
  const practice = practiceHands(given);
  /** @type {readonly Piece[]} */
  const all = [
    warmHands(given),
    transferHands(given),
    returningHands(given),
    raisingHands(given),
    given.page.supervises === true ? alertsBoard(given) : talkCard(given),
    // In this order their sheets stand in the drawer: what is used most comes first.
    repliesHands(given),
    notesHands(given),
    wrapupHands(given),
    alertingHands(given),
    awayHands(given),
    degradedLine(given),
    shift,
    shiftEnd,
    practice,
  ];
  /** @type {Readonly<Record<string, PieceKey>>} */
  const keys = Object.assign({}, ...all.map((piece) => piece.keys ?? {}));
  for (const code of Object.keys(keys)) {
    if (!PIECE_KEYS.has(code)) throw new Error(`nobody may have the key ${code}`);
  }
  return {
    keys,
    /** @param {State} state */
    render(state) {
      for (const piece of all) piece.render?.(state);
      drawer.render(state);
    },
    /** @param {Frame} frame */
    hear(frame) {
      for (const piece of all) piece.hear?.(frame);
    },
    takes: practice.takes,
    endShift: shiftEnd.open,
    /** @param {string} code @param {string | undefined} front */
    grant(code, front) {
      keys[code]?.press(front);
    },
  };
}
