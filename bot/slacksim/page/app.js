import * as api from "./api.js";
import { Conversation } from "./conversation.js";
import { Deeds, send } from "./deeds.js";
import { $, icon } from "./dom.js";
import { Feed } from "./feed.js";
import { Inspector } from "./inspector.js";
import { replies, roots } from "./messages.js";
import { Pane } from "./pane.js";
import { Sidebar } from "./sidebar.js";
import { Thread } from "./thread.js";
import { Modals } from "./views.js";
import { ctx, current, im, state, user } from "./workspace.js";

const narrow = matchMedia("(max-width: 1000px)"); // there the thread lies over the channel, see style.css

// ---- where a person goes

function open(channel, tab = "messages") {
  Object.assign(state, { channel, tab, thread: null, editing: null, messages: [], loaded: false });
  sidebar.reveal(false);
  pane.look(channel);
  render();
  feed.load();
}

function openThread(ts) {
  pane.close();
  state.thread = ts;
  render();
  thread.composer.focus();
}

function closeThread() {
  state.thread = null;
  render();
  conversation.composer.focus();
}

/** showAnswer opens the thread of an answer, unless that would hide what the person is writing. */
function showAnswer(ts) {
  if (pane.thread || state.thread !== null && !thread.composer.empty || narrow.matches && !conversation.composer.empty) return;
  state.thread = ts;
  if (narrow.matches) queueMicrotask(() => thread.composer.focus()); // once it is on the screen
}

/** openTab goes to a tab of the app's Home, as the app is told. */
function openTab(tab) {
  state.tab = tab;
  render();
  api.home({ user: state.me, tab }).catch((error) => say(`${error.message}.`));
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

function toggleAssistant() {
  if (pane.thread) return pane.close();
  state.thread = null;
  render();
  pane.start(state.channel);
}

function toggleInspector() {
  $("inspector").hidden = !$("inspector").hidden;
  $("inspector-toggle").setAttribute("aria-pressed", String(!$("inspector").hidden));
}

// ---- the parts of the page

function render() {
  const channel = current();
  if (channel) sidebar.show();
  conversation.show(channel);
  if (channel) thread.show(channel);
}

const say = (text) => conversation.composer.say(text);
const focus = (part) => (part === "thread" ? thread : conversation).composer.focus();
const sources = () => ({
  users: state.users.filter((one) => current()?.members?.includes(one.id) ?? true),
  commands: state.app.commands,
});

const deeds = new Deeds({ render, say, focus, openThread });
const sidebar = new Sidebar({ actAs });
const conversation = new Conversation({
  actions: deeds.actionsIn("main"), openTab, send: (text) => send(text), sources,
  editLast: () => deeds.editLast("main", roots(state.messages)), shortcuts: () => deeds.globalShortcuts(),
});
const thread = new Thread({
  actions: deeds.actionsIn("thread"), close: closeThread, send: (text) => send(text, state.thread),
  sources: () => ({ ...sources(), commands: [] }), editLast: () => deeds.editLast("thread", replies(state.messages, state.thread)),
});
const inspector = new Inspector($("inspector"), toggleInspector);
const modals = new Modals(ctx);
const pane = new Pane($("pane"), { ctx, bot: () => user(state.bot), actions: (where) => deeds.actionsIn("pane", where), sources, say });
const feed = new Feed({ render, say, open, showAnswer, inspector, modals, pane });

$("assistant-toggle").prepend(icon("spark"));
$("assistant-toggle").addEventListener("click", toggleAssistant);
$("inspector-toggle").prepend(icon("pulse"));
$("inspector-toggle").addEventListener("click", toggleInspector);
window.addEventListener("hashchange", ({ newURL }) => {
  const channel = new URL(newURL).hash.slice(1); // a load that was under way may have put another into the location
  if (channel !== state.channel) open(channel);
});
document.addEventListener("keydown", (event) => {
  const { key, altKey } = event;
  if (document.querySelector("dialog[open]")) return;
  if (altKey && (key === "ArrowDown" || key === "ArrowUp")) {
    event.preventDefault();
    sidebar.step(key === "ArrowDown" ? 1 : -1);
  }
  if (key !== "Escape") return;
  if (sidebar.revealed) sidebar.reveal(false);
  else if (state.thread !== null) closeThread();
  else if (pane.thread) pane.close();
});

api.listen({
  onOpen: () => {
    state.online = true;
    feed.load();
  },
  onLost: () => {
    state.online = false;
    render();
  },
  onEvent: (event) => feed.take(event),
});
render();
