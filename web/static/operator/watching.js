// SPDX-License-Identifier: EUPL-1.2
// Watches over the connection beside what carries it: hears every frame, asks whether the server is there, and says
// when that is in doubt. What follows from what is `contact.js`; connecting is `shared/connection.js`.

import { decode } from "../shared/connection.js";
import { answered, follow } from "./contact.js";

/** @typedef {import("./contact.js").Contact} Contact */

const ANSWER = '{"type":"here"';

/**
 * @param {{send: (frame: {type: string, [field: string]: unknown}) => boolean, doubt: (is: boolean) => void,
 *   drop: () => void, wake: () => void}} hands
 */
export function watching({ send, doubt, drop, wake }) {
  /** @type {Contact | null} null while there is no connection that was ever answered */
  let contact = null;
  let number = 0;
  /** @type {WebSocket | null} */
  let current = null;

  /** @param {import("./contact.js").Happening} happening */
  function happened(happening) {
    if (contact === null) return;
    const before = contact.doubt;
    const step = follow(contact, happening);
    contact = step.contact;
    number = contact.number;
    if (step.ask) send({ type: "there", id: number });
    if (contact.doubt !== before) doubt(contact.doubt);
    if (step.drop) drop();
  }

  /** A socket whose frames are heard here too: beats, which nobody else is told of, among them. */
  class Heard extends WebSocket {
    /** @param {string} url @param {string} protocol */
    constructor(url, protocol) {
      super(url, protocol);
      current = this;
      this.addEventListener("message", ({ data }) => {
        if (current !== this) return;
        const answer = typeof data === "string" && data.startsWith(ANSWER) ? decode(data) : null;
        happened({ type: "heard", id: answer === null ? null : Number(answer["id"]), now: Date.now() });
      });
    }
  }

  /** @param {"seen" | "woken" | "offline" | "online"} type */
  const tell = (type) => happened({ type, now: Date.now() });

  addEventListener("offline", () => tell("offline"));
  addEventListener("online", () => {
    tell("online");
    wake();
  });
  document.addEventListener("resume", () => tell("woken"));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    tell("seen");
    wake();
  });

  return {
    Socket: Heard,
    /** The server has greeted this connection. */
    greeted() {
      contact = answered(Date.now(), number);
    },
    /** There is no connection. */
    cut() {
      contact = null;
    },
    tick: () => happened({ type: "tick", now: Date.now(), hidden: document.hidden }),
  };
}
