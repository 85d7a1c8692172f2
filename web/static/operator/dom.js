// SPDX-License-Identifier: EUPL-1.2
// The few touches of the page that every region shares: find, clone, write only what has changed.
// Text goes in as text, never as markup.

/** @type {WeakMap<ParentNode, Map<string, HTMLElement>>} */
const known = new WeakMap();

/**
 * Find a part once: what follows a long log would otherwise be searched through all of it on every key.
 * @param {ParentNode} root
 * @param {string} name the value of `data-part`
 * @returns {HTMLElement}
 */
export function part(root, name) {
  const parts = known.get(root) ?? new Map();
  known.set(root, parts);
  const found = parts.get(name) ?? root.querySelector(`[data-part="${name}"]`);
  if (!(found instanceof HTMLElement)) throw new Error(`the page has no part ${name}`);
  parts.set(name, found);
  return found;
}

/**
 * @template {HTMLElement} T
 * @param {ParentNode} root
 * @param {string} name
 * @param {new () => T} kind
 * @returns {T}
 */
export function partOf(root, name, kind) {
  const found = part(root, name);
  if (!(found instanceof kind)) throw new Error(`the part ${name} is of another kind`);
  return found;
}

/**
 * @param {string} id of a `template` element with one child
 * @returns {HTMLElement}
 */
export function clone(id) {
  const template = document.getElementById(id);
  const child = template instanceof HTMLTemplateElement ? template.content.firstElementChild : null;
  const copy = child?.cloneNode(true);
  if (!(copy instanceof HTMLElement)) throw new Error(`the page has no template ${id}`);
  return copy;
}

/**
 * Make the ids of a copy one of a kind, and what refers to them.
 * @param {HTMLElement} copy
 * @param {string} of
 * @returns {HTMLElement}
 */
export function own(copy, of) {
  for (const name of ["id", "for", "aria-describedby", "aria-labelledby"]) {
    for (const element of copy.querySelectorAll(`[${name}]`)) {
      const ids = (element.getAttribute(name) ?? "").split(" ");
      element.setAttribute(name, ids.map((id) => `${id}-${of}`).join(" "));
    }
  }
  return copy;
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * @param {HTMLElement} element
 * @param {boolean} shown
 */
export function show(element, shown) {
  if (element.hidden === shown) element.hidden = !shown;
}

/**
 * Write a text where there is one, and take the element away where there is none.
 * @param {HTMLElement} element
 * @param {string} text
 */
export function writeOrHide(element, text) {
  write(element, text);
  show(element, text !== "");
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 * @param {string} value
 */
export function mark(element, name, value) {
  if (element.dataset[name] !== value) element.dataset[name] = value;
}

/**
 * A button that cannot be pressed now keeps the focus, so it is marked and not disabled.
 * @param {HTMLElement} button
 * @param {boolean} blocked
 */
export function block(button, blocked) {
  const value = String(blocked);
  if (button.getAttribute("aria-disabled") !== value) button.setAttribute("aria-disabled", value);
}

/**
 * Put an element elsewhere, unless it stands there already. The focus in it goes along.
 * @param {HTMLElement} element
 * @param {HTMLElement} parent
 * @param {HTMLElement | null} [before]
 */
export function moved(element, parent, before = null) {
  if (element.parentElement === parent) return;
  const focused = element.contains(document.activeElement) ? document.activeElement : null;
  parent.insertBefore(element, before);
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
}

/** @param {HTMLElement} button */
export function isBlocked(button) {
  return button.getAttribute("aria-disabled") === "true";
}

/**
 * Put `wanted` in `parent` in this order and remove the rest. What stands right is not touched: an element that is
 * moved loses the focus.
 * @param {HTMLElement} parent
 * @param {readonly HTMLElement[]} wanted
 */
export function arrange(parent, wanted) {
  const kept = new Set(wanted);
  for (const element of [...parent.children]) {
    if (element instanceof HTMLElement && !kept.has(element)) element.remove();
  }
  let place = parent.firstElementChild;
  for (const element of wanted) {
    if (element === place) place = place.nextElementSibling;
    else parent.insertBefore(element, place);
  }
}
