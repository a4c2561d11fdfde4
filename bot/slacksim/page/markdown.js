import { h } from "./dom.js";
import { inline, link, withEmoji } from "./mrkdwn.js";

function span(text) {
  const nested = (tag) => (match) => h(tag, {}, span(match[1]));
  return inline(text, [
    [/\\([\\`*_~[\]()#>|-])/g, (match) => match[1]],
    [/`([^`\n]+)`/g, (match) => h("code", {}, match[1])],
    [/!?\[([^\]\n]*)\]\(([^()\s]+)\)/g, (match) => link(match[2], span(match[1]))],
    [/\*\*(\S|\S[^\n]*?\S)\*\*/g, nested("strong")],
    [/~~(\S|\S[^\n]*?\S)~~/g, nested("s")],
    [/(?<![\w*])\*(\S|\S[^*\n]*\S)\*(?![\w*])/g, nested("em")],
    [/(?<!\w)_(\S|\S[^_\n]*\S)_(?!\w)/g, nested("em")],
    [/\bhttps?:\/\/[^\s<>]*[^\s<>.,;:!?)]/g, (match) => link(match[0], match[0])],
  ], withEmoji);
}

const cells = (row) => row.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());

// Each kind of block takes the lines that match; the first kind that knows a line wins.
const KINDS = [
  [/^#{1,6} /, ([line]) => h("h3", {}, span(line.replace(/^#+ /, ""))), 1],
  [/^ *([-*_])( *\1){2,} *$/, () => h("hr"), 1],
  [/^> ?/, (lines) => h("blockquote", { class: "quote" }, render(lines.map((line) => line.replace(/^> ?/, ""))))],
  [/^\s*[-*+] /, (lines) => h("ul", {}, lines.map((line) => h("li", {}, span(line.replace(/^\s*[-*+] /, "")))))],
  [/^\s*\d+[.)] /, (lines) => h("ol", { start: parseInt(lines[0], 10) },
    lines.map((line) => h("li", {}, span(line.replace(/^\s*\d+[.)] /, "")))))],
  [/^\s*\|/, ([head, , ...rows]) => h("div", { class: "table-scroll" }, h("table", {},
    h("thead", {}, h("tr", {}, cells(head).map((cell) => h("th", { scope: "col" }, span(cell))))),
    h("tbody", {}, rows.map((row) => h("tr", {}, cells(row).map((cell) => h("td", {}, span(cell))))))))],
  [/^\s*$/, () => null],
];

function render(lines) {
  const out = [];
  for (let at = 0; at < lines.length;) {
    const start = at++;
    if (lines[start].startsWith("```")) {
      while (at < lines.length && !lines[at].startsWith("```")) at++;
      out.push(h("pre", {}, lines.slice(start + 1, at++).join("\n")));
      continue;
    }
    const kindOf = (line) => KINDS.find(([pattern]) => pattern.test(line)) ?? (line.startsWith("```") ? "code" : undefined);
    const kind = kindOf(lines[start]);
    const most = kind?.[2] ?? Infinity;
    while (at < lines.length && at - start < most && kindOf(lines[at]) === kind) at++;
    const taken = lines.slice(start, at);
    out.push(kind ? kind[1](taken) : h("p", {}, span(taken.join("\n"))));
  }
  return out;
}

/** markdown renders the standard Markdown of a markdown block; raw HTML in it stays text. */
export const markdown = (text) => h("div", { class: "markdown" }, render(text.split("\n")));
