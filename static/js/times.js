// Puts every <time> into the reader's zone and language: relative while it is recent, the exact one on hover.

const language = document.documentElement.lang || undefined;
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
const exact = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });
const medium = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
const thisYear = new Intl.DateTimeFormat(language, { day: "numeric", month: "short" });
const otherYear = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", year: "numeric" });
const STEPS = [[60, "second", 1], [3600, "minute", 60], [86400, "hour", 3600], [7 * 86400, "day", 86400]];
const clocks = () => import("./clock.js");

// "3 hr. ago" within a week either way, else the date, with the year when it is not this one.
export function inWords(at, now = new Date()) {
  const seconds = (at - now) / 1000;
  const size = Math.abs(seconds);
  if (size < 45) return relative.format(0, "second");
  const step = STEPS.find(([limit]) => size < limit);
  if (step) return relative.format(Math.round(seconds / step[2]), step[1]);
  return (at.getFullYear() === now.getFullYear() ? thisYear : otherYear).format(at);
}

function show(time, now) {
  const at = new Date(time.dateTime);
  if (Number.isNaN(at.getTime())) return;
  if (!time.title) time.title = exact.format(at);
  if ("clock" in time.dataset) return void clocks().then((clock) => clock.start());
  const text = time.dataset.style === "exact" ? medium.format(at) : inWords(at, now);
  if (time.textContent !== text) time.textContent = text;
}

// Translates the times of `root`; call it on what is put into the page later.
export function translateTimes(root = document) {
  const now = new Date();
  for (const time of root.querySelectorAll("time[datetime]")) show(time, now);
}

// Keeps the relative times true.
export function keepTimes() {
  setInterval(() => document.hidden || translateTimes(), 30_000);
  document.addEventListener("visibilitychange", () => document.hidden || translateTimes());
}
