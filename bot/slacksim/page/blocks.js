import { confirm, h, icon } from "./dom.js";
import { interactive, read } from "./elements.js";
import { markdown } from "./markdown.js";
import { broadcast, channelMention, emoji, link, mrkdwn, userMention, withEmoji } from "./mrkdwn.js";

// In this file ctx is what a block needs of the page around it:
// {me, user(id), channel(id), users(), channels(all), press({action_id, block_id, value, values}): Promise,
// suggest and held as in elements.js, root(node): the message or view that a node is in}.

/** unknown stands in for what this page cannot draw, so that nothing disappears silently. */
const unknown = (what, item) =>
  h("span", { class: "unknown" }, `${what} of type “${item?.type}”: not shown in this workspace`);

const text = (object, ctx) => object.type === "mrkdwn" ? mrkdwn(object.text, ctx) : [withEmoji(object.text)];

/** image loads only what needs no request to another origin; of the rest it shows the description. */
function image({ image_url: source = "", alt_text: alt = "", title }, ctx) {
  const local = source !== "" && (source.startsWith("data:image/") || new URL(source, location.href).origin === location.origin);
  return h("figure", {},
    title && h("figcaption", {}, text(title, ctx)),
    local ? h("img", { src: source, alt }) : h("span", { class: "image-alt" }, `Image: ${alt || "no description"}`));
}

/**
 * press sends the press of a control, which is out of use meanwhile, and says beside it if that
 * failed. It reports whether the bot took it.
 */
async function press(control, element, action, ctx) {
  const ask = element.confirm;
  if (ask && !await confirm({
    title: ask.title.text, body: text(ask.text, ctx), yes: ask.confirm?.text, no: ask.deny?.text, danger: ask.style === "danger",
  })) return false;
  const row = control.closest(".controls, .input-block");
  if (row.nextElementSibling?.matches(".press-error")) row.nextElementSibling.remove();
  control.disabled = true;
  control.setAttribute("aria-busy", "true");
  try {
    const root = control.closest(".content, .view");
    await ctx.press({ ...action, values: root ? read(root) : undefined });
    return true;
  } catch (error) {
    row.after(h("p", { class: "press-error", role: "alert" }, `${element.text || control.ariaLabel ? `“${control.ariaLabel ?? element.text.text}”` : "This"} did not work: ${error.message}.`));
    return false;
  } finally {
    control.disabled = false;
    control.removeAttribute("aria-busy");
    if (document.activeElement === document.body) control.focus(); // which it lost while disabled
  }
}

function button(element, ctx, block) {
  const action = { action_id: element.action_id, block_id: block.block_id, value: element.value };
  const attributes = {
    class: `button ${element.style ?? ""}`,
    "data-action-id": element.action_id,
    "data-value": element.value,
    "aria-label": element.accessibility_label,
    onclick: (event) => press(event.currentTarget, element, action, ctx),
  };
  if (!element.url) return h("button", { type: "button", ...attributes }, text(element.text, ctx));
  const anchor = link(element.url, text(element.text, ctx));
  const { onclick, ...plain } = attributes;
  for (const [name, value] of Object.entries(plain)) if (value !== undefined) anchor.setAttribute(name, value);
  anchor.addEventListener("click", onclick);
  return anchor;
}

function iconButton(element, drawing, label, value, ctx, block) {
  return h("button", {
    type: "button", class: "icon-button", "aria-label": label, title: label,
    "data-action-id": element.action_id, "data-value": value,
    onclick: async ({ currentTarget: control }) => {
      const action = { action_id: element.action_id, block_id: block.block_id, value };
      if (!await press(control, element, action, ctx)) return;
      for (const other of control.closest(".feedback")?.children ?? []) other.setAttribute("aria-pressed", String(other === control));
    },
  }, icon(drawing));
}

function feedback(element, ctx, block) {
  const one = (kind) => {
    const choice = element[`${kind}_button`];
    return iconButton(element, kind, choice.accessibility_label ?? choice.text.text, choice.value, ctx, block);
  };
  return h("span", { class: "feedback" }, one("positive"), one("negative"));
}

function control(element, ctx, block) {
  switch (element.type) {
    case "button": return button(element, ctx, block);
    case "image": return image(element, ctx);
    case "feedback_buttons": return feedback(element, ctx, block);
    case "icon_button":
      return iconButton(element, "trash", element.accessibility_label ?? element.text.text, element.value, ctx, block);
    case "workflow_button": return h("button", { type: "button", class: "button", disabled: true, title: "Workflows are not in this workspace" }, text(element.text, ctx));
    default: return interactive(element, block, operated(ctx)) ?? unknown("Element", element);
  }
}

/** operated adds to a context what elements need to tell that somebody used them. */
const operated = (ctx) => ({
  ...ctx,
  text: (object) => text(object, ctx),
  // An input that says nothing before its form is sent does not tell the app.
  dispatch: (node, element, block, value) => {
    if (block.type !== "input" || block.dispatch_action) press(node, element, { action_id: element.action_id, block_id: block.block_id, value }, ctx);
  },
});

/** inputBlock draws an input with its label; what is wrong with it goes below it. */
function inputBlock(block, ctx) {
  const label = block.label.text;
  return h("div", { class: "input-block", "data-block-id": block.block_id },
    h("div", { class: "label" }, text(block.label, ctx), block.optional && h("span", { class: "subtle" }, " (optional)")),
    interactive(block.element, block, operated(ctx), label) ?? unknown("Element", block.element),
    block.hint && h("p", { class: "subtle" }, text(block.hint, ctx)),
    h("p", { class: "press-error", role: "alert" }));
}

const video = (block, ctx) => h("figure", { class: "video" },
  h("figcaption", {}, block.title_url ? link(block.title_url, text(block.title, ctx)) : text(block.title, ctx)),
  block.description && h("p", { class: "subtle" }, text(block.description, ctx)),
  h("p", { class: "image-alt" }, icon("play"), link(block.video_url, block.alt_text)));

const controls = (block, ctx) =>
  h("div", { class: "controls" }, block.elements.map((element) => control(element, ctx, block)));

function styled(node, style = {}) {
  const tags = { code: "code", bold: "strong", italic: "em", strike: "s", underline: "u" };
  return Object.entries(tags).reduce((inner, [name, tag]) => style[name] ? h(tag, {}, inner) : inner, node);
}

/** richInline draws one element of a rich text section. */
function richInline(element, ctx) {
  switch (element.type) {
    case "text": return styled(element.text, element.style);
    case "link": return styled(link(element.url, element.text ?? element.url), element.style);
    case "emoji": return emoji(element.name);
    case "user": return styled(userMention(element.user_id, ctx), element.style);
    case "channel": return styled(channelMention(element.channel_id, ctx), element.style);
    case "broadcast": return broadcast(element.range);
    case "date": return h("time", {}, element.fallback ?? new Date(element.timestamp * 1000).toLocaleString());
    case "color": return h("code", {}, element.value);
    default: return unknown("Element", element);
  }
}

function richText(element, ctx) {
  const children = () => element.elements.map((child) => richInline(child, ctx));
  switch (element.type) {
    case "rich_text": return h("div", { class: "rich-text" }, element.elements.map((child) => richText(child, ctx)));
    case "rich_text_section": return h("div", {}, children());
    case "rich_text_quote": return h("blockquote", { class: "quote" }, children());
    case "rich_text_preformatted": return h("pre", {}, children());
    case "rich_text_list":
      return h(element.style === "ordered" ? "ol" : "ul",
        { class: `indent-${Math.min(element.indent ?? 0, 6)}`, start: element.offset ? element.offset + 1 : null },
        element.elements.map((item) => h("li", {}, richText(item, ctx))));
    default: return unknown("Element", element);
  }
}

function section(block, ctx) {
  const side = block.accessory && control(block.accessory, ctx, block);
  return h("div", { class: "section" },
    h("div", { class: "section-text" },
      block.text && h("div", { class: "text" }, text(block.text, ctx)),
      block.fields && h("div", { class: "fields" }, block.fields.map((field) => h("div", { class: "text" }, text(field, ctx))))),
    side && h("div", {}, h("div", { class: "controls accessory" }, side)));
}

const context = (block, ctx) => h("div", { class: "context" },
  block.elements.map((element) => h("span", { class: "text" }, element.type === "image" ? image(element, ctx) : text(element, ctx))));

function table(block, ctx) {
  const align = (column) => `align-${block.column_settings?.[column]?.align ?? "left"}`;
  const row = (tag, cells) => h("tr", {}, cells.map((cell, column) =>
    h(tag, { class: align(column), scope: tag === "th" ? "col" : null }, cell?.type === "rich_text" ? richText(cell, ctx) : String(cell?.text ?? cell?.value ?? ""))));
  const [head = [], ...rows] = block.rows;
  return h("div", { class: "table-scroll" },
    h("table", {}, h("thead", {}, row("th", head)), h("tbody", {}, rows.map((cells) => row("td", cells)))));
}

const BLOCKS = new Map(Object.entries({
  section, context, image, table, video,
  input: inputBlock,
  header: (block, ctx) => h("h3", { class: "header" }, text(block.text, ctx)),
  divider: () => h("hr"),
  actions: controls,
  context_actions: controls,
  rich_text: richText,
  markdown: (block) => markdown(block.text),
}));

/** renderBlocks draws the blocks of a message; one that is malformed costs only itself. */
export function renderBlocks(blocks, ctx) {
  return blocks.map((block) => {
    const draw = BLOCKS.get(block.type);
    if (!draw) return unknown("Block", block);
    try {
      return draw(block, ctx);
    } catch (error) {
      return h("div", { class: "unknown" }, `Block of type “${block.type}” is malformed: ${error.message}`);
    }
  });
}
