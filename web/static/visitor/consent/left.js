// SPDX-License-Identifier: EUPL-1.2
/** What the ended page says of what has gone: it is there, and where she reads of it. */

import { isOver } from "../state.js";
import { asked, sentTo } from "./asked.js";
import { node } from "../dom.js";

/**
 * @param {import("./types").ViewOptions} options
 * @returns {(state: import("./types").State) => void}
 */
export function leftView({ page: { find }, say, language }) {
  const line = node("p", "");
  line.hidden = true;
  find("over-text").after(line);
  const list = new Intl.ListFormat(language, { type: "conjunction" });

  return (state) => {
    const receivers = isOver(state) ? sentTo(asked(state.entries)) : [];
    line.hidden = receivers.length === 0;
    const values = { receivers: list.format(receivers), address: `${location.host}/ticket` };
    line.textContent = line.hidden ? "" : say("left", values);
  };
}
