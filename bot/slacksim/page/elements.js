import { h, icon } from "./dom.js";
import { openMenu } from "./menu.js";
import { withEmoji } from "./mrkdwn.js";
import { select } from "./select.js";

// In this file ctx is as in blocks.js, and beside it:
// suggest(action_id, block_id, typed): Promise of the answer, held(block_id, action_id): what the
// person put there, dispatch(node, element, block, value): the element was operated.

const readers = new WeakMap(); // element of the page → function that returns what it holds

/** read collects what the inputs below a root hold, by block_id and action_id. */
export function read(root) {
  const values = {};
  for (const node of root.querySelectorAll("[data-input]")) {
    const { block, action } = node.dataset;
    (values[block] ??= {})[action] = readers.get(node)();
  }
  return values;
}

const plain = (object) => object?.text ?? "";
const asOption = (option, group) => ({ value: option.value, label: plain(option.text), detail: plain(option.description), group });
const grouped = ({ options = [], option_groups: groups = [] }) =>
  [...options.map((option) => asOption(option)), ...groups.flatMap((group) => group.options.map((option) => asOption(option, plain(group.label))))];
const fitting = (options) => (typed) => options.filter(({ label }) => label.toLowerCase().includes(typed.toLowerCase()));

/** held is what the state of an element says, as values: [] or ["…"]. */
export function valuesOf(state) {
  if (!state) return null;
  const { type, ...rest } = state;
  const [content] = Object.values(rest);
  if (content === null || content === undefined) return [];
  if (type === "rich_text_input") return [content.elements.flatMap((part) => part.elements).map((part) => part.text ?? part.url ?? "").join("")];
  return [content].flat().map((one) => (typeof one === "object" ? one : String(one)));
}

/** field wraps a control so that its value can be read. */
function field(node, element, block, value) {
  const wrapped = h("div", { class: "field", "data-input": true, "data-block": block.block_id, "data-action": element.action_id }, node);
  readers.set(wrapped, value);
  return wrapped;
}

function everybody(ctx) {
  return ctx.users().map((user) => ({ value: user.id, label: user.real_name, detail: user.is_bot ? "app" : `@${user.name}` }));
}

const channels = (ctx, all) => ctx.channels(all).map((channel) => ({ value: channel.id, label: channel.name ? `#${channel.name}` : "Direct message" }));

/** source gives the options of a menu: find(typed), and those of them that it holds at first. */
function source(element, block, ctx) {
  const kind = element.type.replace(/^multi_/, "");
  const known = { static_select: () => grouped(element), users_select: () => everybody(ctx), channels_select: () => channels(ctx), conversations_select: () => channels(ctx, true) }[kind];
  if (known) return { find: (typed) => fitting(known())(typed), options: known() };
  const least = element.min_query_length ?? 3;
  return {
    options: [],
    find: async (typed) => {
      if (typed.length < least) throw new Error(`Type at least ${least} character${least === 1 ? "" : "s"}`);
      return grouped(await ctx.suggest(element.action_id, block.block_id, typed));
    },
  };
}

function menu(element, block, ctx, label) {
  const { find, options } = source(element, block, ctx);
  const holds = (ctx.held(block.block_id, element.action_id) ?? initial(element)).map((one) =>
    typeof one === "object" ? asOption(one) : options.find(({ value }) => value === one) ?? { value: one, label: one });
  const many = element.type.startsWith("multi_");
  const box = select({
    label, placeholder: plain(element.placeholder) || (many ? "Choose…" : "Choose an option"), find, many, most: element.max_selected_items, chosen: holds,
    onchange: () => ctx.dispatch(wrapped, element, block, many ? box.values() : box.values()[0] ?? null),
    attributes: { "data-action-id": element.action_id },
  });
  const wrapped = field(box.node, element, block, () => (many ? box.values() : box.values()[0] ?? null));
  return wrapped;
}

/** initial is what an element holds before anybody touches it. */
function initial(element) {
  const name = Object.keys(element).find((key) => key.startsWith("initial_"));
  return name ? valuesOf({ type: element.type, content: element[name] }) : [];
}

function choices(element, block, ctx, type) {
  const name = crypto.randomUUID(); // the same ids may stand in several messages
  const holds = (ctx.held(block.block_id, element.action_id) ?? initial(element)).map((one) => one.value ?? one);
  const value = () => {
    const all = [...set.querySelectorAll("input:checked")].map((input) => input.value);
    return type === "radio" ? all[0] ?? null : all;
  };
  const set = h("div", { class: "choices" }, element.options.map((option) => h("label", {},
    h("input", { type, name, value: option.value, checked: holds.includes(option.value), "data-action-id": element.action_id, onchange: () => ctx.dispatch(wrapped, element, block, value()) }),
    h("span", {}, ctx.text(option.text), option.description && h("small", {}, ctx.text(option.description))))));
  const wrapped = field(set, element, block, value);
  return wrapped;
}

const seconds = (local) => (local ? String(Math.floor(new Date(local).getTime() / 1000)) : null);
const localTime = (at) => new Date(at * 1000 - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 16);

function picker(element, block, ctx, label) {
  const type = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" }[element.type];
  const [holds = ""] = ctx.held(block.block_id, element.action_id) ?? initial(element);
  const value = () => (type === "datetime-local" ? seconds(input.value) : input.value || null);
  const input = h("input", {
    type, class: "input", "aria-label": label, value: type === "datetime-local" && holds ? localTime(Number(holds)) : holds,
    "data-action-id": element.action_id, onchange: () => ctx.dispatch(wrapped, element, block, value()),
  });
  const wrapped = field(input, element, block, value);
  return wrapped;
}

function typing(element, block, ctx, label) {
  const long = element.multiline || element.type === "rich_text_input";
  const type = { email_text_input: "email", url_text_input: "url" }[element.type] ?? "text";
  const [holds = ""] = ctx.held(block.block_id, element.action_id) ?? initial(element);
  const when = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const send = () => block.dispatch_action && ctx.dispatch(wrapped, element, block, input.value);
  const input = h(long ? "textarea" : "input", {
    class: "input", type: long ? null : type, rows: long ? 4 : null, "aria-label": label, placeholder: plain(element.placeholder) || null, maxlength: element.max_length,
    inputmode: element.type === "number_input" ? "decimal" : null, autofocus: element.focus_on_load || null, "data-action-id": element.action_id,
    oninput: () => when.includes("on_character_entered") && send(),
    onkeydown: (event) => {
      if (event.key !== "Enter" || event.isComposing || long && !event.ctrlKey && !event.metaKey) return;
      if (block.dispatch_action && when.includes("on_enter_pressed")) {
        event.preventDefault();
        send();
      }
    },
  });
  input.value = holds;
  const wrapped = field(input, element, block, () => input.value);
  return wrapped;
}

function overflow(element, block, ctx) {
  const button = h("button", {
    type: "button", class: "button overflow", "aria-label": "More", "data-action-id": element.action_id,
    onclick: () => openMenu(button, element.options.map((option) => ({
      label: withEmoji(plain(option.text)), detail: plain(option.description), key: option.value, onchoose: () => ctx.dispatch(button, element, block, option.value),
    }))),
  }, icon("more"));
  return button;
}

/** interactive draws an element that holds something, or null if it is of another kind. */
export function interactive(element, block, ctx, label = plain(element.placeholder) || "Choice") {
  switch (element.type) {
    case "overflow": return overflow(element, block, ctx);
    case "checkboxes": return choices(element, block, ctx, "checkbox");
    case "radio_buttons": return choices(element, block, ctx, "radio");
    case "datepicker":
    case "timepicker":
    case "datetimepicker": return picker(element, block, ctx, label);
    case "plain_text_input":
    case "email_text_input":
    case "url_text_input":
    case "number_input":
    case "rich_text_input": return typing(element, block, ctx, label);
    case "file_input": return h("p", { class: "unknown" }, "Files cannot be chosen in this workspace");
  }
  return /^(multi_)?(static|external|users|channels|conversations)_select$/.test(element.type) ? menu(element, block, ctx, label) : null;
}
