// Parts of a page that take a while to find out: read when somebody comes to see them.

import { polish } from "./polish.js";
import { busy } from "./regions.js";

const read = new Map();

async function ask(url) {
  const answer = await fetch(url, { credentials: "same-origin" });
  // The link that stands there leads to the same.
  if (!answer.ok) return false;
  read.set(url, await answer.text());
  return true;
}

function show(place) {
  place.innerHTML = read.get(place.dataset.lazy);
  polish(place);
}

async function fill(place) {
  const url = place.dataset.lazy;
  if (read.has(url) || (await ask(url))) show(place);
}

/**
 * Reads a part again, if it was read, and shows it when it differs and nobody is busy in it.
 * @param {HTMLElement} place
 */
export async function refresh(place) {
  const url = place.dataset.lazy;
  const before = read.get(url);
  if (before === undefined || !(await ask(url))) return;
  if (read.get(url) === before) return;
  if (busy(place) || place.contains(document.activeElement)) read.set(url, before);
  else if (place.isConnected) keepOpen(place, () => show(place));
}

// What somebody unfolded stays unfolded.
function keepOpen(place, change) {
  const open = [...place.querySelectorAll("details")].map((details) => details.open);
  change();
  place.querySelectorAll("details").forEach((details, at) => { details.open = open[at] ?? details.open; });
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
