import { follow, h } from "./dom.js";

const KEEP = 500;

/** legible reads the arguments of a call, of which some are JSON. */
function legible(args) {
  return Object.fromEntries(Object.entries(args ?? {}).map(([name, value]) => {
    try {
      return [name, /^[[{]/.test(value) ? JSON.parse(value) : value];
    } catch {
      return [name, value];
    }
  }));
}

/** describe turns a stream event about the wire into a row, or null for an event of another kind. */
export function describe(event, sent) {
  switch (event.type) {
    case "envelope":
      return { way: "→ bot", what: event.payload?.event?.type ?? event.payload?.type ?? event.payload?.command ?? event.kind, detail: event.envelope_id, note: event.retry_attempt ? `retry ${event.retry_attempt}` : "", body: event.payload };
    case "ack": {
      const since = sent.get(event.envelope_id);
      return { way: "← bot", what: "ack", detail: event.envelope_id, note: since ? `${Date.now() - since} ms` : "", body: event.payload };
    }
    case "api":
      return { way: "← bot", what: event.method, detail: event.ok ? "ok" : event.error, note: `${event.ms} ms`, bad: !event.ok, body: legible(event.args) };
    case "sockets":
      return { way: "socket", what: event.sockets === 1 ? "1 connection" : `${event.sockets} connections`, detail: "", note: "" };
    default:
      return null;
  }
}

/** Inspector lists what passes between the workspace and the bot. */
export class Inspector {
  #sent = new Map(); // envelope_id → when it was sent and is not acked yet

  constructor(host, close) {
    this.list = h("ol", { class: "wire", "aria-label": "Envelopes, acks and API calls", tabindex: 0 });
    follow(this.list);
    this.count = h("span", { class: "hint" });
    host.append(h("header", { class: "inspector-head" }, h("h2", {}, "Inspector"), this.count,
      h("button", { type: "button", class: "button", onclick: () => this.list.replaceChildren() }, "Clear"),
      h("button", { type: "button", class: "button", onclick: close }, "Close")), this.list);
    this.waiting(0);
  }

  /** waiting says how many envelopes the bot has not acked. */
  waiting(count) {
    this.count.textContent = count === 0 ? "everything is acked" : count === 1 ? "1 envelope not acked" : `${count} envelopes not acked`;
  }

  record(event) {
    const row = describe(event, this.#sent);
    if (!row) return;
    if (event.type === "envelope") this.#sent.set(event.envelope_id, Date.now());
    if (event.type === "ack") this.#sent.delete(event.envelope_id);
    if (event.type !== "api") this.waiting(this.#sent.size);
    const cells = [h("time", {}, new Date().toLocaleTimeString([], { hour12: false })),
      h("span", {}, row.way), h("b", {}, row.what), h("code", {}, row.detail), h("span", {}, row.note)];
    const full = row.body && Object.keys(row.body).length > 0;
    const details = full && h("details", { ontoggle: () => details.lastElementChild.tagName === "PRE" || details.append(h("pre", {}, JSON.stringify(row.body, null, 2))) }, h("summary", {}, cells));
    this.list.append(h("li", { class: row.bad ? "bad" : event.type }, details || h("div", { class: "wire-row" }, cells)));
    if (this.list.children.length > KEEP) this.list.firstElementChild.remove();
  }
}
