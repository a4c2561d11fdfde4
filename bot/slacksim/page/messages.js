import { renderBlocks } from "./blocks.js";
import { follow, h, icon, keyed } from "./dom.js";
import { openMenu } from "./menu.js";
import { emoji, fromWire, mrkdwn, REACTIONS } from "./mrkdwn.js";

const GROUP_SECONDS = 300; // messages of one author this close together share one heading

const when = (ts) => new Date(parseFloat(ts) * 1000);
const clock = (ts) => when(ts).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });

/** day names the day of a ts as people do. */
function day(ts, now = new Date()) {
  const midnight = (date) => new Date(date).setHours(0, 0, 0, 0);
  const ago = Math.round((midnight(now) - midnight(when(ts))) / 864e5);
  if (ago < 2) return ago < 1 ? "Today" : "Yesterday";
  return when(ts).toLocaleDateString([], { weekday: "long", month: "long", day: "numeric" });
}

/** isReply tells a message inside a thread from one that stands in the channel. */
export const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;

/** roots are the messages of a channel itself; replies whose first message is gone get a stand-in for it. */
export function roots(messages) {
  const known = new Set(messages.map((message) => message.ts));
  const orphaned = new Set(messages.filter((m) => isReply(m) && !m.ephemeral_to && !known.has(m.thread_ts)).map((m) => m.thread_ts));
  const stand = [...orphaned].map((ts) => ({ ts, text: "This message was deleted.", gone: true }));
  return [...messages.filter((message) => !isReply(message)), ...stand].sort((a, b) => (a.ts < b.ts ? -1 : 1));
}

export const replies = (messages, ts) => messages.filter((message) => isReply(message) && message.thread_ts === ts);

const countReplies = (count) => (count === 1 ? "1 reply" : `${count} replies`);

/** avatar is a square with initials; the bot's carries the project's mark. */
export function avatar(user) {
  if (user.is_bot) return h("span", { class: "avatar avatar-bot", "aria-hidden": "true" }, "F", h("sup", {}, "1"));
  const hue = [...user.id].reduce((sum, character) => sum + character.charCodeAt(0), 0) % 5;
  return h("span", { class: `avatar avatar-${hue}`, "aria-hidden": "true" }, user.real_name.slice(0, 1).toUpperCase());
}

/** content draws what a message says, its blocks if it has any. */
function content(message, ctx) {
  if (message.gone) return h("div", { class: "content gone" }, message.text);
  return h("div", { class: "content" },
    message.blocks?.length ? renderBlocks(message.blocks, ctx) : h("div", { class: "text" }, mrkdwn(message.text ?? "", ctx)),
    message.edited && h("span", { class: "edited" }, "(edited)"));
}

/**
 * MessageList shows messages in one scrolling pane. actions is what a person can do there:
 * {press(message, action), suggest(message, query), openThread(ts), edit(message, text), startEdit(ts | null),
 * remove(message), react(message, name, back), more(message): items of its menu};
 * a list without openThread is itself a thread, and one that is undivided has no lines between its messages.
 */
export class MessageList {
  constructor(host, ctx, actions) {
    Object.assign(this, { host, ctx, actions });
    this.reconcile = keyed(host);
    this.toEnd = follow(host);
  }

  /**
   * show draws messages below an optional intro {key, make}; threads is all messages of the channel, to
   * count replies; status is the head of the thread with what by, the bot, is doing in it.
   */
  show({ place, messages, threads = [], intro, editing, status }) {
    const items = intro ? [intro] : [];
    messages.forEach((message, index) => {
      const before = messages[index - 1];
      const line = this.#divider(messages, index);
      if (line) items.push({ key: `line ${line}`, make: () => h("div", { class: "line", role: "separator" }, h("span", {}, line)) });
      const joined = Boolean(before) && !line && before.user === message.user && !before.gone
        && message.ts - before.ts < GROUP_SECONDS && !message.ephemeral_to === !before.ephemeral_to && !replies(threads, before.ts).length;
      const answers = replies(threads, message.ts).filter((reply) => !reply.ephemeral_to);
      const view = { joined, answers, editing: editing === message.ts };
      items.push({ key: JSON.stringify([message, view, this.ctx.me]), make: () => this.#message(message, view) });
    });
    if (status?.status) {
      const doing = status.loading_messages?.[0] ?? `${status.by.real_name} ${status.status}`;
      items.push({ key: `doing ${doing}`, make: () => h("p", { class: "working", role: "status" }, h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), doing) });
    }
    if (this.edit?.ts !== editing) this.edit = null;
    this.reconcile(items);
    const last = messages.at(-1);
    if (place !== this.place || (last && last.ts !== this.last && last.user === this.ctx.me)) this.toEnd();
    this.place = place;
    this.last = last?.ts;
  }

  /** divider is the line before a message: a new day in a channel, the count of replies in a thread. */
  #divider(messages, index) {
    if (this.actions.undivided) return null;
    if (!this.actions.openThread) {
      const answers = messages.slice(1).filter((message) => !message.ephemeral_to).length;
      return index === 1 && answers > 0 && countReplies(answers);
    }
    return (index === 0 || day(messages[index - 1].ts) !== day(messages[index].ts)) && day(messages[index].ts);
  }

  #message(message, { joined, answers, editing }) {
    const { ctx, actions } = this;
    const author = message.gone ? { id: "", real_name: "", name: "" } : ctx.user(message.user);
    const pressable = {
      ...ctx, press: (action) => actions.press(message, action), held: () => null,
      suggest: (action_id, block_id, value) => actions.suggest(message, { action_id, block_id, value }),
    };
    const time = h("time", { datetime: when(message.ts).toISOString(), title: when(message.ts).toLocaleString() }, clock(message.ts));
    const classes = ["message", joined && "joined", message.ephemeral_to && "ephemeral", editing && "editing"];
    return h("article", { class: classes.filter(Boolean).join(" "), "data-ts": message.ts, "aria-label": `${author.real_name}, ${clock(message.ts)}` },
      h("div", { class: "gutter" }, joined || message.gone ? time : avatar(author)),
      h("div", { class: "body" },
        message.ephemeral_to && h("p", { class: "only-you" }, icon("eye"), "Only visible to you"),
        !joined && !message.gone && h("div", { class: "byline" }, h("b", { class: "author" }, author.real_name), author.is_bot && h("span", { class: "badge" }, "APP"),
          message.assistant && h("span", { class: "badge" }, "ASSISTANT"), time),
        editing ? this.#editor(message) : content(message, pressable),
        message.reactions?.length > 0 && h("div", { class: "reactions" }, message.reactions.map((reaction) =>
          this.#reaction(message, reaction))),
        answers.length > 0 && actions.openThread && this.#summary(message, answers)),
      !editing && this.#toolbar(message));
  }

  #summary(message, answers) {
    const authors = [...new Set(answers.map((answer) => answer.user))].slice(0, 4);
    const last = answers.at(-1).ts;
    return h("button", { type: "button", class: "replies", onclick: () => this.actions.openThread(message.ts) },
      authors.map((id) => avatar(this.ctx.user(id))),
      h("b", {}, countReplies(answers.length)),
      h("span", {}, `Last reply ${day(last).toLowerCase()} at ${clock(last)}`));
  }

  #reaction(message, { name, users, count }) {
    const mine = users.includes(this.ctx.me);
    const who = users.map((id) => this.ctx.user(id).real_name).join(", ");
    return h("button", {
      type: "button", class: "reaction", "aria-pressed": String(mine), title: `${who} reacted with :${name}:`, "aria-label": `${name}, ${count}`,
      onclick: () => this.actions.react(message, name, mine),
    }, emoji(name), " ", String(count));
  }

  #toolbar(message) {
    const { ctx, actions } = this;
    if (message.gone) return null;
    const tool = (name, label, onclick) => h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick }, icon(name));
    const own = message.user === ctx.me;
    const mine = (name) => message.reactions?.some((one) => one.name === name && one.users.includes(ctx.me));
    const pick = ({ currentTarget }) => openMenu(currentTarget, REACTIONS.map((name) => ({
      label: emoji(name), key: name, title: `:${name}:`, onchoose: () => actions.react(message, name, mine(name)),
    })), { label: "Reactions", kind: "emoji-menu" });
    const tools = message.ephemeral_to ? [tool("close", "Dismiss message", () => actions.dismiss(message))] : [
      tool("smile", "Add a reaction", pick),
      actions.openThread && tool("reply", "Reply in thread", () => actions.openThread(message.ts)),
      own && actions.startEdit && tool("edit", "Edit message", () => actions.startEdit(message.ts)),
      own && tool("trash", "Delete message", () => actions.remove(message)),
      tool("more", "More actions", ({ currentTarget }) => openMenu(currentTarget, actions.more(message), { label: "Message shortcuts" })),
    ].filter(Boolean);
    return h("div", { class: "toolbar", role: "group", "aria-label": "Message actions" }, tools);
  }

  /** editor is the form of the message that is being edited, the same one while that is drawn anew. */
  #editor(message) {
    const { actions, ctx } = this;
    if (this.edit) {
      const { form, box } = this.edit;
      const { selectionStart, selectionEnd } = box;
      if (document.activeElement === box) queueMicrotask(() => {
        box.focus();
        box.setSelectionRange(selectionStart, selectionEnd);
      });
      return form;
    }
    const failed = h("p", { class: "press-error", role: "alert" });
    const box = h("textarea", { rows: 2, "aria-label": "Edit message", onkeydown: (event) => {
      if (event.isComposing) return;
      if (event.key === "Escape") {
        event.stopPropagation();
        actions.startEdit(null);
      } else if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        save();
      }
    } });
    const save = () => box.value.trim() === "" ? actions.remove(message) : actions.edit(message, box.value).catch((error) => { failed.textContent = error.message; });
    box.value = fromWire(message.text, ctx);
    // The box can take the focus only once the list has put it into the page.
    queueMicrotask(() => {
      box.focus();
      box.setSelectionRange(box.value.length, box.value.length);
      box.closest(".message").scrollIntoView({ block: "nearest" });
    });
    const form = h("div", { class: "composer editor" }, box, failed, h("div", { class: "composer-bar" },
      h("span", { class: "hint" }, "Esc to cancel, Enter to save"),
      h("button", { type: "button", class: "button", onclick: () => actions.startEdit(null) }, "Cancel"),
      h("button", { type: "button", class: "button primary", onclick: save }, "Save")));
    this.edit = { ts: message.ts, form, box };
    return form;
  }
}
