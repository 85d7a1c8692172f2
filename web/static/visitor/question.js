// SPDX-License-Identifier: EUPL-1.2
/**
 * Above the field: the question about what she is about to send, and the offer of what was taken out.
 *
 * Thin: draws what it is given and tells what was pressed. Words of people only ever become text.
 *
 * A key that was meant for the field never answers: the question itself takes the focus, not a button; its buttons
 * wait a moment before they can be pressed; and what she types on goes to the field.
 */

const MEANT_AFTER_MS = 700;

/** @typedef {ReturnType<typeof import("./view.js").parts>} Page */
/** @typedef {import("./types").Say} Say */
/** @typedef {{ text: string, href: string } | null} Call */

/**
 * @param {{ page: Page, say: Say, call: Call }} options
 */
export function questionView({ page: { find }, say, call }) {
  const panel = node("section", "beside question");
  panel.setAttribute("role", "alertdialog");
  panel.setAttribute("aria-labelledby", "asked");
  panel.setAttribute("aria-describedby", "asked-text");
  panel.tabIndex = -1;
  panel.hidden = true;
  find("write").before(panel);
  const main = find("page");
  /** @type {() => void} */
  let back = () => {};
  let meant = 0;
  panel.addEventListener("keydown", (event) => {
    // A key that is still held down from the field must not answer.
    if (event.repeat && (event.key === "Enter" || event.key === " ")) event.preventDefault();
    if (event.key === "Escape" || isWriting(event)) back();
  });

  /** @param {HTMLElement} choices */
  function answerable(choices) {
    clearTimeout(meant);
    const buttons = choices.querySelectorAll("button");
    for (const one of buttons) one.disabled = true;
    meant = setTimeout(() => {
      for (const one of buttons) one.disabled = false;
    }, MEANT_AFTER_MS);
  }

  return {
    /** @param {import("./types").Question} question */
    open({ what, pieces, acute, onRemove, onKeep, onNames, onBack }) {
      back = onBack;
      const asked = node("div", "asked");
      asked.id = "asked";
      asked.append(...what.map((line) => node("p", "", line)));
      const text = node("p", "asked-text");
      text.id = "asked-text";
      text.dir = "auto";
      text.append(...pieces.map(({ kind, text: words }) => (kind === null ? words : highlighted(words))));
      const usual = acute ? button("strong wide", say("keep.acute"), onKeep) : button("strong", say("remove"), onRemove);
      const other = acute ? button("inline", say("remove"), onRemove) : button("plain", say("keep"), onKeep);
      const choices = node("div", "choices");
      choices.append(usual, ...(acute ? emergency(call, say) : []), other, button("inline", say("back"), onBack));
      if (onNames !== null) choices.append(button("inline", say("names"), onNames));
      answerable(choices);
      panel.replaceChildren(asked, text, choices);
      panel.hidden = false;
      main.classList.add("asks");
      // A long text: what it is about is seen.
      const mark = text.querySelector("mark");
      if (mark !== null) text.scrollTop = mark.getBoundingClientRect().top - text.getBoundingClientRect().top - 8;
      panel.focus({ preventScroll: true });
      panel.scrollTop = 0;
    },
    close() {
      clearTimeout(meant);
      panel.hidden = true;
      panel.replaceChildren();
      main.classList.remove("asks");
    },
  };
}

/**
 * @param {{ page: Page, say: Say, call: Call }} options
 */
export function offerView({ page: { find }, say, call }) {
  // Both always stand there, empty and never hidden, so that a screen reader hears what comes into them.
  const quiet = node("div", "beside offer");
  quiet.setAttribute("role", "status");
  const loud = node("div", "beside offer urgent");
  loud.setAttribute("role", "alert");
  find("write").before(quiet, loud);

  function close() {
    for (const box of [quiet, loud]) box.replaceChildren();
  }
  return {
    /** @param {import("./types").Offer} offer */
    open({ what, urgent, onKeep, onClose }) {
      close();
      const box = urgent ? loud : quiet;
      const choices = node("div", "choices");
      choices.append(button(urgent ? "strong" : "plain", say("keep.acute"), onKeep));
      if (urgent) choices.append(...emergency(call, say));
      choices.append(button("inline", say("close"), onClose));
      box.append(node("p", "", what), choices);
    },
    close,
  };
}

/**
 * A key that writes or rubs out, and presses nothing.
 * @param {KeyboardEvent} event
 */
export function isWriting({ key, target, ctrlKey, metaKey, altKey }) {
  if (ctrlKey || metaKey || altKey) return false;
  const pressed = key === " " && /** @type {Element | null} */ (target)?.tagName !== "SECTION";
  return !pressed && ([...key].length === 1 || ["Backspace", "Dead", "Process"].includes(key));
}

/**
 * The emergency line as a link, and what to say there.
 * @param {Call} call
 * @param {Say} say
 * @returns {HTMLElement[]}
 */
export function emergency(call, say) {
  if (call === null) return [];
  const link = Object.assign(document.createElement("a"), { href: call.href, textContent: call.text });
  link.className = "call";
  const words = node("span", "where");
  words.append(link, ". ", say("where"));
  return [words];
}

/**
 * @param {string} name
 * @param {string} className
 * @param {string} [text]
 * @returns {HTMLElement}
 */
export function node(name, className, text = "") {
  const element = document.createElement(name);
  if (className !== "") element.className = className;
  element.textContent = text;
  return element;
}

/**
 * What was found in a text: digits run from left to right, whatever stands around them.
 * @param {string} text
 */
export function highlighted(text) {
  const mark = node("mark", "", text);
  mark.dir = "auto";
  return mark;
}

/**
 * @param {string} className
 * @param {string} label
 * @param {() => void} onClick
 * @returns {HTMLButtonElement}
 */
export function button(className, label, onClick) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = className;
  element.textContent = label;
  element.addEventListener("click", onClick);
  return element;
}
