/** $ finds an element of the page by its id. */
export const $ = (id) => document.getElementById(id);

/**
 * h builds an element: h("a", {class: "link", href: url, onclick: f}, "text", child).
 * Attributes and children that are null, undefined or false are left out; strings become text,
 * so nothing a message says is ever read as HTML.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

/**
 * keyed returns a function that shows a list of {key, make} in parent. An element whose key was
 * there before stays where it is, so focus, selection and a half-typed edit survive.
 */
export function keyed(parent) {
  let shown = new Map();
  return (items) => {
    const next = new Map(items.map(({ key, make }) => [key, shown.get(key) ?? make()]));
    const kept = new Set(next.values());
    for (const child of [...parent.children]) if (!kept.has(child)) child.remove();
    let index = 0;
    for (const element of kept) {
      if (parent.children[index] !== element) parent.insertBefore(element, parent.children[index] ?? null);
      index++;
    }
    shown = next;
  };
}

/**
 * follow keeps a scrolling element at its end as it grows or changes size, while the person is
 * there; an entry taller than the element is shown from its beginning. It returns a function that
 * goes to the end wherever the person is.
 */
export function follow(element) {
  let atEnd = true;
  let height = 0;
  const settle = () => {
    height = element.clientHeight;
    const last = element.lastElementChild;
    if (atEnd && last) element.scrollTop = last.offsetHeight > element.clientHeight ? last.offsetTop : element.scrollHeight;
  };
  element.addEventListener("scroll", () => {
    // Of a change of size the browser tells the scroll first and the size after; only a person's scroll counts.
    if (element.clientHeight === height) atEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - 60;
  });
  new ResizeObserver(settle).observe(element);
  new MutationObserver(settle).observe(element, { childList: true, subtree: true });
  return () => {
    atEnd = true;
    settle();
  };
}

const ICONS = {
  menu: "M3 5h14M3 10h14M3 15h14",
  close: "M5 5l10 10M15 5L5 15",
  send: "M3 9.2 17 3l-4.6 14-3.1-5.6zM9.3 11.4 17 3",
  reply: "M3.5 4.5h13v9H9.3L5.5 16.6v-3.1h-2z",
  edit: "M4 16l.8-3.6L13 4.2 15.8 7l-8.2 8.2z",
  trash: "M4 6h12M8 6V4h4v2M5.8 6l.8 10.5h6.8L14.2 6",
  pulse: "M2 10h4l2.2-5.5 3.6 11L14 10h4",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  more: "M10 4.5v.01M10 10v.01M10 15.5v.01",
  bolt: "M11 2 4.5 11.5H9L8 18l7-10h-4.6z",
  smile: "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15M6.8 11.6c.7 1.4 1.8 2.1 3.2 2.1s2.5-.7 3.2-2.1M7.4 7.8v.01M12.6 7.8v.01",
  spark: "M10 2.5l1.7 5.8 5.8 1.7-5.8 1.7L10 17.5l-1.7-5.8L2.5 10l5.8-1.7z",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  play: "M6 4l10 6-10 6z",
  back: "M12 4l-6 6 6 6",
  positive: "M7 9l2.8-6c1.4 0 2.1.9 2 2.2L11.5 8h4c1 0 1.6.9 1.4 1.8l-1.2 5.4c-.2.8-.7 1.3-1.5 1.3H7zM3 9h4v7.5H3z",
  negative: "M13 11l-2.8 6c-1.4 0-2.1-.9-2-2.2l.3-2.8h-4c-1 0-1.6-.9-1.4-1.8l1.2-5.4c.2-.8.7-1.3 1.5-1.3H13zM17 11h-4V3.5h4z",
};

/** icon draws one of ICONS; it is decoration, so its button needs a label of its own. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** confirm asks a question in a modal dialog and resolves to whether the person agreed. */
export function confirm({ title, body, yes = "Yes", no = "Cancel", danger = false }) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { "aria-label": title, onclose: () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    } },
    h("form", { method: "dialog" },
      h("h2", {}, title),
      h("div", { class: "dialog-body" }, body),
      h("div", { class: "dialog-buttons" },
        h("button", { class: "button", value: "no" }, no),
        h("button", { class: `button ${danger ? "danger" : "primary"}`, value: "yes", autofocus: true }, yes))));
    document.body.append(dialog);
    dialog.showModal();
  });
}
