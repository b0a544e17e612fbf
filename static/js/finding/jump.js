// Quick jump: a dialog over any page, in which what is typed is looked for among titles. The site draws what it shows.

import { page, reason } from "../http.js";

const WAIT = 120;
const SHEET = new URL("../../css/jump.css", import.meta.url).href;

let opening = null;

/**
 * Opens the dialog, or goes back to its field. Throws when there is nothing to show.
 * @param {() => string} typed gives what was typed until then
 * @returns {Promise<void>}
 */
export function open(typed) {
  const field = document.querySelector("dialog.jump[open] input");
  if (field) return Promise.resolve(field.select());
  opening ??= Promise.all([read(""), styled()]).then(([found]) => show(found, typed())).finally(() => { opening = null; });
  return opening;
}

const read = (text, signal) => page(`/jump/?${new URLSearchParams({ dialog: 1, q: text })}`, { signal });

function styled() {
  if (document.querySelector(`link[href="${SHEET}"]`)) return null;
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: SHEET });
  document.head.append(sheet);
  return new Promise((done) => { sheet.onload = sheet.onerror = done; });
}

function show(found, typed) {
  const dialog = Object.assign(document.createElement("dialog"), { className: "jump" });
  dialog.append(...found.body.children);
  dialog.setAttribute("aria-label", dialog.querySelector("form").getAttribute("aria-label"));
  document.body.append(dialog);
  const jump = new Jump(dialog);
  dialog.showModal();
  if (typed) jump.type(typed);
}

class Jump {
  constructor(dialog) {
    this.dialog = dialog;
    this.input = dialog.querySelector("input");
    this.list = dialog.querySelector("[role=listbox]");
    this.shown = "";
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("close", () => this.end());
    this.mark(0);
  }

  end() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.dialog.remove();
  }

  type(text) {
    this.input.value = text;
    this.look();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), WAIT);
  }

  // The former question is given up; what comes is for what stands in the field.
  async look() {
    clearTimeout(this.timer);
    this.asked?.abort();
    const { signal } = (this.asked = new AbortController());
    const text = this.input.value;
    try {
      const found = await read(text, signal);
      for (const part of ["[role=listbox]", "[role=status]"]) this.dialog.querySelector(part).replaceChildren(...found.querySelector(part).childNodes);
      this.shown = text;
      this.mark(0);
    } catch (error) {
      if (!signal.aborted) this.dialog.querySelector("[role=status]").textContent = reason(error);
    }
  }

  mark(index) {
    const options = [...this.list.querySelectorAll("[role=option]")];
    this.index = options.length ? (index + options.length) % options.length : 0;
    options.forEach((option, n) => option.setAttribute("aria-selected", n === this.index));
    this.chosen = options[this.index];
    this.chosen?.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", this.chosen?.id ?? "");
  }

  pressed(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.mark(this.index + step);
    else if (event.key === "Enter") this.go(event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  }

  // Whoever types and is quicker than the answer means what it will say, not what stands there.
  async go(elsewhere) {
    if (this.shown !== this.input.value) await this.look();
    if (!this.chosen || this.shown !== this.input.value) return;
    if (elsewhere) return window.open(this.chosen.href, "_blank", "noopener");
    const { href } = this.chosen;
    this.dialog.close();
    location.assign(href);
  }
}
