// SPDX-License-Identifier: EUPL-1.2
// The shapes of a handover as the console works with it. Types only: nothing here runs. What goes over the wire
// mirrors `handover/drafting.py`, `handover/consent.py` and `handover/items.py`.

/** @typedef {"want" | "summary" | "danger" | "times" | "purpose"} TextField */
/** @typedef {"relation" | "children" | "called_112" | "way"} ChoiceField */

/**
 * What is being drafted. Empty texts and lists, and choices that are "", are not there.
 * @typedef {object} Draft
 * @property {string} want
 * @property {string} summary
 * @property {string} danger
 * @property {string} times
 * @property {string} purpose
 * @property {readonly string[]} forms
 * @property {string} relation
 * @property {string} children
 * @property {string} called_112
 * @property {string} way
 * @property {readonly number[]} messages seqs
 * @property {readonly string[]} receivers ids
 */

/** @typedef {{seq: number, by: "visitor" | "operator", text: string}} Quoted */

/**
 * The items of a handover, as the server has them; what is not there is left out.
 * @typedef {object} Content
 * @property {string} [want]
 * @property {string} [summary]
 * @property {string[]} [forms]
 * @property {string} [relation]
 * @property {string} [children]
 * @property {string} [danger]
 * @property {string} [called_112]
 * @property {Quoted[]} [messages]
 * @property {{way: string, times?: string}} [contact]
 */

/** @typedef {{receiver: string, name: string, organisation: string, hours: string, police?: boolean}} Offer */

/**
 * What the visitor was asked.
 * @typedef {object} Proposal
 * @property {Content} content
 * @property {Offer[]} offers
 * @property {string} purpose
 * @property {string} asked_by
 * @property {string} [track]
 */

/**
 * A receiver that may be chosen. `why`: what keeps it from that today, in words; "" when nothing does.
 * @typedef {{id: string, name: string, organisation: string, hours: string, police: boolean, notice: string[],
 *   why: string}} Receiver
 */

/** @typedef {{name: string, address: string, note: string}} Line */

/**
 * Who a service may hand over to. `stale`: the server did not answer when it was last asked.
 * @typedef {{receivers: readonly Receiver[], lines: readonly Line[], stale?: boolean}} Receivers
 */

/**
 * What is wrong with a draft, and where: `field` is a part of the panel, "" for all of it.
 * @typedef {{field: string, code: string, text: string}} Wrong
 */

/**
 * The panel of one conversation. The draft stays in memory alone.
 * @typedef {object} Handover
 * @property {boolean} open
 * @property {"draft" | "choose" | "preview"} step choose: messages are being ticked in the log
 * @property {Draft} draft
 * @property {Draft | null} sent the draft as it was last asked
 * @property {string | null} asking the id of a question that the server has not confirmed
 * @property {boolean} taking it is being taken back
 * @property {boolean} checked what is missing is told
 * @property {Wrong | null} wrong what the server refused
 * @property {number} put_away the newest answer that the operator has put away
 */

/**
 * Where the question to the visitor stands.
 * @typedef {object} Question
 * @property {"none" | "asked" | "yes" | "no" | "taken_back"} state
 * @property {number} seq
 * @property {string | null} at
 * @property {readonly string[]} receivers by name
 * @property {Proposal | null} proposal the last question, whatever became of it
 */

/**
 * What the operator does in the panel.
 * @typedef {{do: "open" | "close" | "choose" | "preview" | "draft" | "take_back"}
 *   | {do: "again", proposal: Proposal}
 *   | {do: "write", field: TextField, text: string}
 *   | {do: "pick", field: ChoiceField, value: string}
 *   | {do: "tick", field: "forms" | "receivers", value: string}
 *   | {do: "message", seq: number}
 *   | {do: "check"} | {do: "put_away", seq: number}
 *   | {do: "ask", id: string}} Hand
 */

export {};
