// SPDX-License-Identifier: EUPL-1.2
/**
 * Above the field: the question about what she is about to send, and the offer of what was taken out.
 *
 * Thin: draws what it is given and tells what was pressed. Words of people only ever become text.
 */

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
  panel.hidden = true;
  find("write").before(panel);
  const main = find("page");
  /** @type {() => void} */
  let back = () => {};
  panel.addEventListener("keydown", (event) => {
    // Enter that is still held down from the field must not answer.
    if (event.key === "Enter" && event.repeat) event.preventDefault();
    if (event.key === "Escape") back();
  });

  return {
    /** @param {import("./types").Question} question */
    open({ what, pieces, acute, onRemove, onKeep, onBack }) {
      back = onBack;
      const asked = node("div", "asked");
      asked.id = "asked";
      asked.append(...what.map((line) => node("p", "", line)));
      const text = node("p", "asked-text");
      text.id = "asked-text";
      text.dir = "auto";
      text.append(...pieces.map(({ kind, text: words }) => (kind === null ? words : node("mark", "", words))));
      const usual = acute ? button("strong wide", say("keep.acute"), onKeep) : button("strong", say("remove"), onRemove);
      const other = acute ? button("inline", say("remove"), onRemove) : button("plain", say("keep"), onKeep);
      const choices = node("div", "choices");
      choices.append(usual, ...(acute ? emergency(call, say) : []), other, button("inline", say("back"), onBack));
      panel.replaceChildren(asked, text, choices);
      panel.hidden = false;
      main.classList.add("asks");
      // A long text: what it is about is seen.
      const mark = text.querySelector("mark");
      if (mark !== null) text.scrollTop = mark.getBoundingClientRect().top - text.getBoundingClientRect().top - 8;
      usual.focus({ preventScroll: true });
    },
    close() {
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
  // Both stand there before anything is said in them, so that a screen reader hears it.
  const quiet = node("div", "beside offer");
  quiet.setAttribute("role", "status");
  const loud = node("div", "beside offer urgent");
  loud.setAttribute("role", "alert");
  find("write").before(quiet, loud);
  quiet.hidden = loud.hidden = true;

  function close() {
    for (const box of [quiet, loud]) {
      box.replaceChildren();
      box.hidden = true;
    }
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
      box.hidden = false;
      box.append(node("p", "", what), choices);
    },
    close,
  };
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
