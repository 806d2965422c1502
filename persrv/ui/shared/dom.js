// Building the page from data. Text only ever becomes text: nothing here, or anywhere, parses markup.

/**
 * Make an HTML element with attributes (class, data, on, style, any other by name) and children (nodes, texts, null).
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} attributes
 * @param {Child[]} children
 */
export function h(tag, attributes = {}, ...children) {
  return dress(document.createElement(tag), attributes, children);
}

/**
 * Make an SVG element, as `h` does.
 *
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} attributes
 * @param {Child[]} children
 */
export function svg(tag, attributes = {}, ...children) {
  return dress(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/**
 * @template {HTMLElement | SVGElement} T
 * @param {T} element
 * @param {Attributes} attributes
 * @param {Child[]} children
 */
function dress(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(attributes.on ?? {})) element.addEventListener(event, listener);
    } else if (name === "data") {
      Object.assign(element.dataset, value);
    } else if (name === "style") {
      for (const [property, setting] of Object.entries(attributes.style ?? {})) element.style.setProperty(property, String(setting));
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...nodesOf(children));
  return element;
}

/**
 * Return children without null, undefined and false, lists flattened.
 *
 * @param {Child[]} children
 * @returns {(Node | string)[]}
 */
const nodesOf = (children) => children.flatMap((child) => (Array.isArray(child) ? nodesOf(child) : child === null || child === undefined || child === false ? [] : [child]));

/**
 * Return the one element in `root` marked data-part="name"; the caller says which kind of element that is.
 *
 * @template {HTMLElement} [Element=HTMLElement]
 * @param {ParentNode} root
 * @param {string} name
 * @returns {Element}
 */
export function part(root, name) {
  return /** @type {any} */ (root.querySelector(`[data-part="${name}"]`));
}

/**
 * Replace the children of `parent`; where one of them had the focus, the one in its place gets it.
 *
 * @param {HTMLElement} parent
 * @param {(Node | string)[]} children
 */
export function refill(parent, children) {
  const at = [...parent.children].findIndex((each) => each.contains(document.activeElement));
  parent.replaceChildren(...children);
  /** @type {HTMLElement | undefined} */ ([...parent.children][Math.min(at, parent.children.length - 1)])?.focus({ preventScroll: true });
}

/**
 * Write into a field what an answer brought. Whoever stands in the field by then finds it selected, so that what they type
 * takes its place and is not joined to it.
 *
 * @param {HTMLInputElement | HTMLTextAreaElement} field
 * @param {string} text
 */
export function fillIn(field, text) {
  if (field.value === text) return;
  field.value = text;
  if (field.ownerDocument.activeElement === field) field.select();
}

export const reducedMotion = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Bring `elements` in this order into `parent`, alone, and touch only those that are elsewhere.
 *
 * @param {ParentNode & Node} parent
 * @param {Element[]} elements
 */
export function arrange(parent, elements) {
  let at = parent.firstChild;
  for (const element of elements) {
    if (element === at) at = at.nextSibling;
    else parent.insertBefore(element, at);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

/**
 * Run `change`, which moves stickers of `parents` about, and let them glide from where they were. All places are read
 * once before and once after it: reading in between would lay the page out once more.
 *
 * @param {boolean} on
 * @param {HTMLElement[]} parents
 * @param {() => void} change
 */
export function gliding(on, parents, change) {
  if (!on || reducedMotion()) {
    change();
    return;
  }
  /** @returns {[HTMLElement, DOMRect][]} */
  const places = () => parents.flatMap((parent) => [...parent.querySelectorAll(":scope > [data-sticker]")]).map((item) => [item, item.getBoundingClientRect()]);
  const before = new Map(places());
  change();
  const easing = "cubic-bezier(.2,.75,.2,1)";
  const inSight = (/** @type {DOMRect} */ box) => box.bottom > 0 && box.top < window.innerHeight;
  for (const [element, to] of places()) {
    const from = before.get(element);
    if (!inSight(to) && !(from && inSight(from))) continue;
    if (!from) {
      element.animate([{ opacity: 0, transform: "scale(.8)" }, { opacity: 1, transform: "none" }], { duration: 320, easing });
      continue;
    }
    const [x, y] = [from.left - to.left, from.top - to.top];
    if (x || y) element.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }], { duration: 420, easing });
  }
}

/**
 * Bring a heading to the top of the screen, and let the keyboard go on from there.
 *
 * @param {HTMLElement} title
 */
export function jumpTo(title) {
  title.tabIndex = -1;
  title.focus({ preventScroll: true });
  title.scrollIntoView();
}

/**
 * Write a number with `digits` decimals, never scientific.
 *
 * @param {number | string} value
 */
export function decimal(value, digits = 2) {
  return Number(value).toFixed(digits);
}

/**
 * Write a number with two decimals, or with three significant digits where two decimals would tell another number.
 *
 * @param {number} value
 */
export function faithful(value) {
  const short = decimal(value);
  return Number(short) === value ? short : String(Number(value.toPrecision(3)));
}

/** @type {Record<string, string>} */
const svgIcons = {
  close: "M5 5l10 10M15 5L5 15",
  previous: "M12.5 4.5L7 10l5.5 5.5",
  next: "M7.5 4.5L13 10l-5.5 5.5",
};

/**
 * Draw a line icon; the label of the button around it says what it means.
 *
 * @param {string} name
 */
export function icon(name) {
  return svg("svg", { viewBox: "0 0 20 20", class: "ps-icon", "aria-hidden": "true" }, svg("path", { d: svgIcons[name] }));
}
