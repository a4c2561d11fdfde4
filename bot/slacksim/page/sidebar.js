import { $, h, icon, keyed } from "./dom.js";
import { avatar } from "./messages.js";
import { im, name, people, rooms, state, user } from "./workspace.js";

function connection() {
  if (!state.online) return "Connecting…";
  if (state.sockets === 0) return "The bot is not connected";
  return `Bot connected · ${state.sockets} ${state.sockets === 1 ? "socket" : "sockets"}`;
}

/** Sidebar is where a person goes from channel to channel and chooses who to be. */
export class Sidebar {
  #channels = keyed($("channels"));
  #direct = keyed($("direct"));
  #people = keyed($("user-switch"));

  /** actAs(id) makes the person somebody else. */
  constructor({ actAs }) {
    $("menu").append(icon("menu"));
    $("menu").addEventListener("click", () => this.reveal(true));
    $("backdrop").addEventListener("click", () => this.reveal(false));
    $("user-switch").addEventListener("change", ({ target }) => actAs(target.value));
  }

  show() {
    $("team").textContent = state.team.name ?? "Workspace";
    this.#channels(rooms().filter((channel) => !channel.is_mpim).map((channel) => this.#entry(channel)));
    this.#direct([im(), ...rooms().filter((channel) => channel.is_mpim)].map((channel) => this.#entry(channel)));
    $("sockets").className = state.online && state.sockets ? "up" : "down";
    $("sockets").textContent = connection();
    this.#people(people().map((one) => ({ key: one.id, make: () => h("option", { value: one.id }, one.real_name) })));
    $("user-switch").value = state.me;
  }

  #entry(channel) {
    const unread = state.unread.get(channel.id) ?? 0;
    const open = channel.id === state.channel;
    const mark = channel.is_mpim ? String(channel.members.length - 1) : channel.is_private ? icon("lock") : "#";
    return {
      key: JSON.stringify([channel.id, name(channel), unread, open]),
      make: () => h("li", {}, h("a", {
        href: `#${channel.id}`, "data-channel": channel.id, class: unread ? "unread" : null, "aria-current": open ? "page" : null,
        onclick: () => this.reveal(false),
      }, channel.is_im ? avatar(user(state.bot)) : h("span", { class: "hash", "aria-hidden": "true" }, mark),
      h("span", { class: "name" }, name(channel)),
      unread > 0 && h("span", { class: "count", "aria-label": `${unread} unread` }, String(unread)))),
    };
  }

  /** step goes to the next channel, or the one before. */
  step(by) {
    const all = [...document.querySelectorAll(".places a")];
    const at = all.findIndex((entry) => entry.dataset.channel === state.channel);
    all[(at + by + all.length) % all.length]?.click();
  }

  /** reveal matters only in a narrow window; in a wide one the sidebar is always there. */
  reveal(shown) {
    document.body.classList.toggle("sidebar-open", shown);
    $("menu").setAttribute("aria-expanded", String(shown));
  }

  get revealed() {
    return document.body.classList.contains("sidebar-open");
  }
}
