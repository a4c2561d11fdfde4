import * as api from "./api.js";
import { $, h } from "./dom.js";
import { isReply } from "./messages.js";
import { mrkdwn } from "./mrkdwn.js";
import { ctx, current, direct, im, people, rooms, state, user, visible } from "./workspace.js";

const byTs = (a, b) => (a.ts < b.ts ? -1 : 1);

/** answersMe reports whether the bot replies to a message of the acting user. */
function answersMe(message) {
  const root = state.messages.find(({ ts }) => ts === message.thread_ts);
  return message.user === state.bot && (root?.user === state.me || message.ephemeral_to === state.me);
}

/** Feed brings what the workspace says into the state. */
export class Feed {
  #page;
  #backlog = null; // events that arrived during a load
  #turn = 0;

  /** page is {render(), say(text), open(channel, tab), showAnswer(ts), inspector, modals, pane}. */
  constructor(page) {
    this.#page = page;
  }

  /**
   * load fetches the workspace and the open channel. Events that arrive meanwhile wait and are
   * applied after it, so that none is lost to the older snapshot.
   */
  async load() {
    const mine = ++this.#turn;
    this.#backlog ??= [];
    try {
      const workspace = await api.state();
      if (mine !== this.#turn) return;
      const { team, users, channels, app, sockets, bot_user: bot } = workspace;
      Object.assign(state, { team, users, channels, app, sockets, bot });
      if (!people().some((one) => one.id === state.me)) state.me = people()[0].id;
      if (!current()) state.channel = (state.channel !== direct() && rooms()[0] || im()).id;
      history.replaceState(null, "", `#${state.channel}`);
      const messages = state.channel === direct() ? [] : await api.messages(state.channel, state.me);
      if (mine !== this.#turn) return;
      Object.assign(state, { messages, loaded: true });
      state.unread.delete(state.channel);
      this.#page.inspector.waiting(workspace.unacked);
      this.#loadViews();
      this.#page.pane.load();
    } catch (error) {
      this.#page.say(`Could not load the channel: ${error.message}`);
    }
    if (mine !== this.#turn) return;
    const waiting = this.#backlog;
    this.#backlog = null;
    waiting.forEach((event) => this.#apply(event));
    this.#page.render();
  }

  /** take takes one event of the stream. */
  take(event) {
    this.#page.inspector.record(event);
    if (this.#backlog) {
      this.#backlog.push(event);
      return;
    }
    this.#apply(event);
    this.#page.render();
  }

  async #loadViews() {
    const { me } = state;
    const views = await api.views(me).catch(() => null); // a later event brings them again
    if (!views || me !== state.me) return;
    state.views = views;
    this.#page.modals.show(views.modals);
    this.#page.render();
  }

  /** apply takes an event into the state. Applying it twice does no harm. */
  #apply(event) {
    const { pane } = this.#page;
    switch (event.type) {
      case "sockets":
        state.sockets = event.sockets;
        break;
      case "user":
        this.load();
        break;
      case "views":
        if (event.user === state.me) this.#loadViews();
        break;
      case "channel":
        state.channels = [...new Map([...state.channels, event.channel].map((one) => [one.id, one])).values()]; // a known one keeps its place
        if (state.channel === direct() && im().id !== direct()) this.#page.open(im().id, state.tab);
        break;
      case "message":
      case "changed":
      case "ephemeral":
        pane.apply(event);
        this.#received(event);
        break;
      case "deleted":
        pane.apply(event);
        if (event.channel === state.channel) state.messages = state.messages.filter(({ ts }) => ts !== event.message.ts);
        break;
    }
  }

  #received({ type, channel, message }) {
    if (message.ephemeral_to && message.ephemeral_to !== state.me) return;
    if (channel !== state.channel) {
      if (message.assistant || this.#page.pane.shows({ channel, message })) return; // it is there, or opens just now
      const theirs = state.channels.some((one) => one.id === channel && visible(one)) && message.user !== state.me;
      if (theirs && type !== "changed") state.unread.set(channel, (state.unread.get(channel) ?? 0) + 1);
      return;
    }
    const known = state.messages.some(({ ts }) => ts === message.ts);
    state.messages = [...state.messages.filter(({ ts }) => ts !== message.ts), message].sort(byTs);
    if (known || message.user === state.me) return;
    $("live").textContent = `${user(message.user).real_name}: ${h("span", {}, mrkdwn(message.text ?? "", ctx)).textContent}`;
    if (isReply(message) && answersMe(message)) this.#page.showAnswer(message.thread_ts);
  }
}
