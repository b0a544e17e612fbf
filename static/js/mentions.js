// @mentions: the people who fit what is typed after the @, chosen with the arrows or the mouse.

import { replaceText } from "./editor.js";
import { call } from "./http.js";
import { mentionAt } from "./markdown.js";
import { word } from "./words.js";

const WAIT = 150;
let lists = 0;

class Mentions {
  constructor(box) {
    this.box = box;
    this.area = box.querySelector("textarea");
    this.thread = box.dataset.thread ?? "";
    this.list = Object.assign(document.createElement("ul"), { className: "suggest", id: `mentions-${++lists}`, hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", word("people"));
    box.style.position = "relative";
    box.append(this.list);
    this.area.setAttribute("aria-autocomplete", "list");
    this.area.setAttribute("aria-controls", this.list.id);
    this.area.addEventListener("input", () => this.later());
    this.area.addEventListener("keydown", (event) => this.pressed(event));
    this.area.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
  }

  later() {
    clearTimeout(this.timer);
    const found = mentionAt(this.area.value, this.area.selectionStart);
    if (!found) return this.close();
    this.timer = setTimeout(() => this.look(found.query), WAIT);
  }

  async look(query) {
    const asked = (this.asked = {});
    const people = await call("GET", `/people/suggest/?${new URLSearchParams({ q: query, thread: this.thread })}`).catch(() => []);
    const still = mentionAt(this.area.value, this.area.selectionStart);
    if (asked === this.asked && still && document.activeElement === this.area) this.show(people);
  }

  show(people) {
    if (!people.length) return this.close();
    this.list.replaceChildren(...people.map((person, n) => {
      const option = Object.assign(document.createElement("li"), { id: `${this.list.id}-${n}` });
      option.setAttribute("role", "option");
      option.dataset.handle = person.handle;
      const organization = Object.assign(document.createElement("span"), { className: "org", textContent: person.organization });
      option.append(Object.assign(document.createElement("strong"), { textContent: person.name }), ` @${person.handle} `, organization);
      return option;
    }));
    this.list.hidden = false;
    this.place();
    this.mark(0);
  }

  // Over the field when there is no room under it.
  place() {
    const under = this.box.getBoundingClientRect().bottom + this.list.offsetHeight < innerHeight;
    this.list.style.top = under ? "100%" : "auto";
    this.list.style.bottom = under ? "auto" : "100%";
  }

  mark(index) {
    const options = [...this.list.children];
    this.index = (index + options.length) % options.length;
    options.forEach((option, n) => option.setAttribute("aria-selected", n === this.index));
    options[this.index].scrollIntoView({ block: "nearest" });
    this.area.setAttribute("aria-activedescendant", options[this.index].id);
  }

  pressed(event) {
    if (this.list.hidden || event.isComposing || event.ctrlKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.mark(this.index + step);
    else if (event.key === "Enter") this.choose(this.list.children[this.index]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  choose(option) {
    const caret = this.area.selectionStart;
    const found = mentionAt(this.area.value, caret);
    const text = `@${option.dataset.handle} `;
    this.close();
    if (found) replaceText(this.area, { from: found.from, to: caret, text, start: found.from + text.length, end: found.from + text.length });
  }

  close() {
    clearTimeout(this.timer);
    this.asked = null;
    this.list.hidden = true;
    this.area.removeAttribute("aria-activedescendant");
  }
}

/** Offers people in Markdown fields. @param {NodeListOf<HTMLElement>} found */
export function start(found) {
  for (const box of found) new Mentions(box);
}
