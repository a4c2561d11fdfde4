import { h } from "./dom.js";

const EMOJI = new Map(Object.entries({
  "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", wave: "👋", eyes: "👀", tada: "🎉", pray: "🙏",
  white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", warning: "⚠️", question: "❓", bulb: "💡",
  information_source: "ℹ️", mag: "🔍", book: "📖", books: "📚", link: "🔗", pushpin: "📌", memo: "📝",
  speech_balloon: "💬", newspaper: "📰", calendar: "📅", hourglass_flowing_sand: "⏳", robot_face: "🤖",
  heart: "❤️", smile: "😄", slightly_smiling_face: "🙂", thinking_face: "🤔", rocket: "🚀", arrow_right: "➡️",
}));

/** REACTIONS are the emoji that the page offers. */
export const REACTIONS = ["+1", "eyes", "white_check_mark", "heart", "tada", "pray", "rocket", "thinking_face", "bulb", "question", "-1", "x"];

/** emoji is the character of a shortcode, or the shortcode itself if it is not among the common ones. */
export const emoji = (name) => EMOJI.get(name) ?? `:${name}:`;

/** withEmoji replaces the common shortcodes of a plain text. */
export const withEmoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (_, name) => emoji(name));

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
const decode = (text) => text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity]);
const encode = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/** link is an anchor for the schemes that are safe to follow, else the bare text. */
export function link(url, ...children) {
  if (!/^(https?:\/\/|mailto:)/i.test(url)) return h("span", {}, ...children);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

export const userMention = (id, ctx) =>
  h("span", { class: id === ctx.me ? "mention mention-me" : "mention" }, `@${ctx.user(id).real_name}`);
export const channelMention = (id, ctx) => h("span", { class: "mention" }, `#${ctx.channel(id)?.name ?? id}`);
export const broadcast = (range) => h("span", { class: "mention mention-me" }, `@${range}`);

/**
 * inline turns text into nodes by rules of [global regexp, function of the match]; the rule that
 * matches earliest wins, and plain shapes what lies between.
 */
export function inline(text, rules, plain) {
  const out = [];
  let at = 0;
  for (;;) {
    let first = null;
    for (const [pattern, make] of rules) {
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      if (match && (!first || match.index < first.match.index)) first = { match, make };
    }
    if (!first) break;
    if (first.match.index > at) out.push(plain(text.slice(at, first.match.index)));
    out.push(first.make(first.match));
    at = first.match.index + first.match[0].length;
  }
  if (at < text.length) out.push(plain(text.slice(at)));
  return out;
}

/** angle reads what Slack writes between < and >: mentions, broadcasts, dates and links. */
function angle(inner, ctx) {
  const [target, label] = inner.split(/\|(.*)/s);
  if (target.startsWith("@")) return userMention(target.slice(1), ctx);
  if (target.startsWith("#")) return channelMention(target.slice(1), ctx);
  if (target.startsWith("!date^")) return decode(label ?? "");
  if (target.startsWith("!")) return broadcast(label ?? target.slice(1));
  return link(decode(target), decode(label ?? target.replace(/^mailto:/, "")));
}

function span(text, ctx) {
  const nested = (tag) => (match) => h(tag, {}, span(match[1], ctx));
  return inline(text, [
    [/`([^`\n]+)`/g, (match) => h("code", {}, decode(match[1]))],
    [/<([^<>\n]+)>/g, (match) => angle(match[1], ctx)],
    [/(?<![\w*])\*(\S|\S[^*\n]*\S)\*(?![\w*])/g, nested("strong")],
    [/(?<!\w)_(\S|\S[^_\n]*\S)_(?!\w)/g, nested("em")],
    [/(?<![\w~])~(\S|\S[^~\n]*\S)~(?![\w~])/g, nested("s")],
    [/\bhttps?:\/\/[^\s<>]*[^\s<>.,;:!?)]/g, (match) => link(decode(match[0]), decode(match[0]))],
  ], (plain) => withEmoji(decode(plain)));
}

/** mrkdwn turns Slack's markup into nodes. */
export function mrkdwn(text, ctx) {
  const out = [];
  text.split(/```\n?([\s\S]+?)\n?```/).forEach((part, index) => {
    if (index % 2) {
      out.push(h("pre", {}, decode(part)));
      return;
    }
    // A run of quoted lines alternates with a run of others.
    for (const run of part.split(/((?:^(?:&gt;|>).*(?:\n|$))+)/m)) {
      if (/^(?:&gt;|>)/.test(run)) {
        out.push(h("blockquote", { class: "quote" }, span(run.replace(/^(?:&gt;|>) ?/gm, "").trimEnd(), ctx)));
      } else if (run.trim()) {
        out.push(...span(run.replace(/^\n|\n$/g, ""), ctx));
      }
    }
  });
  return out;
}

/** toWire is what Slack's client makes of typed text: & < > escaped, @name and #name as references. */
export function toWire(text, users, channels) {
  const named = (list, name) => list.find((item) => item.name?.toLowerCase() === name.toLowerCase());
  return encode(text)
    .replace(/(?<![\w@<])@([\w-]+(?:\.[\w-]+)*)/g, (typed, name) => {
      const user = named(users, name);
      return user ? `<@${user.id}>` : typed;
    })
    .replace(/(?<![\w#&<])#([\w-]+)/g, (typed, name) => {
      const channel = named(channels, name);
      return channel ? `<#${channel.id}>` : typed;
    });
}

/** fromWire is the inverse of toWire, for editing. */
export function fromWire(text, ctx) {
  return decode(text
    .replace(/<@(\w+)(?:\|[^>]*)?>/g, (_, id) => `@${ctx.user(id).name}`)
    .replace(/<#(\w+)(?:\|[^>]*)?>/g, (_, id) => `#${ctx.channel(id)?.name ?? id}`)
    .replace(/<((?:https?:|mailto:)[^|>]+)(?:\|[^>]*)?>/g, "$1"));
}
