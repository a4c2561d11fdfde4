import * as api from "./api.js";
import { renderBlocks } from "./blocks.js";
import { h, icon } from "./dom.js";
import { read, valuesOf } from "./elements.js";

/** drawn draws the blocks of a view; typed is what the person has put into it since it was last sent. */
function drawn(view, ctx, typed = {}) {
  const user = ctx.me;
  return renderBlocks(view.blocks, {
    ...ctx,
    press: (action) => api.act({ user, view_id: view.id, ...action }),
    suggest: (action_id, block_id, value) => api.suggest({ user, view_id: view.id, action_id, block_id, value }),
    held: (block, action) => {
      const mine = typed[block]?.[action];
      const known = valuesOf(view.state.values[block]?.[action]);
      if (mine === undefined || mine === null) return mine === null ? [] : known;
      // An option is typed as its value, and known as a whole.
      return [mine].flat().map((value) => known?.find((one) => one.value === value) ?? value);
    },
  });
}

/** Modals shows the views that somebody has open, the uppermost of them. */
export class Modals {
  #view = null;

  constructor(ctx) {
    this.ctx = ctx;
    this.dialog = h("dialog", { class: "modal", "data-testid": "modal", oncancel: (event) => {
      event.preventDefault();
      this.#close(true);
    } });
    document.body.append(this.dialog);
  }

  /** show draws the views that are open, the lowest first. */
  show(stack) {
    const view = stack.at(-1);
    if (!view) {
      this.#view = null;
      this.dialog.close();
      this.dialog.replaceChildren();
      return;
    }
    if (this.#view?.hash === view.hash && this.#view.id === view.id) return;
    const typed = this.#view?.id === view.id ? read(this.dialog) : {};
    const focus = this.#view?.id === view.id && document.activeElement?.dataset.actionId;
    const scrolled = this.#view?.id === view.id ? this.dialog.querySelector(".view")?.scrollTop : 0;
    this.#view = view;
    this.failed = h("p", { class: "press-error", role: "alert" });
    this.go = view.submit && h("button", { class: "button primary", "data-testid": "submit" }, view.submit.text);
    this.dialog.setAttribute("aria-label", view.title.text);
    this.dialog.replaceChildren(h("form", { novalidate: true, onsubmit: (event) => {
      event.preventDefault();
      this.#submit();
    } },
    h("header", { class: "modal-head" },
      view.previous_view_id && h("button", { type: "button", class: "icon-button", "aria-label": "Back", onclick: () => this.#close(false) }, icon("back")),
      h("h2", {}, view.title.text),
      h("button", { type: "button", class: "icon-button", "aria-label": "Close", "data-testid": "modal-x", onclick: () => this.#close(true) }, icon("close"))),
    h("div", { class: "view" }, drawn(view, this.ctx, typed)),
    h("footer", { class: "dialog-buttons" }, this.failed,
      h("button", { type: "button", class: "button", "data-testid": "modal-close", onclick: () => this.#close(false) }, view.close?.text ?? (view.submit ? "Cancel" : "Close")), this.go)));
    if (!this.dialog.open) this.dialog.showModal();
    const first = focus && [...this.dialog.querySelectorAll("input, textarea, button")].find((node) => node.dataset.actionId === focus)
      || this.dialog.querySelector("[autofocus]") || this.dialog.querySelector(".view :is(input, textarea, select)");
    first?.focus();
    this.dialog.querySelector(".view").scrollTop = scrolled ?? 0;
  }

  async #submit() {
    if (!this.go) return;
    this.#say("");
    this.go.disabled = true;
    try {
      const answer = await api.submit({ user: this.ctx.me, view_id: this.#view.id, values: read(this.dialog) });
      this.#errors(answer.errors ?? {});
    } catch (error) {
      this.#say(`Not sent: ${error.message}.`);
    } finally {
      this.go.disabled = false;
    }
  }

  async #close(all) {
    try {
      await api.close({ user: this.ctx.me, view_id: this.#view.id, all });
    } catch (error) {
      this.#say(`${error.message}.`);
    }
  }

  #say(text) {
    this.failed.textContent = text;
  }

  /** errors shows what is wrong with each input and goes to the first. */
  #errors(errors) {
    for (const input of this.dialog.querySelectorAll(".input-block")) {
      const wrong = errors[input.dataset.blockId] ?? "";
      input.classList.toggle("wrong", wrong !== "");
      input.querySelector(":scope > .press-error").textContent = wrong;
    }
    this.dialog.querySelector(".wrong :is(input, textarea)")?.focus();
  }
}

/** Home shows the Home tab that the app has made for somebody. */
export class Home {
  #shown = null;

  constructor(host, ctx) {
    Object.assign(this, { host, ctx });
  }

  show(view) {
    if (view && this.#shown?.hash === view.hash && this.#shown.id === view.id) return;
    const typed = this.#shown && this.#shown.id === view?.id ? read(this.host) : {};
    this.#shown = view;
    this.host.replaceChildren(h("div", { class: "view home-view" }, view ? drawn(view, this.ctx, typed)
      : h("p", { class: "subtle empty" }, "The app has put nothing here yet.")));
  }
}
