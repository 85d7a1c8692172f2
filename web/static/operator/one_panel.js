// SPDX-License-Identifier: EUPL-1.2
// What is open over the log of a conversation: one panel or question at a time, so that what is said stays in sight.
// Owns which are open in which pane, and nothing of what stands in them.

/**
 * @typedef {object} Panel
 * @property {() => boolean} isOpen
 * @property {() => void} close once more does nothing
 */

/** The draft of a handover keeps its place beside the question about the end: whoever says no goes on with it. */
const STAYS = new Map([["end", "handover"]]);

/** @typedef {ReturnType<typeof onePanel>} OnePanel */

export function onePanel() {
  /** @type {WeakMap<object, Map<string, Panel>>} */
  const known = new WeakMap();

  return {
    /**
     * One has been opened: the others close.
     * @param {object | undefined} pane
     * @param {string} name
     * @param {Panel} panel
     */
    opens(pane, name, panel) {
      if (pane === undefined) return;
      const panels = known.get(pane) ?? new Map();
      known.set(pane, panels);
      for (const [other, { isOpen, close }] of panels) {
        if (other !== name && STAYS.get(name) !== other && isOpen()) close();
      }
      panels.set(name, panel);
    },
    /**
     * Close what is open.
     * @param {object | undefined} pane
     * @returns {boolean} whether anything was
     */
    shut(pane) {
      const open = [...(known.get(pane ?? {})?.values() ?? [])].filter(({ isOpen }) => isOpen());
      for (const { close } of open) close();
      return open.length > 0;
    },
  };
}
