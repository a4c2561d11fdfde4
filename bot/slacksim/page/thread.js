import { Composer } from "./composer.js";
import { $, icon } from "./dom.js";
import { MessageList, replies, roots } from "./messages.js";
import { ctx, state, title, user } from "./workspace.js";

/** Thread is the thread that is open beside its channel. */
export class Thread {
  /** actions is as for a MessageList, close() closes the thread, and the rest is as for a Composer. */
  constructor({ actions, close, send, sources, editLast }) {
    this.list = new MessageList($("thread-messages"), ctx, actions);
    this.composer = new Composer($("thread-composer"), { id: "thread-composer", sendId: "thread-send", send, sources, editLast });
    $("thread-close").append(icon("close"));
    $("thread-close").addEventListener("click", close);
  }

  show(channel) {
    const root = roots(state.messages).find(({ ts }) => ts === state.thread);
    if (state.loaded && !root) state.thread = null;
    $("thread").hidden = !root;
    if (!root) return;
    $("thread-channel").textContent = title(channel);
    this.list.show({
      place: `${channel.id}/${state.thread}`,
      messages: [root, ...replies(state.messages, state.thread)],
      editing: state.editing?.part === "thread" ? state.editing.ts : null,
      status: { by: user(state.bot), ...root },
    });
    this.composer.at(`${channel.id}/${state.thread}`, "Reply…");
  }
}
