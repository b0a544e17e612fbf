// While a problem is being described: threads and practices that may already answer it, and a note of which one did.

import { call, csrfToken } from "../http.js";
import { word } from "../words.js";

const WAIT = 400;
const SHORTEST = 8;
const MOST = 6;
const LONGEST = 4_000;

let timer = 0;
let last = "";
let asked = null;

const place = () => document.getElementById("deflections");

function textOf(form) {
  const { title, body } = form.elements;
  return `${title.value.trim()}\n\n${body.value.trim()}`.trim().slice(0, LONGEST);
}

// The form and the space it posts into: what was shown, opened and helped there is remembered as one thing.
const sittingOf = (form) => ({ sitting: form.elements.sitting.value, space: form.dataset.space });

async function look(form) {
  const text = textOf(form);
  if (text === last) return;
  last = text;
  const mine = (asked = {});
  if (text.length < SHORTEST) return show([]);
  try {
    const { items } = await call("POST", "/api/v1/similar", { text, limit: MOST, ...sittingOf(form) });
    if (mine === asked) show(items);
  } catch (error) {
    last = ""; // the next keystroke asks again
    console.warn("suggestions", error);
  }
}

function show(items) {
  document.getElementById("deflections-empty").hidden = items.length > 0;
  const list = Object.assign(document.createElement("ul"), { className: "results likely" });
  list.append(...items.map(suggestion));
  place().replaceChildren(...(items.length ? [list] : []));
  const said = document.getElementById("deflections-said");
  if (said) said.textContent = items.length ? word(items.length === 1 ? "likely-one" : "likely-many", { count: items.length }) : "";
}

function suggestion({ kind, id, title, url, highlight }) {
  const item = document.getElementById("likely-template").content.firstElementChild.cloneNode(true);
  for (const mark of item.querySelectorAll("[data-kind]")) if (mark.dataset.kind !== kind) mark.remove();
  const link = item.querySelector("[data-deflect]");
  link.dataset.deflect = `${kind}:${id}`;
  link.href = new URL(url, location.href).pathname;
  link.textContent = title;
  const text = item.querySelector("[data-highlight]");
  text.append(...marked(highlight ?? ""));
  text.hidden = !highlight;
  return item;
}

/**
 * Text with its <mark>s as nodes; every other tag stays out.
 * @param {string} html @returns {Node[]}
 */
export function marked(html) {
  const read = new DOMParser().parseFromString(html, "text/html").body;
  return [...read.childNodes].map((node) => {
    if (node.nodeName !== "MARK") return document.createTextNode(node.textContent);
    return Object.assign(document.createElement("mark"), { textContent: node.textContent });
  });
}

// The note goes out even though the page is being left.
function chose(form, chosen, outcome) {
  const body = new URLSearchParams({ text: textOf(form), chosen, outcome, ...sittingOf(form), csrfmiddlewaretoken: csrfToken() });
  return fetch(place().dataset.url, { method: "POST", body, keepalive: true, redirect: "manual", headers: { "X-CSRFToken": csrfToken() } }).catch(() => {});
}

/** Wires the form. @param {NodeListOf<HTMLFormElement>} found */
export function start([form]) {
  for (const input of [form.elements.title, form.elements.body])
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => look(form), WAIT);
    });
  place().addEventListener("click", (event) => {
    const link = event.target.closest("[data-deflect]");
    const button = event.target.closest("[data-answered]");
    if (link) chose(form, link.dataset.deflect, "opened");
    if (!button) return;
    const answer = button.closest("li").querySelector("[data-deflect]");
    chose(form, answer.dataset.deflect, "solved").then(() => location.assign(answer.href));
  });
  if (!place().childElementCount) look(form);
}
