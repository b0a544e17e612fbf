// How far the reader has read a thread: told to the server now and then and when they go, so that they find on again.

import { call } from "./http.js";
import { crowd } from "./live/presence.js";

const EVERY = 30_000;
const PER_PERSON = 20; // milliseconds: of 18,000 about 50 a second say how far they are
const ROWS = ":scope > article[data-number]";

let seen = 0; // by the reader, in this page
let told = 0;
let due = null;

const list = () => document.getElementById("posts");

function tell(options) {
  clearTimeout(due);
  due = null;
  // The problem is there for whoever opens the thread.
  const number = Math.max(seen, Number(list().dataset.seen), 1);
  told = seen;
  // What is not told now is told with the next post, or from the next page.
  call("PUT", list().dataset.seenUrl, { number }, options).catch(() => { told = 0; });
}

const watcher = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    watcher.unobserve(target);
    seen = Math.max(seen, Number(target.dataset.number));
  }
  if (seen > Math.max(told, Number(list().dataset.seen))) due ??= setTimeout(tell, Math.max(EVERY, crowd() * PER_PERSON));
}, { threshold: 0.2 });

function watch(root) {
  for (const post of root.querySelectorAll(ROWS)) watcher.observe(post);
}

// The line above the first post of somebody else that is new; it stays until the page is left.
function mark() {
  const { seen: before, unreadWord } = list().dataset;
  if (!Number(before)) return;
  const isNew = (post) => Number(post.dataset.number) > Number(before) && post.dataset.author !== document.body.dataset.member;
  const first = [...list().querySelectorAll(`${ROWS}:not([data-parent])`)].find(isNew);
  if (first) first.dataset.firstUnread = unreadWord;
}

/** Watches what comes into view. */
export function start() {
  mark();
  watch(list());
  new MutationObserver(() => watch(list())).observe(list(), { childList: true });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") tell({ keepalive: true });
  });
}
