// Who is in the thread now, and who is writing.

import { word } from "../words.js";

const FACES = 5;
const NAMED = 8; // as many the server names
const TYPING_LASTS = 6_000;
const TYPING_EVERY = 3_000;
const TINTS = 8;

let present = { members: [], total: 0 };
const writing = new Map();

/** How many are in the room. @returns {number} */
export const crowd = () => present.total;

/** The first letters of a name's first and last words. @param {string} name @returns {string} */
export function initials(name) {
  const letters = name.split(/\s+/).map((part) => part[0]).filter((letter) => /[\p{L}\p{N}]/u.test(letter ?? ""));
  return ((letters[0] ?? "?") + (letters.length > 1 ? letters.at(-1) : "")).toUpperCase();
}

/** A member's face. @param {{id: number, name: string, handle: string}} member @returns {HTMLElement} */
export function face(member) {
  const element = Object.assign(document.createElement("a"), { className: `avatar s tint-${member.id % TINTS}`, title: member.name });
  if (member.handle) element.href = `/people/${member.handle}/`;
  const letters = Object.assign(document.createElement("span"), { textContent: initials(member.name) });
  letters.setAttribute("aria-hidden", "true");
  element.append(letters, Object.assign(document.createElement("span"), { className: "sr", textContent: member.name }));
  return element;
}

/** Shows who is here. @param {{members: Object[], total: number}} frame */
export function showPresence(frame) {
  present = frame;
  draw();
}

function made(tag, className, text = "") {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}

function draw() {
  drawLine(document.getElementById("present"));
  drawList(document.getElementById("present-list"));
}

function drawLine(line) {
  const { members, total } = present;
  const faces = made("span", "faces");
  faces.append(...members.slice(0, FACES).map(face));
  const words = made("span", "small", word("here", { count: total.toLocaleString() }));
  line?.replaceChildren(...(members.length ? [faces] : []), ...(total ? [words] : []));
}

function drawList(place) {
  const { members, total } = present;
  const list = made("ul", "lines");
  list.append(...members.map(row));
  const left = others(present);
  place?.replaceChildren(...(total ? [made("h3", "", word("here-now")), list] : []), ...(left ? [made("p", "quiet small", left)] : []));
}

function row(member) {
  const item = document.createElement("li");
  const who = made("div", "who");
  who.append(Object.assign(made("a", "", member.name), { href: `/people/${member.handle}/` }), made("span", "where", member.organization));
  const line = made("div", "member");
  const picture = face(member);
  picture.tabIndex = -1;
  picture.setAttribute("aria-hidden", "true");
  line.append(picture, who);
  item.append(line);
  return item;
}

/**
 * Who is there besides those named. While there is room for more names, all the others count without theirs.
 * @param {{members: Object[], total: number}} frame @returns {string}
 */
export function others({ members, total }) {
  const count = total - members.length;
  if (count <= 0) return "";
  const kind = members.length < NAMED ? "nameless" : "more";
  return word(count === 1 ? `${kind}-one` : `${kind}-many`, { count: count.toLocaleString() });
}

/** Shows that somebody writes; forgotten unless said again. @param {{member: {id: number, name: string}}} frame */
export function showTyping({ member }) {
  if (String(member.id) === document.body.dataset.member) return;
  clearTimeout(writing.get(member.name));
  writing.set(member.name, setTimeout(() => { writing.delete(member.name); drawTyping(); }, TYPING_LASTS));
  drawTyping();
}

function drawTyping() {
  const place = document.getElementById("typing");
  if (!place) return;
  const names = [...writing.keys()];
  place.textContent = names.length > 1 ? word("typing-many", { count: names.length }) : names.length ? word("typing-one", { name: names[0] }) : "";
}

/** Calls `tell` while the reader writes a reply, not more often than needed. @param {() => void} tell */
export function tellTyping(tell) {
  let last = 0;
  document.getElementById("reply")?.addEventListener("input", () => {
    if (Date.now() - last < TYPING_EVERY) return;
    last = Date.now();
    tell();
  });
}

/** Keeps the faces when the head of the page is read again. */
export function startPresence() {
  document.addEventListener("regions-swapped", draw);
  document.addEventListener("post-arrived", ({ detail }) => {
    const name = [...writing.keys()].find((known) => known === detail.author?.name);
    if (!name) return;
    clearTimeout(writing.get(name));
    writing.delete(name);
    drawTyping();
  });
}
