import * as api from "./api.js";
import { parse } from "./composer.js";
import { confirm, h } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { ctx, state } from "./workspace.js";

/** because rethrows a failure with what it was that failed. */
const because = (what) => (error) => {
  throw new Error(`${what}: ${error.message}.`);
};

/** send posts a typed text, or runs it if it is a slash command. */
export async function send(typed, thread_ts) {
  const asked = parse(typed, { ...state, commands: state.app.commands });
  const place = { user: state.me, channel: state.channel };
  if (!asked.command) {
    const { channel } = await api.post({ ...place, text: asked.text, thread_ts }).catch(because("Not sent"));
    if (channel !== place.channel && state.channel === place.channel) location.hash = channel;
    return;
  }
  if (thread_ts) throw new Error(`${asked.command} does not work in a thread. Use it in the channel.`);
  if (!state.app.commands.some(({ command }) => command === asked.command)) throw new Error(`${asked.command} is not a command of this workspace.`);
  await api.command({ ...place, ...asked }).catch(because(`${asked.command} got no answer`));
}

/** Deeds are what a person does with messages and shortcuts. */
export class Deeds {
  #page;

  /** page is {render(), say(text), focus(part), openThread(ts)}; the parts of the page are main, thread and pane. */
  constructor(page) {
    this.#page = page;
  }

  /** globalShortcuts are the items of the menu beside the message box. */
  globalShortcuts() {
    const all = this.#shortcuts("global");
    return all.length ? all : [{ label: "The app has no global shortcuts", onchoose: () => {} }];
  }

  #shortcuts(type, place) {
    return state.app.shortcuts.filter((one) => one.type === type).map(({ name, description, callback_id }) => ({
      label: name, detail: description, key: callback_id,
      onchoose: () => api.shortcut({ user: state.me, callback_id, ...place }).catch((error) => this.#page.say(`“${name}” did not work: ${error.message}.`)),
    }));
  }

  #edit(part, ts) {
    state.editing = ts && { ts, part };
    this.#page.render();
    if (!ts) this.#page.focus(part);
  }

  /** editLast opens the last own message of a part of the page for editing, and reports whether there is one. */
  editLast(part, shown) {
    const last = shown.findLast((message) => message.user === state.me && !message.ephemeral_to);
    if (last) this.#edit(part, last.ts);
    return Boolean(last);
  }

  /** actionsIn is what can be done with the messages of a part of the page, which are of the channel where(). */
  actionsIn(part, where = () => state.channel) {
    const complain = (what) => (error) => this.#page.say(`${what}: ${error.message}`);
    const place = (message) => ({ channel: where(), message_ts: message.ts });
    const startEdit = (ts) => this.#edit(part, ts);
    return {
      undivided: part === "pane",
      startEdit: part === "pane" ? undefined : startEdit,
      openThread: part === "main" ? this.#page.openThread : undefined,
      press: (message, action) => api.act({ user: state.me, ...place(message), ...action }),
      suggest: (message, query) => api.suggest({ user: state.me, message_ts: message.ts, ...query }),
      react: (message, emoji, back) => api.react({ user: state.me, channel: where(), ts: message.ts, name: emoji, remove: back }).catch(complain("No reaction")),
      dismiss: (message) => api.remove({ user: state.me, channel: where(), ts: message.ts }).catch(complain("Not dismissed")),
      more: (message) => [...this.#shortcuts("message", place(message)),
        { label: "Copy link", onchoose: () => navigator.clipboard?.writeText(`${location.origin}/archives/${where()}/p${message.ts.replace(".", "")}`) }],
      edit: async (message, typed) => {
        const text = ctx.wire(typed);
        await api.post({ user: state.me, channel: where(), ts: message.ts, text }).catch(because("Not saved"));
        startEdit(null);
      },
      remove: async (message) => {
        if (!await confirm({ title: "Delete this message?", body: h("blockquote", { class: "quote" }, mrkdwn(message.text, ctx)), yes: "Delete", danger: true })) return;
        await api.remove({ user: state.me, channel: where(), ts: message.ts }).catch(complain("Not deleted"));
      },
    };
  }
}
