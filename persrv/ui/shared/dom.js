// Building the page from data. Text only ever becomes text: nothing here, or anywhere, parses markup.

/** An element with attributes (class, data, on, style, any other by name) and children (nodes, texts, null). */
export function h(tag, attributes = {}, ...children) {
  return dress(document.createElement(tag), attributes, children);
}

/** The same in SVG. */
export function svg(tag, attributes = {}, ...children) {
  return dress(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function dress(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (name === "data") {
      Object.assign(element.dataset, value);
    } else if (name === "style") {
      for (const [property, setting] of Object.entries(value)) element.style.setProperty(property, setting);
    } else {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** The one element in `root` marked data-part="name". */
export function part(root, name) {
  return root.querySelector(`[data-part="${name}"]`);
}

export const reducedMotion = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Brings `elements` in this order into `parent`, alone, and touches only those that are elsewhere. */
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
 * Runs `change`, which moves stickers of `parents` about, and lets them glide from where they were. All places are read
 * once before and once after it: a reading in between would lay the page out once more.
 */
export function gliding(on, parents, change) {
  if (!on || reducedMotion()) {
    change();
    return;
  }
  const places = () => parents.flatMap((parent) => [...parent.querySelectorAll(":scope > [data-sticker]")]).map((item) => [item, item.getBoundingClientRect()]);
  const before = new Map(places());
  change();
  const easing = "cubic-bezier(.2,.75,.2,1)";
  const inSight = (box) => box.bottom > 0 && box.top < window.innerHeight;
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

/** Brings a heading to the top of the screen; whoever goes on by keyboard goes on from there. */
export function jumpTo(title) {
  title.tabIndex = -1;
  title.focus({ preventScroll: true });
  title.scrollIntoView();
}

/** A number as people read it: at most `digits` decimals, never scientific. */
export function decimal(value, digits = 2) {
  return Number(value).toFixed(digits);
}

const svgIcons = {
  close: "M5 5l10 10M15 5L5 15",
  previous: "M12.5 4.5L7 10l5.5 5.5",
  next: "M7.5 4.5L13 10l-5.5 5.5",
};

/** A line icon; its meaning is said by the label of the button around it. */
export function icon(name) {
  return svg("svg", { viewBox: "0 0 20 20", class: "ps-icon", "aria-hidden": "true" }, svg("path", { d: svgIcons[name] }));
}
