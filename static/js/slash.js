// The practices menu: typed after a "/" at the start of a word. Nothing is chosen until an arrow or the mouse does,
// so that a path or a date stays what was typed. Loaded when the first "/" is.

import { replaceText } from "./editor.js";
import { call } from "./http.js";

const WAIT = 150;
let lists = 0;
const menus = new WeakMap();

/**
 * What is typed after the slash before the caret; none inside a fenced block, after a word, or in a path.
 * @param {string} value @param {number} caret @returns {{from: number, query: string} | null}
 */
export function slashAt(value, caret) {
  const before = value.slice(0, caret);
  if ((before.match(/^ {0,3}(```|~~~)/gm) ?? []).length % 2) return null;
  const found = before.match(/(?<=^|\s)\/((?:[\p{L}\p{N}._-]+ ?){0,6})$/u);
  return found ? { from: caret - found[0].length, query: found[1].trim() } : null;
}

class Slash {
  constructor(box) {
    this.box = box;
    this.area = box.querySelector("textarea");
    this.thread = box.dataset.thread ?? "";
    this.list = Object.assign(document.createElement("ul"), { className: "suggest", id: `practices-${++lists}`, hidden: true });
    this.list.setAttribute("role", "listbox");
    this.note = Object.assign(document.createElement("p"), { className: "md-foot slash-note", hidden: true });
    this.note.setAttribute("role", "status");
    box.style.position = "relative";
    box.append(this.list, this.note);
    this.area.addEventListener("input", () => this.later());
    // Before the keys of the field itself.
    this.area.addEventListener("keydown", (event) => this.pressed(event), true);
    this.area.addEventListener("blur", () => this.close());
    // What was offered belongs to what is sent.
    this.area.form?.addEventListener("submit", () => { this.note.hidden = true; });
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
  }

  at() {
    return slashAt(this.area.value, this.area.selectionStart);
  }

  later() {
    clearTimeout(this.timer);
    const found = this.at();
    if (!found || found.from === this.left) return this.close();
    this.left = -1;
    this.timer = setTimeout(() => this.look(found.query), WAIT);
  }

  async look(query) {
    const asked = (this.asked = {});
    const found = await call("GET", `/practices/suggestions/?${new URLSearchParams({ q: query, thread: this.thread })}`).catch(() => null);
    if (asked !== this.asked || !this.at() || document.activeElement !== this.area) return;
    if (!found?.items.length) return this.close();
    this.words = found.words;
    this.show(found.items);
  }

  show(items) {
    this.items = items;
    this.list.setAttribute("aria-label", this.words.list);
    this.list.replaceChildren(...items.map((item, n) => {
      const option = Object.assign(document.createElement("li"), { id: `${this.list.id}-${n}` });
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const state = Object.assign(document.createElement("span"), { className: "org", textContent: item.confidence });
      option.append(Object.assign(document.createElement("strong"), { textContent: item.title }), " ", state);
      return option;
    }));
    this.index = -1;
    this.list.hidden = false;
    const bar = document.querySelector(".bottombar")?.offsetHeight ?? 0;
    const under = this.box.getBoundingClientRect().bottom + this.list.offsetHeight < innerHeight - bar;
    this.list.style.top = under ? "100%" : "auto";
    this.list.style.bottom = under ? "auto" : "100%";
    this.area.setAttribute("aria-controls", this.list.id);
  }

  mark(step) {
    const options = [...this.list.children];
    this.index = this.index < 0 && step < 0 ? options.length - 1 : (this.index + step + options.length) % options.length;
    options.forEach((option, n) => option.setAttribute("aria-selected", n === this.index));
    options[this.index].scrollIntoView({ block: "nearest" });
    this.area.setAttribute("aria-activedescendant", options[this.index].id);
  }

  pressed(event) {
    if (this.list.hidden || event.isComposing || event.ctrlKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.mark(step);
    else if (event.key === "Enter" && this.index >= 0) this.choose(this.list.children[this.index]);
    else if (event.key === "Escape") {
      this.left = this.at()?.from ?? -1;
      this.close();
    } else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  choose(option) {
    const item = this.items[[...this.list.children].indexOf(option)];
    const found = this.at();
    const caret = this.area.selectionStart;
    this.close();
    if (!found) return;
    const text = `${item.markdown} `;
    replaceText(this.area, { from: found.from, to: caret, text, start: found.from + text.length, end: found.from + text.length });
    this.offer(item);
  }

  // One click more says that it was used: a link alone says nothing of that.
  offer(item) {
    this.note.replaceChildren(...(item.for_all || !this.thread ? [] : [`${this.words.hidden} `]));
    this.note.hidden = false;
    if (!this.thread) return void (this.note.hidden = true);
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: this.words.use });
    button.addEventListener("click", async () => {
      try {
        await call("PUT", `/api/v1/threads/${this.thread}/practices/${item.id}`, {});
        this.note.textContent = this.words.used;
      } catch (error) {
        this.note.textContent = error.message;
      }
      this.area.focus();
    });
    this.note.append(button);
  }

  close() {
    clearTimeout(this.timer);
    this.asked = null;
    this.list.hidden = true;
    this.area.removeAttribute("aria-activedescendant");
  }
}

/** Types the slash, and offers practices. @param {HTMLElement} box */
export function start(box) {
  const area = box.querySelector("textarea");
  const { value, selectionStart: from, selectionEnd: to } = area;
  const text = /\S$/.test(value.slice(0, from)) ? " /" : "/";
  open(box);
  replaceText(area, { from, to, text, start: from + text.length, end: from + text.length });
}

/** Offers practices in a Markdown field from now on. @param {HTMLElement} box */
export function open(box) {
  if (!menus.has(box)) menus.set(box, new Slash(box));
  menus.get(box).later();
}
