// New replies the reader has not come to yet: a button that leads to them, and one quiet line for screen readers.

import { word } from "../words.js";

const unseen = new Set();
let elsewhere = 0;
let saying = 0;
let watcher = null;

const button = () => document.getElementById("new-posts");

/** A new post stands on the page; it counts until it has been in view. @param {Element} article */
export function arrived(article) {
  article.classList.add("is-new");
  unseen.add(article);
  watcher.observe(article);
  show();
  say();
}

/** A new post belongs to a part of the thread that is not shown. */
export function arrivedElsewhere() {
  elsewhere += 1;
  show();
  say();
}

/** So much is new in parts that are not shown that nobody counted. */
export function arrivedUncounted() {
  elsewhere = Infinity;
  show();
}

/** What was counted is shown now, for instance after the list was read again. */
export function forget() {
  for (const article of unseen) seen(article);
  elsewhere = 0;
  show();
}

function seen(article) {
  unseen.delete(article);
  watcher.unobserve(article);
}

const counted = (count) => count === Infinity ? word("changed") : word(count === 1 ? "new-one" : "new-many", { count });

function show() {
  const place = button();
  for (const article of unseen) if (!article.isConnected) seen(article);
  const count = unseen.size + elsewhere;
  place.hidden = !count;
  place.textContent = count ? counted(count) : "";
}

function say() {
  const line = document.getElementById("news-said");
  clearTimeout(saying);
  saying = setTimeout(() => {
    const count = unseen.size + elsewhere;
    if (count) line.textContent = counted(count);
  }, 1_000);
}

function goThere() {
  const first = [...unseen].find((article) => article.isConnected);
  if (!first) {
    location.assign(`${location.pathname}?from=last`);
    return;
  }
  first.tabIndex = -1;
  first.scrollIntoView({ block: "center" });
  first.focus({ preventScroll: true });
  forget();
}

// The button floats over the reply field, however high that is.
function float(place) {
  const composer = document.getElementById("composer");
  if (!composer) return;
  new ResizeObserver(() => {
    const below = Number.parseFloat(getComputedStyle(composer).bottom) || 0;
    place.style.insetBlockEnd = `${composer.offsetHeight + below + 8}px`;
  }).observe(composer);
}

/** Prepares the button and the line. */
export function startNews() {
  const place = button();
  const line = Object.assign(document.createElement("span"), { className: "sr", id: "news-said" });
  line.setAttribute("role", "status");
  place.parentElement.after(line);
  float(place.parentElement);
  place.addEventListener("click", goThere);
  watcher = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting && !document.hidden) seen(target);
    show();
  }, { rootMargin: "0px 0px -120px 0px", threshold: 0.2 });
}
