import { toWire } from "./mrkdwn.js";

/** state is what the page knows of the workspace, and where the person is in it. */
export const state = {
  team: {}, users: [], channels: [], app: { commands: [], shortcuts: [] }, bot: "", sockets: 0,
  online: false, loaded: false,
  me: sessionStorage.getItem("me") ?? "",
  channel: location.hash.slice(1),
  messages: [], // of the open channel, by ts
  thread: null, // the ts of the message whose thread is open
  editing: null, // {ts, part}
  unread: new Map(), // channel id → count
  tab: "messages", // of the direct messages: home or messages
  views: { modals: [], home: null },
};

export const user = (id) => state.users.find((one) => one.id === id) ?? { id: id ?? "", name: id ?? "unknown", real_name: id ?? "Unknown" };
export const people = () => state.users.filter((one) => !one.is_bot);
export const direct = () => `@${state.bot}`; // names the direct messages with the bot before they exist
export const visible = (channel) => channel.is_im ? channel.user === state.me : channel.members?.includes(state.me) ?? true;
export const rooms = () => state.channels.filter((channel) => !channel.is_im && visible(channel));
export const im = () => state.channels.find((channel) => channel.is_im && visible(channel)) ?? { id: direct(), is_im: true };
export const current = () => [...rooms(), im()].find((channel) => channel.id === state.channel);

/** name is how a channel is called: direct messages by who else is in them. */
export function name(channel) {
  if (channel.is_im) return user(state.bot).real_name;
  return channel.is_mpim ? channel.members.filter((id) => id !== state.me).map((id) => user(id).real_name).join(", ") : channel.name;
}
export const title = (channel) => (channel.is_im || channel.is_mpim ? name(channel) : `#${channel.name}`);

/** ctx is what the parts that draw messages and views need to know. */
export const ctx = {
  get me() { return state.me; }, user, channel: (id) => state.channels.find((one) => one.id === id),
  users: () => state.users,
  channels: (all) => state.channels.filter((channel) => visible(channel) && (all || !channel.is_im && !channel.is_mpim)),
  wire: (typed) => toWire(typed.trim(), state.users, state.channels),
};
