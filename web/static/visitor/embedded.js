// SPDX-License-Identifier: EUPL-1.2
/** The chat inside a frame on somebody else's page: the only words exchanged are `open`, `close` and `exit`. */

/** @param {import("./types").EmbeddedOptions} options */
export function installEmbedded({ origins, exit, onExit }) {
  const framed = window.parent !== window;
  /** @type {string | null} */
  let host = null;

  /** @param {{ type: "open" | "close" | "exit", exit?: string }} message */
  function tell(message) {
    if (host === null) return false;
    window.parent.postMessage(message, host);
    return true;
  }

  if (framed) {
    window.addEventListener("message", (event) => {
      // Who it is from is read before what it says: what a stranger sends, however large, is not even unpacked.
      if (event.source !== window.parent || !origins.includes(event.origin)) return;
      const type = event.data?.type;
      // However many came before: whoever floods the channel may not take the way out from her.
      if (type === "exit") onExit();
      if (type !== "open" || host !== null) return;
      host = event.origin;
      // It shows a way out of its own, so ours may go; until it has said so, ours stays.
      document.documentElement.classList.add("hosted");
      tell({ type: "open", exit });
    });
  }

  return { exit: () => tell({ type: "exit" }), close: () => void tell({ type: "close" }), framed };
}
