// Counts down to due times, second by second at the end. Fetched once a page shows one.

import { inWords } from "./times.js";

const relative = new Intl.RelativeTimeFormat(document.documentElement.lang || undefined, { style: "short" });
const SOON = 600; // seconds: from here on it presses
let ticking = 0;

// "in 45 sec.", "in 12 min.", and what is further off as every time is said; "3 min. ago" when it is over.
export function countdown(at, now = new Date()) {
  const seconds = Math.round((at - now) / 1000);
  const size = Math.abs(seconds);
  if (size < 120) return relative.format(seconds, "second");
  if (size < 7200) return relative.format(Math.trunc(seconds / 60), "minute");
  return inWords(at, now);
}

// How it presses: not yet, soon, or late.
export function pressing(at, now = new Date()) {
  const seconds = (at - now) / 1000;
  if (seconds < 0) return "late";
  return seconds < SOON ? "soon" : "";
}

function tick() {
  const now = new Date();
  for (const time of document.querySelectorAll("time[data-clock]")) {
    const at = new Date(time.dateTime);
    const text = countdown(at, now);
    if (time.textContent !== text) time.textContent = text;
    time.dataset.clock = pressing(at, now);
  }
}

// Keeps them true as long as somebody looks; again changes nothing.
export function start() {
  tick();
  ticking ||= setInterval(() => document.hidden || tick(), 1000);
}
