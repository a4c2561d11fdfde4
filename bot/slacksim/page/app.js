import * as api from "./api.js";
import { Composer, parse } from "./composer.js";
import { confirm, h, icon, keyed } from "./dom.js";
import { Inspector } from "./inspector.js";
import { Pane } from "./pane.js";
import { Home, Modals } from "./views.js";
import { avatar, isReply, MessageList, replies, roots } from "./messages.js";
import { mrkdwn, toWire } from "./mrkdwn.js";

/** EXAMPLES are the questions a newcomer can ask with one click. */
const EXAMPLES = ["Who is leading the negotiations?", "How much severance support is there?", "What is OpenAI's valuation?"];

const state = {
  team: {}, users: [], channels: [], app: { commands: [], shortcuts: [] }, bot: "", sockets: 0,
  online: false, loaded: false,
  me: sessionStorage.getItem("me") ?? "",
  channel: location.hash.slice(1),
  messages: [], // of the open channel, by ts
  thread: null, // the ts of the message whose thread is open
  editing: null, // {ts, pane}
  unread: new Map(), // channel id → count
  tab: "messages", // of the direct messages: home or messages
  views: { modals: [], home: null },
};

const narrow = matchMedia("(max-width: 1000px)"); // there the thread lies over the channel, see style.css

const $ = (id) => document.getElementById(id);
const user = (id) => state.users.find((one) => one.id === id) ?? { id: id ?? "", name: id ?? "unknown", real_name: id ?? "Unknown" };
const people = () => state.users.filter((one) => !one.is_bot);
const direct = () => `@${state.bot}`; // names the direct messages with the bot before they exist
const visible = (channel) => channel.is_im ? channel.user === state.me : channel.members?.includes(state.me) ?? true;
const rooms = () => state.channels.filter((channel) => !channel.is_im && visible(channel));
const im = () => state.channels.find((channel) => channel.is_im && visible(channel)) ?? { id: direct(), is_im: true };
const current = () => [...rooms(), im()].find((channel) => channel.id === state.channel);

/** name is how a channel is called: direct messages by who else is in them. */
function name(channel) {
  if (channel.is_im) return user(state.bot).real_name;
  return channel.is_mpim ? channel.members.filter((id) => id !== state.me).map((id) => user(id).real_name).join(", ") : channel.name;
}
const title = (channel) => (channel.is_im || channel.is_mpim ? name(channel) : `#${channel.name}`);

const ctx = {
  get me() { return state.me; }, user, channel: (id) => state.channels.find((one) => one.id === id),
  users: () => state.users,
  channels: (all) => state.channels.filter((channel) => visible(channel) && (all || !channel.is_im && !channel.is_mpim)),
  wire: (typed) => toWire(typed.trim(), state.users, state.channels),
};

// ---- what a person does

/** because rethrows a failure with what it was that failed. */
const because = (what) => (error) => {
  throw new Error(`${what}: ${error.message}.`);
};

/** send posts a typed text, or runs it if it is a slash command. */
async function send(typed, thread_ts) {
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

const mention = () => (current().is_im ? "" : `@${user(state.bot).name} `);

function openThread(ts) {
  pane.close();
  state.thread = ts;
  render();
  threadComposer.focus();
}

function closeThread() {
  state.thread = null;
  render();
  mainComposer.focus();
}

/** useShortcut uses a shortcut, on a message if there is one. */
async function useShortcut({ name: called, callback_id }, place = {}) {
  await api.shortcut({ user: state.me, callback_id, ...place }).catch((error) => mainComposer.say(`“${called}” did not work: ${error.message}.`));
}

const shortcuts = (type, place) => state.app.shortcuts.filter((one) => one.type === type).map((one) =>
  ({ label: one.name, detail: one.description, key: one.callback_id, onchoose: () => useShortcut(one, place) }));

/** globalShortcuts are the items of the menu beside the message box. */
function globalShortcuts() {
  const all = shortcuts("global");
  return all.length ? all : [{ label: "The app has no global shortcuts", onchoose: () => {} }];
}

/** actionsIn is what a person can do with the messages of a part of the page, which are of the channel where(). */
function actionsIn(part, where = () => state.channel) {
  const startEdit = (ts) => {
    state.editing = ts && { ts, part };
    render();
    if (!ts) (part === "thread" ? threadComposer : mainComposer).focus();
  };
  const complain = (what) => (error) => mainComposer.say(`${what}: ${error.message}`);
  const place = (message) => ({ channel: where(), message_ts: message.ts });
  return {
    undivided: part === "pane",
    startEdit: part === "pane" ? undefined : startEdit,
    openThread: part === "main" ? openThread : undefined,
    press: (message, action) => api.act({ user: state.me, ...place(message), ...action }),
    suggest: (message, query) => api.suggest({ user: state.me, message_ts: message.ts, ...query }),
    react: (message, emoji, back) => api.react({ user: state.me, channel: where(), ts: message.ts, name: emoji, remove: back }).catch(complain("No reaction")),
    dismiss: (message) => api.remove({ user: state.me, channel: where(), ts: message.ts }).catch(complain("Not dismissed")),
    more: (message) => [...shortcuts("message", place(message)),
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

/** editLast opens the last own message of a part of the page for editing, and reports whether there is one. */
function editLast(part, shown) {
  const last = shown.findLast((message) => message.user === state.me && !message.ephemeral_to);
  if (last) actionsIn(part).startEdit(last.ts);
  return Boolean(last);
}

function actAs(id) {
  const toDirect = current()?.is_im;
  state.me = id;
  sessionStorage.setItem("me", id);
  state.unread.clear();
  Object.assign(state, { views: { modals: [], home: null } });
  pane.close();
  open(toDirect ? im().id : state.channel);
}

function open(channel, tab = "messages") {
  Object.assign(state, { channel, tab, thread: null, editing: null, messages: [], loaded: false });
  showSidebar(false);
  pane.look(channel);
  render();
  load();
}

/** openTab goes to a tab of the app's Home, as the app is told. */
function openTab(tab) {
  state.tab = tab;
  render();
  api.home({ user: state.me, tab }).catch((error) => mainComposer.say(`${error.message}.`));
}

async function loadViews() {
  const { me } = state;
  const views = await api.views(me).catch(() => null); // a later event brings them again
  if (!views || me !== state.me) return;
  state.views = views;
  modals.show(views.modals);
  render();
}

// ---- what the workspace says

let backlog = null; // events that arrived during a load
let turn = 0;

/**
 * load fetches the workspace and the open channel. Events that arrive meanwhile wait and are
 * applied after it, so that none is lost to the older snapshot.
 */
async function load() {
  const mine = ++turn;
  backlog ??= [];
  try {
    const workspace = await api.state();
    if (mine !== turn) return;
    const { team, users, channels, app, sockets, bot_user: bot } = workspace;
    Object.assign(state, { team, users, channels, app, sockets, bot });
    if (!people().some((one) => one.id === state.me)) state.me = people()[0].id;
    if (!current()) state.channel = (state.channel !== direct() && rooms()[0] || im()).id;
    history.replaceState(null, "", `#${state.channel}`);
    const messages = state.channel === direct() ? [] : await api.messages(state.channel, state.me);
    if (mine !== turn) return;
    Object.assign(state, { messages, loaded: true });
    state.unread.delete(state.channel);
    inspector.waiting(workspace.unacked);
    loadViews();
    pane.load();
  } catch (error) {
    mainComposer.say(`Could not load the channel: ${error.message}`);
  }
  if (mine !== turn) return;
  const waiting = backlog;
  backlog = null;
  waiting.forEach(apply);
  render();
}

const byTs = (a, b) => (a.ts < b.ts ? -1 : 1);

/** apply takes one event of the stream into the state. Applying it twice does no harm. */
function apply(event) {
  switch (event.type) {
    case "sockets":
      state.sockets = event.sockets;
      break;
    case "user":
      load();
      break;
    case "views":
      if (event.user === state.me) loadViews();
      break;
    case "channel":
      state.channels = [...new Map([...state.channels, event.channel].map((one) => [one.id, one])).values()]; // a known one keeps its place
      if (state.channel === direct() && im().id !== direct()) open(im().id, state.tab);
      break;
    case "message":
    case "changed":
    case "ephemeral":
      pane.apply(event);
      received(event);
      break;
    case "deleted":
      pane.apply(event);
      if (event.channel === state.channel) state.messages = state.messages.filter(({ ts }) => ts !== event.message.ts);
      break;
  }
}

function received({ type, channel, message }) {
  if (message.ephemeral_to && message.ephemeral_to !== state.me) return;
  if (channel !== state.channel) {
    if (message.assistant || pane.shows({ channel, message })) return; // it is there, or opens just now
    const theirs = state.channels.some((one) => one.id === channel && visible(one)) && message.user !== state.me;
    if (theirs && type !== "changed") state.unread.set(channel, (state.unread.get(channel) ?? 0) + 1);
    return;
  }
  const known = state.messages.some(({ ts }) => ts === message.ts);
  state.messages = [...state.messages.filter(({ ts }) => ts !== message.ts), message].sort(byTs);
  if (known || message.user === state.me) return;
  $("live").textContent = `${user(message.user).real_name}: ${h("span", {}, mrkdwn(message.text ?? "", ctx)).textContent}`;
  if (isReply(message) && answersMe(message)) showAnswer(message.thread_ts);
}

/** showAnswer opens the thread of an answer, unless that would hide what the person is writing. */
function showAnswer(ts) {
  if (pane.thread || state.thread !== null && !threadComposer.empty || narrow.matches && !mainComposer.empty) return;
  state.thread = ts;
  if (narrow.matches) queueMicrotask(() => threadComposer.focus()); // once it is on the screen
}

/** answersMe reports whether the bot replies to a message of the acting user. */
function answersMe(message) {
  const root = state.messages.find(({ ts }) => ts === message.thread_ts);
  return message.user === state.bot && (root?.user === state.me || message.ephemeral_to === state.me);
}

// ---- what is on the screen

function sidebarEntry(channel) {
  const unread = state.unread.get(channel.id) ?? 0;
  const open = channel.id === state.channel;
  const mark = channel.is_mpim ? String(channel.members.length - 1) : channel.is_private ? icon("lock") : "#";
  return {
    key: JSON.stringify([channel.id, name(channel), unread, open]),
    make: () => h("li", {}, h("a", {
      href: `#${channel.id}`, "data-channel": channel.id, class: unread ? "unread" : null, "aria-current": open ? "page" : null,
      onclick: () => showSidebar(false),
    }, channel.is_im ? avatar(user(state.bot)) : h("span", { class: "hash", "aria-hidden": "true" }, mark),
    h("span", { class: "name" }, name(channel)),
    unread > 0 && h("span", { class: "count", "aria-label": `${unread} unread` }, String(unread)))),
  };
}

function connection() {
  if (!state.online) return "Connecting…";
  if (state.sockets === 0) return "The bot is not connected";
  return `Bot connected · ${state.sockets} ${state.sockets === 1 ? "socket" : "sockets"}`;
}

function banner() {
  if (!state.online) return "Connecting to the workspace…";
  return state.loaded && state.sockets === 0 ? `The bot is not connected: ${user(state.bot).real_name} answers as soon as it is running.` : "";
}

/** intro opens a channel: what this is, and the examples. */
function intro(channel) {
  const bot = user(state.bot);
  const present = channel.is_im || (channel.members?.includes(state.bot) ?? true);
  return {
    key: JSON.stringify(["intro", channel.id, present, state.me]),
    make: () => h("section", { class: "intro" },
      present ? avatar(bot) : h("span", { class: "intro-hash", "aria-hidden": "true" }, "#"),
      h("h3", {}, present ? `Ask ${bot.real_name} a question` : `Welcome to ${title(channel)}`),
      h("p", {}, present
        ? "It answers with a fact, the quote that the fact rests on and the source of the quote. What its sources do not say, it says it does not know."
        : `${bot.real_name} is not a member of this channel, so it does not hear what is said here.`),
      present && h("p", {}, channel.is_im ? "Just write, or try one of these:" : ["Mention it as ", h("b", {}, `@${bot.name}`), ", or try one of these:"]),
      present && h("ul", { class: "examples", "aria-label": "Example questions" }, EXAMPLES.map((question) =>
        h("li", {}, h("button", { type: "button", class: "chip", onclick: () => mainComposer.submitText(mention() + question) }, question))))),
  };
}

function renderSidebar() {
  $("team").textContent = state.team.name ?? "Workspace";
  showChannels(rooms().filter((channel) => !channel.is_mpim).map(sidebarEntry));
  showDirect([im(), ...rooms().filter((channel) => channel.is_mpim)].map(sidebarEntry));
  $("sockets").className = state.online && state.sockets ? "up" : "down";
  $("sockets").textContent = connection();
  showPeople(people().map((one) => ({ key: one.id, make: () => h("option", { value: one.id }, one.real_name) })));
  $("user-switch").value = state.me;
}

function renderThread(channel) {
  const root = roots(state.messages).find(({ ts }) => ts === state.thread);
  if (state.loaded && !root) state.thread = null;
  $("thread").hidden = !root;
  if (!root) return;
  $("thread-channel").textContent = title(channel);
  threadList.show({
    place: `${channel.id}/${state.thread}`,
    messages: [root, ...replies(state.messages, state.thread)],
    editing: state.editing?.part === "thread" ? state.editing.ts : null,
    status: { by: user(state.bot), ...root },
  });
  threadComposer.at(`${channel.id}/${state.thread}`, "Reply…");
}

function render() {
  const channel = current();
  $("banner").textContent = banner();
  $("banner").hidden = banner() === "";
  if (!channel) return;
  renderSidebar();
  const unread = [...state.unread.values()].reduce((sum, count) => sum + count, 0);
  document.title = `${unread ? `(${unread}) ` : ""}${title(channel)} · ${state.team.name ?? "Workspace"}`;
  $("title").textContent = title(channel);
  $("members").textContent = channel.is_im ? "App" : channel.members ? `${channel.members.length} members` : "";
  renderTabs(channel);
  $("messages").ariaBusy = String(!state.loaded);
  if (state.loaded) {
    mainList.show({
      place: `${channel.id} ${state.me}`, messages: roots(state.messages), threads: state.messages, intro: intro(channel),
      editing: state.editing?.part === "main" ? state.editing.ts : null,
    });
  }
  mainComposer.at(`${channel.id} ${state.me}`, `Message ${title(channel)}`);
  renderThread(channel);
}

/** renderTabs shows the tabs of the app's Home, and the Home if it is open. */
function renderTabs(channel) {
  const atHome = channel.is_im && state.app.home_tab && state.tab === "home";
  $("tabs").hidden = !channel.is_im || !state.app.home_tab;
  $("members").hidden = !$("tabs").hidden;
  $("tab-home").setAttribute("aria-selected", String(atHome));
  $("tab-messages").setAttribute("aria-selected", String(!atHome));
  $("assistant-toggle").hidden = !state.app.agent;
  $("home").hidden = !atHome;
  $("messages").hidden = atHome;
  $("composer").hidden = atHome || channel.is_im && (!state.app.messages_tab || state.app.read_only);
  if (atHome) home.show(state.views.home);
}

/** step goes to the next channel in the sidebar, or the one before. */
function step(by) {
  const all = [...document.querySelectorAll(".places a")];
  const at = all.findIndex((entry) => entry.dataset.channel === state.channel);
  all[(at + by + all.length) % all.length]?.click();
}

/** showSidebar matters only in a narrow window; in a wide one the sidebar is always there. */
function showSidebar(shown) {
  document.body.classList.toggle("sidebar-open", shown);
  $("menu").setAttribute("aria-expanded", String(shown));
}

function toggleInspector() {
  $("inspector").hidden = !$("inspector").hidden;
  $("inspector-toggle").setAttribute("aria-pressed", String(!$("inspector").hidden));
}

const showChannels = keyed($("channels"));
const showDirect = keyed($("direct"));
const showPeople = keyed($("user-switch"));
const mainList = new MessageList($("messages"), ctx, actionsIn("main"));
const threadList = new MessageList($("thread-messages"), ctx, actionsIn("thread"));
const sources = () => ({
  users: state.users.filter((one) => current()?.members?.includes(one.id) ?? true),
  commands: state.app.commands,
});
const mainComposer = new Composer($("composer"), {
  id: "composer", sendId: "send", send: (text) => send(text), sources, editLast: () => editLast("main", roots(state.messages)), shortcuts: globalShortcuts,
});
const threadComposer = new Composer($("thread-composer"), {
  id: "thread-composer", sendId: "thread-send", send: (text) => send(text, state.thread),
  sources: () => ({ ...sources(), commands: [] }), editLast: () => editLast("thread", replies(state.messages, state.thread)),
});
const inspector = new Inspector($("inspector"), toggleInspector);
const modals = new Modals(ctx);
const home = new Home($("home"), ctx);
const pane = new Pane($("pane"), { ctx, bot: () => user(state.bot), actions: (where) => actionsIn("pane", where), sources });

$("menu").append(icon("menu"));
$("thread-close").append(icon("close"));
$("assistant-toggle").prepend(icon("spark"));
$("inspector-toggle").prepend(icon("pulse"));
$("menu").addEventListener("click", () => showSidebar(true));
$("backdrop").addEventListener("click", () => showSidebar(false));
$("thread-close").addEventListener("click", closeThread);
$("inspector-toggle").addEventListener("click", toggleInspector);
$("tab-home").addEventListener("click", () => openTab("home"));
$("tab-messages").addEventListener("click", () => openTab("messages"));
$("assistant-toggle").addEventListener("click", () => {
  if (pane.thread) return pane.close();
  state.thread = null;
  render();
  pane.start(state.channel);
});
$("user-switch").addEventListener("change", ({ target }) => actAs(target.value));
window.addEventListener("hashchange", () => {
  const channel = location.hash.slice(1);
  if (channel !== state.channel) open(channel);
});
document.addEventListener("keydown", (event) => {
  const { key, altKey } = event;
  if (document.querySelector("dialog[open]")) return;
  if (altKey && (key === "ArrowDown" || key === "ArrowUp")) {
    event.preventDefault();
    step(key === "ArrowDown" ? 1 : -1);
  }
  if (key !== "Escape") return;
  if (document.body.classList.contains("sidebar-open")) showSidebar(false);
  else if (state.thread !== null) closeThread();
  else if (pane.thread) pane.close();
});

api.listen({
  onOpen: () => {
    state.online = true;
    load();
  },
  onLost: () => {
    state.online = false;
    render();
  },
  onEvent: (event) => {
    inspector.record(event);
    if (backlog) backlog.push(event);
    else {
      apply(event);
      render();
    }
  },
});
render();
