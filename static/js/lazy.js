// Parts of a page that take a while to find out: read when somebody comes to see them.

import { polish } from "./polish.js";

const read = new Map();

async function fill(place) {
  const url = place.dataset.lazy;
  if (!read.has(url)) {
    const answer = await fetch(url, { credentials: "same-origin" });
    if (!answer.ok) return; // the link that stands there leads to the same
    read.set(url, await answer.text());
  }
  place.innerHTML = read.get(url);
  polish(place);
}

const watcher = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    watcher.unobserve(target);
    fill(target).catch((error) => console.warn(target.dataset.lazy, error));
  }
});

function watch() {
  for (const place of document.querySelectorAll("[data-lazy]")) {
    if (read.has(place.dataset.lazy)) fill(place);
    else watcher.observe(place);
  }
}

/** Watches for them, also for those that come with a part of the page that is read again. */
export function start() {
  watch();
  document.addEventListener("regions-swapped", watch);
}
