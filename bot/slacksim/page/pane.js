import * as api from "./api.js";
import { Composer } from "./composer.js";
import { h, icon } from "./dom.js";
import { MessageList, replies } from "./messages.js";

/** Pane is the assistant's pane: one thread with the bot beside whatever is open. */
export class Pane {
  thread = null; // {channel, thread_ts}
  #messages = [];

  /**
   * bot() is the bot's user; actions is as for a MessageList, with the place of a message beside it;
   * say(text) says what went wrong while the pane is not there.
   */
  constructor(host, { ctx, bot, actions, sources, say }) {
    Object.assign(this, { host, ctx, bot, actions, say });
    this.title = h("h2", {}, "New chat");
    this.messages = h("div", { class: "messages", role: "region", "aria-label": "Chat with the assistant", tabindex: 0 });
    this.prompts = h("div", { class: "prompts" });
    const dock = h("div", { class: "composer-dock" });
    const tool = (name, label, onclick) => h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick }, icon(name));
    host.append(h("header", { class: "pane-head" }, icon("spark"), this.title, h("span", { class: "subtle" }),
      tool("edit", "New chat", () => this.start()), tool("close", "Close the assistant", () => this.close())), this.messages, this.prompts, dock);
    this.list = new MessageList(this.messages, ctx, actions(() => this.thread?.channel));
    this.composer = new Composer(dock, {
      id: "pane-composer", sendId: "pane-send", send: (text) => this.#send(text), sources: () => ({ ...sources(), commands: [] }), editLast: () => false,
    });
  }

  /** start opens the pane with a new thread, beside the channel that the person looks at. */
  async start(channel = this.beside) {
    this.beside = channel;
    const { me } = this.ctx;
    try {
      const { channel: im, thread_ts } = await api.assistant({ user: me, channel: channel?.startsWith("@") ? undefined : channel });
      if (me !== this.ctx.me) return; // the person has become somebody else
      this.thread = { channel: im, thread_ts };
      await this.load();
      this.composer.focus();
    } catch (error) {
      if (this.host.hidden) this.thread = null;
      (this.thread ? this.composer : this).say(`The assistant did not open: ${error.message}.`);
    }
  }

  /** look tells the assistant that the person has gone to another channel. */
  look(channel) {
    if (!this.thread || channel === this.beside || channel.startsWith("@")) return;
    this.beside = channel;
    api.assistant({ user: this.ctx.me, channel, thread_ts: this.thread.thread_ts }).catch(() => {}); // nobody waits for it
  }

  close() {
    this.thread = null;
    this.show();
  }

  async load() {
    const { thread } = this;
    if (!thread) return;
    const all = await api.messages(thread.channel, this.ctx.me);
    if (thread !== this.thread) return;
    this.#messages = all.filter(({ ts, thread_ts }) => ts === thread.thread_ts || thread_ts === thread.thread_ts);
    this.show();
  }

  /** shows reports whether a message is in the pane. */
  shows({ channel, message }) {
    const { thread } = this;
    return Boolean(thread) && channel === thread.channel && [message.ts, message.thread_ts].includes(thread.thread_ts);
  }

  /** apply takes an event of the stream. */
  apply({ type, channel, message }) {
    if (!this.shows({ channel, message })) return;
    const others = this.#messages.filter(({ ts }) => ts !== message.ts);
    this.#messages = type === "deleted" ? others : [...others, message].sort((a, b) => (a.ts < b.ts ? -1 : 1));
    this.show();
  }

  show() {
    this.host.hidden = !this.thread;
    if (!this.thread) return;
    const { channel, thread_ts } = this.thread;
    const root = this.#messages.find(({ ts }) => ts === thread_ts);
    const said = replies(this.#messages, thread_ts);
    const about = root?.assistant ?? {};
    this.title.textContent = about.title && about.title !== "New Assistant Thread" ? about.title : "New chat";
    this.list.show({ place: `${channel}/${thread_ts}`, messages: said, status: root && { by: this.bot(), ...root }, editing: this.actions.editing?.() });
    const asked = said.some(({ user }) => user === this.ctx.me);
    this.prompts.replaceChildren(...(asked ? [] : [about.prompts_title && about.prompts?.length && h("p", { class: "subtle" }, about.prompts_title),
      ...(about.prompts ?? []).map(({ title, message }) => h("button", { type: "button", class: "chip", onclick: () => this.composer.submitText(message) }, title))].filter(Boolean)));
    this.composer.at(`${channel}/${thread_ts}`, `Ask ${this.bot().real_name}…`);
  }

  async #send(typed) {
    const { channel, thread_ts } = this.thread;
    await api.post({ user: this.ctx.me, channel, thread_ts, text: this.ctx.wire(typed) });
  }
}
