// The frame's own behaviour: notices that arrive and go, menus that close, the theme switch, tabs and the sheet.

import { word } from "./words.js";

const NARROW = "(width < 75rem)";

// Shows a notice; `kind` is info, success, warning or error; `action` a {label, run} such as undo.
export function toast(text, kind = "info", action = null) {
  const place = document.getElementById("toasts");
  const notice = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  notice.classList.add(kind);
  notice.querySelector(".text").textContent = text;
  if (action) notice.querySelector(".text").after(actionButton(action, notice));
  place.append(notice);
  if (kind !== "error") setTimeout(() => notice.remove(), action ? 12_000 : 6_000);
  return notice;
}

function actionButton({ label, run }, notice) {
  const button = Object.assign(document.createElement("button"), { className: "link-button", textContent: label });
  button.addEventListener("click", () => { notice.remove(); run(); });
  return button;
}

let asked = null;

// The session has ended: says so, once, and leads to the way in and back.
export function askToSignIn() {
  if (asked?.isConnected) return;
  const back = `/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`;
  asked = toast(word("sign-in-again"), "error", { label: word("sign-in"), run: () => location.assign(back) });
}

// The state of the live connection: none, live, reconnecting, offline, signed-out, stopped; a glyph and a word.
export function showLiveState(state) {
  const place = document.getElementById("live-state");
  if (!place || place.dataset.state === state) return;
  if (state === "live") asked?.remove();
  place.dataset.state = state;
  place.firstElementChild.textContent = word(state);
}

function dismissals() {
  document.addEventListener("click", (event) => {
    event.target.closest("[data-dismiss]")?.closest(".toast")?.remove();
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

function themeSwitch() {
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-theme-form]");
    if (!form || !event.submitter) return;
    event.preventDefault();
    const theme = event.submitter.value;
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    localStorage.setItem("theme", theme);
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", button.value === theme);
    await fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), redirect: "manual" });
  });
}

// <div data-tabs> with sections that have data-tab="their name" becomes tabs; without script they just follow each other.
function tabs(box) {
  const parts = [...box.querySelectorAll(":scope > [data-tab]")];
  const list = Object.assign(document.createElement("div"), { className: "panel-tabs" });
  list.setAttribute("role", "tablist");
  const buttons = parts.map((part) => tabFor(part, list));
  const choose = (index) => buttons.forEach((button, n) => {
    button.setAttribute("aria-selected", n === index);
    button.tabIndex = n === index ? 0 : -1;
    parts[n].hidden = n !== index;
  });
  list.addEventListener("click", (event) => { const n = buttons.indexOf(event.target); if (n >= 0) choose(n); });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const n = (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length;
    choose(n);
    buttons[n].focus();
  });
  box.classList.add("tabbed");
  box.prepend(list);
  // What the address names may stand in a tab that is not in front, or in a sheet that is not open.
  const named = document.getElementById(location.hash.slice(1));
  choose(Math.max(0, parts.indexOf(named?.closest("[data-tab]"))));
  if (box.contains(named) && matchMedia(NARROW).matches) openSheet(box.parentElement);
}

function tabFor(part, list) {
  const button = Object.assign(document.createElement("button"), { type: "button", id: `tab-${part.id}`, textContent: part.dataset.tab });
  button.setAttribute("role", "tab");
  button.setAttribute("aria-controls", part.id);
  part.setAttribute("role", "tabpanel");
  part.setAttribute("aria-labelledby", button.id);
  list.append(button);
  return button;
}

// On a narrow screen the panel opens as a sheet: it moves into a dialog and back.
function sheets() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-sheet]");
    if (button) openSheet(document.getElementById(button.dataset.sheet));
  });
}

function openSheet(panel) {
  const place = document.createComment("panel");
  const dialog = Object.assign(document.createElement("dialog"), { className: "sheet-up" });
  const head = Object.assign(document.createElement("div"), { className: "dialog-head" });
  const close = Object.assign(document.createElement("button"), { type: "button", className: "button bare", textContent: word("close") });
  head.append(Object.assign(document.createElement("strong"), { textContent: panel.getAttribute("aria-label") }), close);
  panel.replaceWith(place);
  dialog.append(head, panel);
  dialog.setAttribute("aria-label", panel.getAttribute("aria-label"));
  document.body.append(dialog);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => { place.replaceWith(panel); dialog.remove(); });
  matchMedia(NARROW).addEventListener("change", () => dialog.open && dialog.close(), { once: true });
  dialog.showModal();
}

// Wires the frame.
export function startFrame() {
  dismissals();
  themeSwitch();
  sheets();
  document.querySelectorAll("[data-tabs]").forEach(tabs);
}
