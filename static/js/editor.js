// The Markdown toolbar and its keys. Tab stays what it is everywhere: the key to the next control.

import { format } from "./markdown.js";

const practices = () => import("./slash.js");
const KEYS = { b: "bold", i: "italic", e: "code", k: "link" };

/**
 * Applies a change so that the browser's undo still works. Without `focus` it leaves the reader where they are.
 * @param {HTMLTextAreaElement} area @param {import("./markdown.js").Change} change @param {boolean} [focus]
 */
export function replaceText(area, { from, to, text, start, end }, focus = true) {
  if (!focus && document.activeElement !== area) return put(area, from, to, text);
  area.focus();
  area.setSelectionRange(from, to);
  const typed = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
  if (!typed) put(area, from, to, text);
  area.setSelectionRange(start, end);
}

function put(area, from, to, text) {
  area.setRangeText(text, from, to, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function apply(area, kind) {
  replaceText(area, format(kind, area.value, area.selectionStart, area.selectionEnd));
}

function pressed(event, area) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing) return;
  const kind = !event.shiftKey && KEYS[event.key.toLowerCase()];
  if (event.key === "Enter") area.form?.requestSubmit();
  else if (kind) apply(area, kind);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** Wires the toolbars of Markdown fields. @param {NodeListOf<HTMLElement>} found */
export function start(found) {
  for (const box of found) {
    const area = box.querySelector("textarea");
    const bar = box.querySelector("[data-md-bar]");
    if (bar) bar.hidden = false;
    area.addEventListener("keydown", (event) => pressed(event, area));
    area.addEventListener("input", ({ data }) => data === "/" && practices().then((menu) => menu.open(box)));
    bar?.addEventListener("click", (event) => {
      const kind = event.target.closest("[data-md]")?.dataset.md;
      if (kind === "practice") practices().then((menu) => menu.start(box));
      else if (kind && kind !== "attach") apply(area, kind);
    });
  }
}
