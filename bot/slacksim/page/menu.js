import { h } from "./dom.js";

/**
 * openMenu shows items {label, detail, key, onchoose, danger} beside a button, until one is chosen or
 * the person turns elsewhere. kind is a class for the looks.
 */
export function openMenu(button, items, { label, kind = "" } = {}) {
  if (button.getAttribute("aria-expanded") === "true") return;
  const menu = h("div", { class: `popup ${kind}`, role: "menu", "aria-label": label }, items.map((item) =>
    h("button", { type: "button", role: "menuitem", class: item.danger ? "danger-text" : null, "data-key": item.key, title: item.title, onclick: () => {
      close();
      button.focus();
      item.onchoose();
    } }, h("span", {}, item.label), item.detail && h("small", {}, item.detail))));
  const close = () => {
    menu.remove();
    button.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", elsewhere, true);
    removeEventListener("resize", close);
  };
  const elsewhere = ({ target }) => menu.contains(target) || button.contains(target) || close();
  menu.addEventListener("keydown", (event) => {
    const all = [...menu.children];
    const at = all.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (step) all[(at + step + all.length) % all.length].focus();
    else if (event.key === "Escape") {
      close();
      button.focus();
    } else if (event.key === "Tab") close();
    else return;
    if (event.key !== "Tab") event.preventDefault();
    event.stopPropagation();
  });
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "true");
  // A modal dialog lies over everything outside it, so the menu belongs into it.
  (button.closest("dialog") ?? document.body).append(menu);
  place(menu, button);
  menu.firstElementChild?.focus();
  document.addEventListener("pointerdown", elsewhere, true);
  addEventListener("resize", close);
}

/** place puts a popup below its anchor, or above it where there is no room, within the window. */
export function place(popup, anchor) {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popup;
  const below = at.bottom + 4 + height < innerHeight || at.top < height;
  popup.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
  popup.style.top = `${Math.max(8, below ? Math.min(at.bottom + 4, innerHeight - height - 8) : at.top - height - 4)}px`;
}
