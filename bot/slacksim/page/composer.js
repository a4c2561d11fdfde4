import { h, icon } from "./dom.js";
import { openMenu } from "./menu.js";
import { toWire } from "./mrkdwn.js";

/** suggest finds what could complete the text before the caret: {from, items: [{insert, label, detail}]}. */
export function suggest(before, { users, commands }) {
  const slash = /^\/\S*$/.exec(before);
  if (slash) {
    const matching = commands.filter(({ command }) => command.startsWith(before.toLowerCase()));
    return { from: 0, items: matching.map(({ command, hint, description }) => ({ insert: `${command} `, label: command, detail: [hint, description].filter(Boolean).join(" · ") })) };
  }
  const at = /(?:^|\s)@([\w.-]*)$/.exec(before);
  if (!at) return { from: 0, items: [] };
  const typed = at[1].toLowerCase();
  const matching = users.filter((user) => [user.name, user.real_name].some((name) => name.toLowerCase().startsWith(typed)));
  return {
    from: before.length - typed.length - 1,
    items: matching.map((user) => ({ insert: `@${user.name} `, label: `@${user.name}`, detail: user.is_bot ? `${user.real_name} · app` : user.real_name })),
  };
}

/** parse is what a typed text asks for: {command, text} for a slash command, else {text} as it goes over the wire. */
export function parse(typed, { users, channels }) {
  const slash = /^(\/[\w-]+)(?:\s+(.*))?$/s.exec(typed.trim());
  return slash ? { command: slash[1], text: slash[2] ?? "" } : { text: toWire(typed.trim(), users, channels) };
}

/** Composer is a text box that completes names and commands and keeps a draft for each place it writes to. */
export class Composer {
  #drafts = new Map();
  #place = null;
  #items = [];
  #from = 0;
  #chosen = 0;

  /**
   * send(text) posts what was typed and throws with a message for the person; then the text comes
   * back into the box. sources() is {users, commands} to complete from; editLast() follows Up in an empty box;
   * shortcuts() are the items of a menu, if it is to have one.
   */
  constructor(host, { id, sendId, send, sources, editLast, shortcuts }) {
    Object.assign(this, { send, sources, editLast });
    this.menu = h("ul", { class: "menu", role: "listbox", id: `${id}-menu`, "aria-label": "Suggestions", hidden: true });
    this.box = h("textarea", {
      rows: 1, "data-testid": id, "aria-autocomplete": "list", "aria-controls": `${id}-menu`,
      oninput: () => this.#changed(), onkeydown: (event) => this.#key(event), onblur: () => this.#offer([]), onclick: () => this.#complete(),
    });
    this.button = h("button", { type: "submit", class: "send", "data-testid": sendId, "aria-label": "Send", title: "Send (Enter)", disabled: true }, icon("send"));
    this.notice = h("p", { class: "notice", role: "alert", hidden: true });
    const starter = (character, label) =>
      h("button", { type: "button", class: "starter", title: label, "aria-label": label, onclick: () => this.#start(character) }, character);
    host.append(this.notice, this.menu, h("form", { class: "composer", onsubmit: (event) => {
      event.preventDefault();
      this.#submit();
    } }, this.box,
    h("div", { class: "composer-bar" }, starter("@", "Mention somebody"), sendId === "send" && starter("/", "Use a command"),
      shortcuts && h("button", {
        type: "button", class: "starter", title: "Shortcuts", "aria-label": "Shortcuts", "data-testid": "shortcuts",
        onclick: ({ currentTarget }) => openMenu(currentTarget, shortcuts(), { label: "Shortcuts" }),
      }, icon("bolt")),
      h("span", { class: "hint" }, h("b", {}, "Shift + Enter"), " for a new line"), this.button)));
  }

  /** at moves the box to a place (a channel or thread), with the draft that was left there. */
  at(place, label) {
    this.box.placeholder = label;
    this.box.setAttribute("aria-label", label);
    if (place === this.#place) return;
    if (this.#place) this.#drafts.set(this.#place, this.box.value);
    this.#place = place;
    this.say("");
    this.#set(this.#drafts.get(place) ?? "");
  }

  focus() {
    this.box.focus();
  }

  get empty() {
    return this.box.value.trim() === "";
  }

  /** say shows a line above the box until the next message; "" takes it away. */
  say(text) {
    this.notice.textContent = text;
    this.notice.hidden = text === "";
  }

  /** submitText sends a text as if it had been typed. */
  async submitText(text) {
    const place = this.#place;
    this.say("");
    try {
      await this.send(text);
    } catch (error) {
      if (place !== this.#place) return;
      this.say(error.message);
      if (this.empty) this.#set(text);
    }
  }

  #submit() {
    if (this.empty) return;
    const text = this.box.value;
    this.#set("");
    this.submitText(text);
  }

  #set(value) {
    this.box.value = value;
    this.#changed();
  }

  #start(character) {
    if (character === "@") this.box.setRangeText(/(^|\s)$/.test(this.#before()) ? "@" : " @", this.box.selectionStart, this.box.selectionEnd, "end");
    else if (this.empty) this.box.value = character;
    this.focus();
    this.#changed();
  }

  #before() {
    return this.box.value.slice(0, this.box.selectionStart);
  }

  #changed() {
    this.button.disabled = this.empty;
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight}px`;
    this.#complete();
  }

  #complete() {
    if (document.activeElement !== this.box) return this.#offer([]);
    const { from, items } = suggest(this.#before(), this.sources());
    this.#offer(items, from);
  }

  #offer(items, from = 0) {
    this.#items = items;
    this.#from = from;
    this.menu.hidden = items.length === 0;
    this.menu.replaceChildren(...items.map((item, index) => h("li", {
      role: "option", id: `${this.menu.id}-${index}`,
      onmousedown: (event) => event.preventDefault(), onclick: () => this.#choose(item),
    }, h("b", {}, item.label), h("span", {}, item.detail))));
    this.#mark(0);
  }

  #mark(index) {
    this.#chosen = index;
    [...this.menu.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    if (this.#items.length) this.box.setAttribute("aria-activedescendant", `${this.menu.id}-${index}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  #choose(item) {
    this.box.setRangeText(item.insert, this.#from, this.box.selectionStart, "end");
    this.focus();
    this.#changed();
  }

  #key(event) {
    if (event.isComposing) return;
    const count = this.#items.length;
    if (count && this.#menuKey(event, count)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "ArrowUp" && this.box.value === "" && this.editLast()) {
      event.preventDefault();
    }
  }

  /** menuKey handles a key for the open menu; Enter on a name already typed in full is left to send. */
  #menuKey({ key, shiftKey }, count) {
    const item = this.#items[this.#chosen];
    if (key === "ArrowDown") this.#mark((this.#chosen + 1) % count);
    else if (key === "ArrowUp") this.#mark((this.#chosen + count - 1) % count);
    else if (key === "Escape") this.#offer([]);
    else if (key === "Tab" && !shiftKey) this.#choose(item);
    else if (key === "Enter" && !shiftKey && this.#before().slice(this.#from) !== item.insert.trim()) this.#choose(item);
    else return false;
    return true;
  }
}
