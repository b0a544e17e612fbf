// A space: what changes in the list that is shown.

import { page } from "../http.js";
import { polish } from "../polish.js";
import { arrange } from "../regions.js";
import { word } from "../words.js";
import { paced } from "./pace.js";

const SPREAD = 1_000;
const SECOND = 1_000;

let fresh = null;
let within = 0; // seconds over which the server asks its readers to spread

const list = () => document.getElementById("threads");
const bar = () => document.getElementById("space-changed");

const readSoon = paced(read, () => Math.max(SPREAD, within * SECOND));

function hinted(frame) {
  within = frame.within ?? 0;
  readSoon();
}

async function read() {
  fresh = await page(location.pathname + location.search);
  const rows = fresh.getElementById("threads");
  if (!rows) return;
  if (!list()) return showFirst(rows);
  const changes = changed(rows);
  const reading = list().getBoundingClientRect().top < 0 || list().contains(document.activeElement);
  if (reading && changes.length) offer(changes.length);
  else show();
}

// A row as the server wrote it, without what the browser made of its times.
function essence(row) {
  const copy = row.cloneNode(true);
  for (const time of copy.querySelectorAll("time")) time.textContent = "";
  for (const time of copy.querySelectorAll("time[title]")) time.removeAttribute("title");
  copy.querySelector("[data-there]")?.replaceChildren();
  copy.classList.remove("is-here", "is-new");
  copy.removeAttribute("tabindex");
  return copy.outerHTML.replace(/\s+/g, " ");
}

function changed(rows) {
  const mine = new Map([...list().children].map((row) => [row.dataset.thread, row]));
  return [...rows.children].filter((row) => !mine.has(row.dataset.thread) || essence(mine.get(row.dataset.thread)) !== essence(row));
}

function offer(count) {
  bar().textContent = word(count === 1 ? "update-one" : "update-many", { count });
  bar().hidden = false;
}

function show() {
  if (!fresh) return;
  const rows = fresh.getElementById("threads");
  const news = new Set(changed(rows));
  const mine = new Map([...list().children].map((row) => [row.dataset.thread, row]));
  arrange(list(), [...rows.children].map((row) => (news.has(row) ? made(row) : mine.get(row.dataset.thread))));
  fresh = null;
  bar().hidden = true;
}

function made(row) {
  const copy = document.importNode(row, true);
  copy.classList.add("is-new");
  polish(copy);
  return copy;
}

// The first thread of an empty list takes the place of the words that said so.
function showFirst(rows) {
  const copy = document.importNode(rows, true);
  polish(copy);
  document.querySelector("#main .empty")?.replaceWith(copy);
}

/** Listens to the space shown. @param {import("./socket.js").LiveSocket} socket */
export function startSpace(socket) {
  socket.subscribe(`space:${document.body.dataset.space}`, null, { hint: hinted, subscribed: again });
  bar()?.addEventListener("click", () => { show(); list().scrollIntoView({ block: "nearest" }); });
}

// Hints have no numbers: whatever was missed while away is found by reading again.
let before = false;
function again() {
  if (before) readSoon();
  before = true;
}
