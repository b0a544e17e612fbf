// Shortcuts. Each has a visible button or link that does the same; none works while somebody types.

const GO = { h: "/", s: "/spaces/", a: "/archive/", i: "/inbox/", p: "/people/" };
const GO_WITHIN = 1_500;
const ROWS = "article[data-post], [data-row]";
const LINKS = [".trow-title, .result-title a, .igroup-title a", ".post-number", "a[href]"];
const TOOLS = { q: "quote", v: "vote", e: "edit", c: "claim" };

let going = 0;

const typing = (target) => target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select");
const rows = () => [...document.querySelectorAll(ROWS)].filter((row) => row.checkVisibility());
const here = () => document.querySelector(":is(article[data-post], [data-row]).is-here");

/**
 * Which row comes next: from the one chosen, else from the first that is in view.
 * @param {Array<{chosen: boolean, bottom: number}>} all @param {number} step @param {number} top where the view begins
 * @returns {number} -1 when there is none
 */
export function nextRow(all, step, top) {
  const chosen = all.findIndex((row) => row.chosen);
  if (chosen >= 0) return Math.min(all.length - 1, Math.max(0, chosen + step));
  return all.findIndex((row) => row.bottom > top);
}

function move(step) {
  const all = rows();
  const at = nextRow(all.map((row) => ({ chosen: row.classList.contains("is-here"), bottom: row.getBoundingClientRect().bottom })), step, 60);
  if (at < 0) return;
  for (const row of document.querySelectorAll(".is-here")) row.classList.remove("is-here");
  const row = all[at];
  row.classList.add("is-here");
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function open() {
  const link = LINKS.map((selector) => here()?.querySelector(selector)).find(Boolean);
  link?.click();
  return Boolean(link);
}

function tool(name) {
  const button = (here() ?? document.activeElement.closest?.("article[data-post]"))?.querySelector(`[data-tool=${name}]`);
  button?.click();
  return Boolean(button);
}

function click(selector, root = document) {
  const found = root?.querySelector(selector);
  found?.click();
  return Boolean(found);
}

function focus(id) {
  const field = document.getElementById(id);
  field?.focus();
  field?.select?.();
  return Boolean(field);
}

const openJump = (typed) => import("./finding/jump.js").then((part) => part.open(typed)).catch(() => document.activeElement?.id === "search" || focus("search"));

// What is typed before the dialog is there goes into the search field, and from there into the dialog's, if it comes.
function jump() {
  const from = document.activeElement, field = document.getElementById("search"), before = field?.value ?? "";
  focus("search");
  openJump(() => {
    const text = field?.value ?? "";
    if (field) field.value = before;
    field?.blur();
    from?.focus();
    return text === before ? "" : text;
  });
}

const help = () => import("./help.js").then((part) => part.show());

const acts = {
  j: () => move(1),
  k: () => move(-1),
  o: open,
  Enter: () => document.activeElement === here() && open(),
  r: () => (here()?.matches("article") && tool("reply")) || focus("reply"),
  f: () => click("[data-follow]"),
  u: () => click("#new-posts:not([hidden]), #space-changed:not([hidden])"),
  "/": () => focus("search"),
  "?": () => { help(); },
  g: () => { going = Date.now(); },
};

function pressed(event) {
  if (event.defaultPrevented || event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && !event.shiftKey && !event.altKey) {
    jump();
    return event.preventDefault();
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(event.target)) return event.key === "Escape" && event.target.id === "search" ? event.target.blur() : undefined;
  if (document.querySelector("dialog[open]")) return;
  const going_ = Date.now() - going < GO_WITHIN && GO[event.key];
  going = 0;
  if (going_) location.assign(going_);
  else if (event.key === "e" && click("[data-mark-read]", here())) return event.preventDefault();
  else if (TOOLS[event.key] ? !tool(TOOLS[event.key]) && !click(`[aria-keyshortcuts=${event.key}]`) : !acts[event.key] || acts[event.key]() === false) return;
  event.preventDefault();
}

/** Listens for shortcuts. */
export function start() {
  document.addEventListener("keydown", pressed);
  document.addEventListener("click", (event) => event.target.closest("[data-show-keys]") && help());
}
