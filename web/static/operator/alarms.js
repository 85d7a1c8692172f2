// SPDX-License-Identifier: EUPL-1.2
// What calls for a supervisor, as whatever rings and counts knows it: by the same keys as the list in `alerts.js`. Pure.

/** @typedef {import("./alerts.js").Alerts} Alerts */

/**
 * @typedef {object} Alarm something that waits until somebody has seen to it
 * @property {string} key
 * @property {string} of the conversation or the wish that it is about, if it names one
 * @property {boolean} acute
 */

/**
 * Raised hands, those who wait without anybody there or after a lost operator, and wishes to talk that nobody has taken.
 * @param {Alerts} alerts
 * @returns {readonly Alarm[]}
 */
export function alarmsOf({ hands, unattended, returned, talks }) {
  const waits = waitingAlone({ unattended, returned });
  return [
    ...hands.map(({ conversation, acute }) => ({ key: handKey(conversation), of: conversation, acute })),
    ...waits.unattended.map(({ service, acute }) => ({ key: unattendedKey(service), of: "", acute })),
    ...waits.returned.map(({ service, acute }, place) => ({ key: returnedKey(service, place), of: "", acute })),
    ...talks.filter(({ taken_by: taken = "" }) => taken === "").map(({ talk }) => ({ key: talkKey(talk), of: talk, acute: false })),
  ];
}

/**
 * Where nobody is on duty, whoever lost the one who answered is one of those who wait there: one loss is told once.
 * @param {Pick<Alerts, "unattended" | "returned">} alerts
 */
export function waitingAlone({ unattended, returned }) {
  const alone = new Set(unattended.map(({ service }) => service));
  const isAcute = (/** @type {string} */ service) => returned.some((one) => one.service === service && one.acute);
  return {
    unattended: unattended.map((one) => ({ ...one, acute: isAcute(one.service) })),
    returned: returned.filter(({ service }) => !alone.has(service)),
  };
}

/** @param {string} conversation */
export const handKey = (conversation) => `hand-${conversation}`;
/** @param {string} service */
export const unattendedKey = (service) => `unattended-${service}`;
/** @param {string} service @param {number} place in the list */
export const returnedKey = (service, place) => `returned-${service}-${place}`;
/** @param {string} talk */
export const talkKey = (talk) => `talk-${talk}`;
