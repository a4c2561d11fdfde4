import { Composer } from "./composer.js";
import { $, h } from "./dom.js";
import { avatar, MessageList, roots } from "./messages.js";
import { Home } from "./views.js";
import { ctx, state, title, user } from "./workspace.js";

/** EXAMPLES are the questions a newcomer can ask with one click. */
const EXAMPLES = ["Who is leading the negotiations?", "How much severance support is there?", "What is OpenAI's valuation?"];

function banner() {
  if (!state.online) return "Connecting to the workspace…";
  return state.loaded && state.sockets === 0 ? `The bot is not connected: ${user(state.bot).real_name} answers as soon as it is running.` : "";
}

/** intro opens a channel: what this is, and the examples, which ask(question) asks. */
function intro(channel, ask) {
  const bot = user(state.bot);
  const present = channel.is_im || (channel.members?.includes(state.bot) ?? true);
  const mention = channel.is_im ? "" : `@${bot.name} `;
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
        h("li", {}, h("button", { type: "button", class: "chip", onclick: () => ask(mention + question) }, question))))),
  };
}

/** Conversation is the open channel, or the direct messages with the bot and its Home. */
export class Conversation {
  /** actions is as for a MessageList, openTab(tab) goes to a tab, and the rest is as for a Composer. */
  constructor({ actions, openTab, send, sources, editLast, shortcuts }) {
    this.list = new MessageList($("messages"), ctx, actions);
    this.home = new Home($("home"), ctx);
    this.composer = new Composer($("composer"), { id: "composer", sendId: "send", send, sources, editLast, shortcuts });
    $("tab-home").addEventListener("click", () => openTab("home"));
    $("tab-messages").addEventListener("click", () => openTab("messages"));
  }

  /** show shows a channel; without one, only how the connection is. */
  show(channel) {
    $("banner").textContent = banner();
    $("banner").hidden = banner() === "";
    if (!channel) return;
    const unread = [...state.unread.values()].reduce((sum, count) => sum + count, 0);
    document.title = `${unread ? `(${unread}) ` : ""}${title(channel)} · ${state.team.name ?? "Workspace"}`;
    $("title").textContent = title(channel);
    $("members").textContent = channel.is_im ? "App" : channel.members ? `${channel.members.length} members` : "";
    this.#tabs(channel);
    $("messages").ariaBusy = String(!state.loaded);
    if (state.loaded) {
      this.list.show({
        place: `${channel.id} ${state.me}`, messages: roots(state.messages), threads: state.messages,
        intro: intro(channel, (text) => this.composer.submitText(text)),
        editing: state.editing?.part === "main" ? state.editing.ts : null,
      });
    }
    this.composer.at(`${channel.id} ${state.me}`, `Message ${title(channel)}`);
  }

  /** tabs shows the tabs of the app's Home, and the Home if it is open. */
  #tabs(channel) {
    const atHome = channel.is_im && state.app.home_tab && state.tab === "home";
    $("tabs").hidden = !channel.is_im || !state.app.home_tab;
    $("members").hidden = !$("tabs").hidden;
    $("tab-home").setAttribute("aria-selected", String(atHome));
    $("tab-messages").setAttribute("aria-selected", String(!atHome));
    $("assistant-toggle").hidden = !state.app.agent;
    $("home").hidden = !atHome;
    $("messages").hidden = atHome;
    $("composer").hidden = atHome || channel.is_im && (!state.app.messages_tab || state.app.read_only);
    if (atHome) this.home.show(state.views.home);
  }
}
