// The inbox: the count in the bars, and the list itself on its own page.

import { page } from "../http.js";
import { arrange, steady, swapRegions } from "../regions.js";
import { polish } from "../polish.js";
import { word } from "../words.js";
import { paced } from "./pace.js";

const COUNTED = 99;

/** Shows how much is unread. @param {number} unread */
export function showUnread(unread) {
  for (const place of document.querySelectorAll("[data-inbox-count]")) place.textContent = unread > COUNTED ? `${COUNTED}+` : unread || "";
}

function shownUnread() {
  return Number.parseInt(document.querySelector("[data-inbox-count]")?.textContent ?? "", 10) || 0;
}

const OWN = "[data-standing]"; // what shows the reader's own standing or badges
const readSoon = paced(read);
const again = async (parts) => swapRegions(await page(location.pathname + location.search), parts);
const thanksSoon = paced(() => again("#thanks"));
const standingSoon = paced(readStanding);

const sum = () => Number.parseInt(document.getElementById("standing-sum")?.textContent ?? "", 10);
let atFirst = NaN;

// However much happens, one line says what it came to while the page is open.
async function readStanding() {
  await again(OWN);
  const change = sum() - atFirst;
  const line = document.getElementById("standing-said");
  if (line) line.textContent = change ? word("since-opened", { change: change > 0 ? `+${change}` : change }) : "";
}

// Reads the page again: its count always, its list where it is shown. Gives the number it was read at.
async function read() {
  const fresh = await page(location.pathname + location.search);
  for (const place of document.querySelectorAll("[data-inbox-count]")) place.textContent = fresh.querySelector("[data-inbox-count]")?.textContent ?? "";
  const box = document.getElementById("inbox");
  const other = fresh.getElementById("inbox");
  if (!box || !other) return undefined;
  const list = box.querySelector(".igroups");
  const rows = other.querySelector(".igroups");
  steady(() => {
    if (list && rows) mergeGroups(list, rows);
    else box.replaceChildren(...document.importNode(other, true).childNodes);
    polish(box);
  }, "#inbox [data-row]");
  return Number(other.dataset.seq);
}

function mergeGroups(list, rows) {
  const mine = new Map([...list.children].map((row) => [row.dataset.subject, row]));
  arrange(list, [...rows.children].map((row) => {
    const old = mine.get(row.dataset.subject);
    const fresh = document.importNode(row, true);
    polish(fresh);
    if (old && old.textContent === fresh.textContent && old.className.replace(" is-here", "") === fresh.className) return old;
    fresh.classList.toggle("is-here", Boolean(old?.classList.contains("is-here")));
    fresh.classList.add("is-new");
    return fresh;
  }));
}

function told(kind) {
  if (kind === "thanks.changed" && document.getElementById("thanks")) thanksSoon();
  if (kind !== "standing.changed" && kind !== "badges.changed") return;
  if (document.querySelector(OWN)) standingSoon();
  if (document.getElementById("inbox")) readSoon();
}

/** Listens to the member's own stream. @param {import("./socket.js").LiveSocket} socket */
export function startInbox(socket) {
  atFirst = sum();
  const seq = document.getElementById("inbox")?.dataset.seq ?? document.body.dataset.memberSeq;
  socket.subscribe("member:me", seq === undefined ? null : Number(seq), {
    event: ({ kind, data }) => {
      told(kind);
      if (data.unread === undefined && data.item === undefined) return;
      showUnread(data.unread ?? shownUnread() + 1);
      if (document.getElementById("inbox")) readSoon();
    },
    reset: () => {
      if (document.querySelector(OWN)) standingSoon();
      return read();
    },
  });
}
