// The reply field of a thread: what is sent shows at once, waits while there is no connection, and is never lost.

import { clientId } from "./client_id.js";
import { forgetDraft } from "./drafts.js";
import { replaceText } from "./editor.js";
import { askToSignIn, toast } from "./frame.js";
import { call, reason, Refusal, signedIn } from "./http.js";
import { insertBlock } from "./markdown.js";
import { Outbox } from "./outbox.js";
import { word } from "./words.js";

const ARRIVES_WITHIN = 3_000;
const SIGNED_OUT = 401;

let form = null;
let outbox = null;
let doubtful = false;
const sent = new Map(); // acknowledged, until the post itself is on the page
const there = new Set(); // the post arrived live, maybe before the answer did

const field = () => form?.elements.body;

/** Puts text into the reply field, on lines of its own, and goes there. @param {string} text */
export function insertInComposer(text) {
  const area = field();
  if (!area) return;
  area.focus();
  if (text) replaceText(area, insertBlock(area.value, area.selectionStart, area.selectionEnd, text));
  area.scrollIntoView({ block: "nearest" });
}

/** Makes the next reply a note under a post. @param {string} post @param {string} number */
export function openNote(post, number) {
  if (!form) return;
  form.elements.parent.value = post;
  const line = form.querySelector("[data-replying]");
  line.hidden = false;
  line.querySelector("span").textContent = word("note-under", { number });
}

function closeNote() {
  form.elements.parent.value = "";
  form.querySelector("[data-replying]").hidden = true;
}

// After a session has ended nothing is sent before it is known that the same member is signed in again.
async function send(item) {
  const { thread, id, body, parent } = item;
  try {
    if (doubtful && !(await signedIn())) throw new Refusal(SIGNED_OUT);
    doubtful = false;
    return await call("POST", `/api/v1/threads/${thread}/posts`, { body, client_id: id, ...(parent && { parent: Number(parent) }) });
  } catch (error) {
    if (error.status !== SIGNED_OUT) throw error;
    doubtful = true;
    askToSignIn();
    throw error;
  }
}

function submit(event) {
  event.preventDefault();
  const body = field().value.trim();
  if (!body) return;
  if (form.querySelector("[data-uploading]")) return void toast(word("uploading-wait"), "warning");
  const draft = forgetDraft(placeOf(form), { keepThere: true });
  const item = { id: clientId(), thread: threadOf(form), body, parent: form.elements.parent.value, draft };
  field().value = "";
  closeNote();
  outbox.add(item);
  waiting()?.lastElementChild?.scrollIntoView({ block: "nearest" });
}

const threadOf = (composer) => composer.querySelector("[data-thread]").dataset.thread;
const placeOf = (composer) => composer.querySelector("[data-draft]").dataset.draft;
const waiting = () => document.getElementById("waiting");

function arrived(item, answer) {
  if (String(item.thread) === threadOf(form)) {
    if (!field().value.trim()) forgetDraft(placeOf(form), { there: item.draft }); // else it is the next one's by now
    if (there.delete(item.id) || document.querySelector(`article[data-post="${answer?.id}"]`)) return draw(outbox.items);
    sent.set(item.id, item);
    draw(outbox.items);
    setTimeout(() => sent.has(item.id) && document.dispatchEvent(new CustomEvent("posts-changed", { detail: { missing: true } })), ARRIVES_WITHIN);
    setTimeout(() => { if (sent.delete(item.id)) draw(outbox.items); }, 2 * ARRIVES_WITHIN);
  } else toast(word("sent"), "success");
}

// The post is on the page, or at least known to be in the thread.
function settled({ detail }) {
  const known = sent.delete(detail.client_id);
  if (!known && !outbox.take(detail.client_id)) return;
  if (!known) there.add(detail.client_id);
  draw(outbox.items);
  if (!detail.parent && !document.querySelector("#posts[data-last]"))
    toast(word("sent"), "success", { label: word("show"), run: () => location.assign(`/posts/${detail.post}/permalink/`) });
}

function draw(items) {
  const place = waiting();
  if (!place) return;
  const here = [...sent.values(), ...items.filter((item) => String(item.thread) === threadOf(form))];
  place.replaceChildren(...here.map(waitingPost));
}

function waitingPost(item) {
  const article = document.getElementById("waiting-template").content.firstElementChild.cloneNode(true);
  article.dataset.waiting = item.id;
  article.classList.toggle("is-failed", Boolean(item.reason));
  article.classList.toggle("is-sending", !item.reason);
  article.querySelector("[data-text]").textContent = item.body;
  const busy = sent.has(item.id) || outbox.sending(item);
  article.querySelector("[data-state]").textContent = item.reason ? `${word("not-sent")} ${item.reason}` : word(busy ? "sending" : "waiting");
  const again = article.querySelector("[data-again]");
  again.hidden = !item.reason;
  again.addEventListener("click", () => outbox.retry(item.id));
  const back = article.querySelector("[data-back]");
  back.hidden = busy;
  back.addEventListener("click", () => { if (outbox.take(item.id)) insertInComposer(item.body); });
  return article;
}

// Once used it stays open: closing it would move the page under the pointer.
function open() {
  form.classList.add("has-text");
}

/** Wires the reply field and sends what an earlier visit could not. @param {NodeListOf<HTMLFormElement>} found */
export function start([found]) {
  form = found;
  const key = `outbox:${document.body.dataset.member}`;
  outbox = new Outbox({ storage: localStorage, key, send, reason, onChange: draw, onSent: arrived });
  form.addEventListener("submit", submit);
  form.addEventListener("focusin", open);
  form.querySelector("[data-replying-stop]").addEventListener("click", closeNote);
  document.addEventListener("post-arrived", settled);
  document.addEventListener("live", () => outbox.flush());
  document.addEventListener("signed-out", () => { doubtful = true; });
  addEventListener("online", () => outbox.flush());
  addEventListener("storage", (event) => { if (event.key === key) draw(outbox.items); });
  if (field().value) open();
  draw(outbox.items);
  outbox.flush();
}
