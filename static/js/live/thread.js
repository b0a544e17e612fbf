// A thread as a live room: what happens in it is applied where it stands, without moving what is being read.

import { page } from "../http.js";
import { learnViewer, setVotes } from "../posts.js";
import { steady, swapRegions } from "../regions.js";
import { add, exchange, find, follow, fragment, markSolutions, merge, newest, numberOf, posts, tellRange } from "./list.js";
import { arrived, arrivedElsewhere, arrivedUncounted, forget, startNews } from "./news.js";
import { paced } from "./pace.js";
import { crowd, showPresence, showTyping, startPresence, tellTyping } from "./presence.js";
import { happened } from "./swarm.js";

const PER_PERSON = 5; // milliseconds: of 18,000 about 200 a second read the page again
const LATEST = 120_000;
const ROWS = "#posts > article";
const JOIN_AGAIN = 10_000;

let reading = Promise.resolve();
let meanwhile = null; // what happens while a page is being read

const on = {
  "post.created": created,
  "post.edited": changed,
  "post.deleted": changed,
  "post.restored": (frame) => { changed(frame); readSoon(); },
  "post.voted": voted,
  "thread.resolved": ({ data }) => { markSolutions(data.posts, true); readSoon(); },
  "thread.reopened": ({ data }) => { markSolutions(data.posts, false); readSoon(); },
};

function created({ data, html }) {
  document.dispatchEvent(new CustomEvent("post-arrived", { detail: data }));
  if (find(data.post)) return; // the page was read after it
  const article = fragment(html);
  const mine = article.dataset.author === document.body.dataset.member;
  steady(() => {
    if (!add(article)) return mine || arrivedElsewhere();
    if (mine) article.classList.add("is-new");
    else arrived(article);
  }, ROWS);
  tellRange(data.number);
  if (data.status && data.status !== document.querySelector("#thread-head [data-status]")?.dataset.status) readSoon();
}

function voted({ data }) {
  const post = find(data.post);
  if (post) setVotes(post, data.helped);
}

function changed({ data, html }) {
  const post = find(data.post);
  if (!post || !html || Number(post.dataset.version) > (data.version ?? 1)) return;
  const fresh = fragment(html);
  const solves = post.classList.contains("is-solution");
  fresh.classList.toggle("is-solution", solves && !fresh.classList.contains("is-deleted"));
  steady(() => exchange(post, fresh), ROWS);
  if (solves) readSoon();
}

// In a full room not everybody reads the page again at the same moment.
const readSoon = paced(() => read(false), () => Math.min(LATEST, crowd() * PER_PERSON));

function read(whole) {
  reading = reading.catch(() => {}).then(() => readNow(whole));
  return reading;
}

// A window that has grown while it was open takes two pages to read: where it begins, and the end.
async function readNow(whole) {
  meanwhile = [];
  try {
    const begin = await page(here());
    const more = atEnd() && !begin.querySelector("#posts[data-last]");
    const end = more ? await page(`${location.pathname}?from=last`) : begin;
    if (whole) forget();
    learnViewer(begin);
    learnViewer(end);
    steady(() => show(begin, end, whole), ROWS);
    meanwhile.filter(({ seq }) => seq > numberOf(begin)).forEach(again);
    return numberOf(begin);
  } finally {
    meanwhile = null;
  }
}

// The page was read before this, which was shown already: it has taken it back.
function again(frame) {
  if (frame.kind === "post.voted") voted(frame);
  else if (["post.edited", "post.deleted", "post.restored"].includes(frame.kind)) changed(frame);
}

function show(begin, end, whole) {
  const apart = whole && begin !== end && !follow(begin, end);
  merge(begin, whole);
  if (begin !== end && !apart) merge(end, false);
  swapRegions(begin, "#pager-above");
  swapRegions(apart ? begin : end, "[data-region]:not(#pager-above)");
  if (apart) arrivedUncounted();
  else if (atEnd()) tellRange(newest());
}

const atEnd = () => posts().hasAttribute("data-last");

// The address of the window that is shown, also when it was asked for as "the last one".
function here() {
  const first = posts().querySelector(":scope > article:not([data-parent])")?.dataset.number;
  const asked = new URLSearchParams(location.search).has("from") && first;
  return asked ? `${location.pathname}?from=${first}` : location.pathname;
}

function listen(socket, stream, seq) {
  socket.subscribe(stream, seq, {
    event: (frame) => {
      meanwhile?.push(frame);
      (on[frame.kind] ?? readSoon)(frame);
      happened(frame.kind);
    },
    reset: () => read(true),
    presence: showPresence,
    typing: showTyping,
    refused: () => refused(socket, stream),
  });
}

// Whoever may not see the thread any more is told so by its page; whoever may, after all, joins again.
async function refused(socket, stream) {
  try {
    const seq = await read(true);
    setTimeout(() => listen(socket, stream, seq), JOIN_AGAIN);
  } catch (error) {
    if (error.status) leave();
    else setTimeout(() => refused(socket, stream), JOIN_AGAIN);
  }
}

// Not while something is shown that was written in the record and is stored nowhere.
function leave() {
  if (!document.querySelector("[data-unsaved]")) return location.reload();
  document.addEventListener("record-settled", leave, { once: true });
}

/** Joins the thread that the page shows. @param {import("./socket.js").LiveSocket} socket */
export function startThread(socket) {
  const { stream, seq } = posts().dataset;
  startNews();
  startPresence();
  tellTyping(() => socket.send({ type: "typing", stream }));
  listen(socket, stream, Number(seq));
  document.addEventListener("posts-changed", ({ detail }) => {
    if (detail?.missing || socket.state !== "live") readSoon();
  });
}
