import { h } from "./dom.js";
import { withEmoji } from "./mrkdwn.js";
import { place } from "./menu.js";

const WAIT = 150; // ms without a key before the options are asked for

/**
 * select is a box that one types into to choose from options: {value, label, detail, group}.
 * find(typed) gives them, at once or later, or throws with a reason; onchange follows each choice.
 * chosen are the options that it holds at first. It returns {node, values()}.
 */
export function select({ label, placeholder, find, many = false, most = Infinity, chosen = [], onchange = () => {}, attributes = {} }) {
  let options = [];
  let marked = 0;
  let timer;
  let asked = 0;
  const list = h("ul", { class: "popup options", role: "listbox", "aria-label": label, "aria-multiselectable": many || null });
  const box = h("input", {
    type: "text", role: "combobox", autocomplete: "off", "aria-expanded": "false", "aria-label": label, placeholder, ...attributes,
    oninput: () => ask(WAIT), onfocus: () => box.select(), onclick: () => ask(0), onkeydown: key, onblur: () => {
      hide();
      if (!many) show();
    },
  });
  const chips = h("span", { class: "chips" });
  const node = h("div", { class: `select ${many ? "select-many" : ""}` }, many && chips, box);

  function show() {
    if (!many) {
      box.value = chosen[0]?.label ?? "";
      return;
    }
    box.value = "";
    box.placeholder = chosen.length ? "" : placeholder ?? "";
    chips.replaceChildren(...chosen.map((option) => h("button", {
      type: "button", class: "chip-button", "aria-label": `Remove ${option.label}`, onclick: () => set(chosen.filter((one) => one !== option)),
    }, option.label, h("span", { "aria-hidden": "true" }, "×"))));
  }

  function set(next) {
    chosen = next;
    show();
    onchange();
  }

  function choose(option) {
    const without = chosen.filter((one) => one.value !== option.value);
    if (!many) set([option]);
    else if (without.length < chosen.length) set(without);
    else if (chosen.length < most) set([...chosen, option]);
    hide();
  }

  function ask(wait) {
    clearTimeout(timer);
    const mine = ++asked;
    const typed = !many && box.value === chosen[0]?.label ? "" : box.value;
    timer = setTimeout(async () => {
      try {
        const found = await find(typed.trim());
        if (mine === asked) offer(found, typed ? "Nothing fits" : "Type to search");
      } catch (error) {
        if (mine === asked) offer([], error.message);
      }
    }, wait);
  }

  function offer(found, otherwise) {
    if (document.activeElement !== box) return;
    options = found;
    marked = 0;
    let group;
    list.replaceChildren(...found.flatMap((option, at) => [
      option.group && option.group !== group && h("li", { role: "presentation", class: "group" }, group = option.group),
      h("li", {
        role: "option", "data-value": option.value, onmousedown: (event) => event.preventDefault(), onclick: () => choose(option),
        "aria-selected": String(at === 0), class: chosen.some(({ value }) => value === option.value) ? "chosen" : null,
      }, h("span", {}, withEmoji(option.label)), option.detail && h("small", {}, withEmoji(option.detail))),
    ]).filter(Boolean));
    if (!found.length) list.append(h("li", { role: "presentation", class: "group" }, otherwise));
    (node.closest("dialog") ?? document.body).append(list);
    list.style.width = `${Math.max(220, node.offsetWidth)}px`;
    place(list, node);
    box.setAttribute("aria-expanded", "true");
  }

  function hide() {
    asked++;
    list.remove();
    options = [];
    box.setAttribute("aria-expanded", "false");
  }

  function mark(next) {
    const all = [...list.querySelectorAll("[role=option]")];
    marked = (next + all.length) % all.length;
    all.forEach((item, at) => item.setAttribute("aria-selected", String(at === marked)));
    all[marked].scrollIntoView({ block: "nearest" });
  }

  function key(event) {
    if (event.isComposing) return;
    const open = list.isConnected;
    if (event.key === "ArrowDown" && !open) ask(0);
    else if (event.key === "ArrowDown" && options.length) mark(marked + 1);
    else if (event.key === "ArrowUp" && options.length) mark(marked - 1);
    else if (event.key === "Enter" && options.length) choose(options[marked]);
    else if (event.key === "Escape" && open) hide();
    else if (event.key === "Backspace" && many && box.value === "" && chosen.length) return set(chosen.slice(0, -1));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  show();
  return { node, values: () => chosen.map(({ value }) => value) };
}
