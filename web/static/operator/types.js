// SPDX-License-Identifier: EUPL-1.2
// The shapes that the console works with: what the server sends, what the operator does, what the screen knows.
// Types only: nothing here runs. Frames mirror `web/operator/frames.py`.

/**
 * One line of the log. `seq` is null until the server has it.
 * @typedef {object} Entry
 * @property {string} key stable while the entry moves from "sending" to "sent"
 * @property {"said" | "joined" | "left" | "proposed" | "taken_back" | "answered" | "guest_joined" | "guest_left" | "uninvited" |
 *   "relieved" | "supervisor_came" | "warm_asked" | "warm_taken_back" | "warm_yes" | "warm_no" | "handed" | "stayed" |
 *   "move_asked" | "move_taken_back" | "move_yes" | "move_no"} type
 * @property {number | null} seq
 * @property {"visitor" | "operator" | "service" | null} from
 * @property {string} text
 * @property {string | null} at ISO 8601, UTC, to the minute
 * @property {string | null} id the client id of a message
 * @property {string | null} alias who joined, or who of the operators said it
 * @property {"sent" | "sending" | "failed"} delivery
 * @property {boolean} retry whether trying again can help
 * @property {string} why why it was refused, in words
 * @property {number} sentAt milliseconds: when it was last sent from here, 0 for what came from the server
 * @property {Seen | null} seen what the server saw in a message of hers
 * @property {import("./handover_types.js").Proposal | null} proposal what she was asked
 * @property {readonly string[]} receivers of an answer: who was sent something, by name
 * @property {boolean} guest a guest said it
 * @property {string | null} organisation where a guest comes from
 */

/**
 * @typedef {object} Seen
 * @property {"acute" | "concern"} [danger] what the words sound like: a guess
 * @property {"visitor" | "self" | "other"} [subject] who is in danger
 * @property {string} [reason]
 * @property {string} [cover] why it is shown after a click only: threat, harassment, sexual, repeated
 * @property {string[]} [masked] the kinds that were taken out; only when it has just been said
 */

/**
 * What is known of danger in one conversation. Two of these are compared, and neither is a score.
 * @typedef {object} Alarm
 * @property {boolean} said she has said that she is in danger now
 * @property {boolean} told she has told of it where this operator could not read the words
 * @property {boolean} before it was her answer to a question before the start
 * @property {"acute" | "concern" | null} level the worst that a message sounds like
 * @property {"visitor" | "self" | "other"} subject
 * @property {number} seq the newest message of that level, 0 without one
 * @property {number} place the newest message from which a place was taken out while it is acute, 0 without one
 */

/**
 * @typedef {object} Conversation
 * @property {string} id
 * @property {number} number the short name on this screen: "Samtal 2"
 * @property {string} service
 * @property {number} seq everything up to here has been read
 * @property {readonly Entry[]} entries in the server's order, then what is not sent yet
 * @property {boolean} readable
 * @property {boolean} connected whether the visitor has a socket
 * @property {number | null} awaySince milliseconds: since when she has none; null where that is not known
 * @property {number | null} backAt milliseconds: when she came back
 * @property {boolean} acute
 * @property {string | null} acuteAt when this console heard her say so, ISO 8601; null when it was told of it later
 * @property {string | null} deniedAt when she answered no to whether she is in danger, ISO 8601
 * @property {string | null} started when she started the chat, ISO 8601
 * @property {string} language
 * @property {Intake | null} intake
 * @property {AsGuest | null} as_guest this operator is a guest in it
 * @property {number} since milliseconds: when this console first had it
 * @property {number} typingUntil milliseconds
 * @property {number} unread
 * @property {"open" | "asking" | "ending" | "ended" | "lost"} phase asking: the end is being confirmed
 * @property {string} reason
 * @property {string} by whose it is now, where that is known
 * @property {string} notice a refusal that belongs to no message
 * @property {Alarm | null} folded the alarm as it was when the volunteer had seen it
 * @property {readonly string[]} uncovered keys of covered messages that are shown
 * @property {boolean} choosing the reasons for an unsafe end are open
 * @property {boolean} aside it is being let go of while she is away
 * @property {boolean} back it is being given back to the queue
 * @property {Unsafe | null} unsafe why it is being ended, to protect oneself; while it is asked, the reason that was chosen
 */

/**
 * Who holds it, and what may be read.
 * @typedef {{holder: string, organisation: string, history: boolean, supervisor?: boolean}} AsGuest
 */
/** @typedef {{receiver: string, name: string, organisation: string, here: boolean}} Possible somebody who could come */
/** @typedef {{type?: string, offer: {organisation: string}}} WarmProposal a question about a guest, as far as needed */

/** @typedef {"threat" | "harassment" | "sexual" | "spam"} Unsafe */

/** @typedef {{need?: string, age_band?: string, role?: string, municipality?: string, acute?: boolean}} Intake */

/**
 * @typedef {object} OperatorEntry an entry of `accepted`, as the server sends it
 * @property {"said" | "joined" | "left" | "proposed" | "taken_back" | "answered" | "guest_joined" | "guest_left" | "uninvited" |
 *   "relieved" | "supervisor_came" | "warm_asked" | "warm_taken_back" | "warm_yes" | "warm_no" | "handed" | "stayed" |
 *   "move_asked" | "move_taken_back" | "move_yes" | "move_no"} type
 * @property {number} seq
 * @property {"visitor" | "operator" | "service"} [from]
 * @property {string} [text]
 * @property {string} [at]
 * @property {string} [id]
 * @property {string} [alias]
 * @property {string} [organisation]
 * @property {Seen} [seen]
 * @property {import("./handover_types.js").Proposal} [proposal] of a question about a handover
 * @property {string} [invited] of an answer: from where somebody may come
 * @property {string[]} [receivers]
 */

/**
 * @typedef {object} WaitingConversation
 * @property {string} conversation
 * @property {string} service
 * @property {string} since
 * @property {number} waited_s
 * @property {boolean} acute
 * @property {string} language
 * @property {boolean} returned
 * @property {boolean} connected
 * @property {boolean} mine
 * @property {boolean} [joins] a guest is awaited
 * @property {"you" | "anybody"} [offered] it is offered to this console: it rings
 * @property {number} [left_s] with `offered`: so many seconds yet
 * @property {string} [started] with `offered`: since when she has been here, ISO 8601
 * @property {string} [holder] then: who holds it
 * @property {string} [organisation] then: where they work
 */

/**
 * @typedef {object} Duty
 * @property {boolean} on
 * @property {readonly string[]} services
 * @property {string} alias
 * @property {number | null} capacity how many at once, where it is one's own wish
 * @property {string | null} paused since when there is a pause, ISO 8601
 * @property {boolean} pending asked for, not answered yet
 * @property {string} refusal
 * @property {boolean} taken the alias that was asked for is a colleague's
 * @property {boolean} dropped the server took us off duty without being asked
 */

/**
 * `doubtful`: the socket is open, but there is reason to doubt that anybody is at its other end. `taken`: another tab has the console.
 * `refused`: the server asks us not to try again.
 * @typedef {"connecting" | "open" | "doubtful" | "lost" | "taken" | "signed_out" | "refused"} Link
 */

/**
 * @typedef {object} State
 * @property {Link} link
 * @property {boolean} met the server has answered at least once since the page was opened
 * @property {boolean} ready the server has answered `hello` on this connection
 * @property {Duty} duty
 * @property {readonly WaitingConversation[]} waiting
 * @property {number} waitingMore how many wait beyond these
 * @property {readonly WaitingConversation[]} joins where a guest is awaited
 * @property {readonly WaitingConversation[]} offers what is offered to this operator: each rings like one who waits
 * @property {readonly import("./alarms.js").Alarm[]} alarms what calls for this operator, who supervises
 * @property {number} waitingAt milliseconds: when the list came
 * @property {readonly string[]} claiming
 * @property {string} notice a refusal about the queue: a lost claim, no room
 * @property {readonly Conversation[]} conversations by number
 * @property {Readonly<Record<string, number>>} numbers of every conversation that this page has had, by id
 * @property {readonly string[]} recent ids, the one last turned to first
 * @property {Readonly<Record<string, string>>} drafts
 * @property {Readonly<Record<string, import("./handover_types.js").Handover>>} handovers by conversation, once touched
 * @property {Readonly<Record<string, import("./handover_types.js").Receivers>>} receivers by service
 * @property {Readonly<Record<string, import("./handover_seen.js").Rules>>} rules what tells who somebody is, by service and language
 * @property {"queue" | "conversation"} pane which one a narrow screen shows
 * @property {boolean} spoken a message of ours has been taken: how to write is known
 * @property {boolean} focused whether the window has the keyboard
 * @property {number} now milliseconds
 */

/**
 * Where the word stands that was agreed on; never what it is. `left`: so often it can still be told wrong.
 * @typedef {{state: "offered" | "declined" | "agreed" | "asked" | "matched" | "differed" | "skipped", left: number}} AgreedWord
 */

/**
 * @typedef {{type: "ready", held: {conversation: string, service: string, seq: number}[]}
 *   | {type: "duty", on: boolean, services: string[], alias?: string | null, capacity?: number, paused?: string,
 *      languages?: string[]}
 *   | {type: "colleagues", services: import("./shift.js").AtService[]}
 *   | {type: "waiting", conversations: WaitingConversation[], more?: number}
 *   | {type: "accepted", conversation: string, service: string, seq: number, entries: OperatorEntry[],
 *      readable: boolean, since_transfer?: boolean, connected: boolean, acute: boolean, language: string, intake?: Intake | null,
 *      as_guest?: AsGuest, guest?: {organisation: string, alias?: string, supervisor?: boolean}, until?: string, returns?: number,
 *      word?: AgreedWord, started?: string, hand?: string, since?: string}
 *   | {type: "said", conversation: string, seq: number, from: "visitor" | "operator" | "service", text: string,
 *      at: string, id?: string, seen?: Seen, alias?: string}
 *   | {type: "guests", conversation: string, receivers: Possible[]}
 *   | {type: "guest_joined", conversation: string, seq: number, alias: string, organisation: string}
 *   | {type: "guest_left", conversation: string, seq: number, alias: string}
 *   | {type: "uninvited", conversation: string, seq: number}
 *   | {type: "stayed", conversation: string, seq: number, organisation: string}
 *   | {type: "ack", conversation: string, id: string, seq: number}
 *   | {type: "nack", code: string, text: string, retry: boolean, conversation?: string, id?: string, field?: string}
 *   | {type: "proposal", conversation: string, seq: number, proposal: import("./handover_types.js").Proposal, id?: string}
 *   | {type: "taken_back", conversation: string, seq: number}
 *   | {type: "answered", conversation: string, seq: number, receivers?: string[], invited?: string}
 *   | {type: "acute", conversation: string} | {type: "not_acute", conversation: string} | {type: "typing", conversation: string}
 *   | {type: "presence", conversation: string, connected: boolean, until?: string, returns?: number, since?: string}
 *   | ({type: "noted", conversation: string} & import("./notes_model.js").Note)
 *   | {type: "word", conversation: string, word?: AgreedWord}
 *   | {type: "lost", conversation: string, seq: number, by?: string}
 *   | {type: "transfers", conversation: string, places: import("./transfer_told.js").Place[]}
 *   | {type: "transfer", conversation: string, transfer?: import("./transfer_told.js").Shown}
 *   | {type: "hand", conversation: string, since?: string, here?: boolean}
 *   | {type: "supervisor_came", conversation: string, seq: number, alias: string}
 *   | {type: "yours", conversation: string, seq: number, alias: string, relieved: string}
 *   | {type: "talk", at?: string, alias?: string, here?: boolean}
 *   | ({type: "alerts"} & import("./alerts.js").Alerts)
 *   | {type: "ended", conversation: string, seq: number, reason: string}
 *   | {type: "became", conversation: string, now: "waits" | "taken" | "gone", since?: string, alias?: string}
 *   | {type: "degraded", away: boolean}
 *   | {type: "here", id: number} | {type: "beat"} | {type: "drain", within_ms: number}} Frame
 */

/**
 * @typedef {{type: "frame", frame: Frame, now: number}
 *   | {type: "link", link: Link} | {type: "tick", now: number} | {type: "focused", focused: boolean}
 *   | {type: "duty"} | {type: "claim", conversation: string} | {type: "quiet"} | {type: "queue"}
 *   | {type: "turn", conversation: string} | {type: "draft", conversation: string, text: string}
 *   | {type: "send", conversation: string, id: string, text: string, now: number}
 *   | {type: "retry", conversation: string, id: string, now: number}
 *   | {type: "edit", conversation: string, id: string}
 *   | {type: "ask_end", conversation: string} | {type: "keep", conversation: string}
 *   | {type: "fold", conversation: string} | {type: "unfold", conversation: string}
 *   | {type: "uncover", conversation: string, keys: string[]} | {type: "cover", conversation: string, keys: string[]}
 *   | {type: "ask_unsafe", conversation: string, unsafe?: Unsafe}
 *   | {type: "hand", conversation: string, hand: import("./handover_types.js").Hand}
 *   | {type: "receivers", service: string, receivers: import("./handover_types.js").Receivers | null}
 *   | {type: "rules", key: string, rules: import("./handover_seen.js").Rules}
 *   | {type: "end", conversation: string, unsafe?: Unsafe} | {type: "dismiss", conversation: string}
 *   | {type: "aside", conversation: string} | {type: "hand_back", conversation: string}} Act
 */

export {};
