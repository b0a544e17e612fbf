// What this reader may do with each post: the tools under it, and what they do. Fragments are the same for everybody.

import { openNote, insertInComposer } from "./composer.js";
import { toast } from "./frame.js";
import { call, reason } from "./http.js";
import { quotation, sourceOf } from "./markdown.js";
import { polish } from "./polish.js";
import { word } from "./words.js";

let viewer = {};
const dressed = new WeakSet();

const acts = { vote, reply, quote, note, delete: remove, restore, link: copyLink };

/** Learns what the viewer may do from a page. @param {Document} from */
export function learnViewer(from) {
  const text = from.getElementById("post-viewer")?.textContent;
  if (text) viewer = { ...viewer, ...JSON.parse(text) };
}

/** Puts words, times and this reader's tools into a fragment, once. @param {Element} article @returns {Element} the same */
export function dress(article) {
  if (dressed.has(article)) return article;
  dressed.add(article);
  polish(article);
  const slot = article.querySelector(".post-tools");
  const tools = document.getElementById("post-tools")?.content.cloneNode(true);
  if (!slot || !tools) return article;
  const allowed = rights(article);
  for (const tool of tools.querySelectorAll("[data-tool]")) if (!allowed.includes(tool.dataset.tool)) tool.remove();
  for (const tool of tools.querySelectorAll("a[data-tool]")) tool.href = address(article, tool.dataset.tool);
  slot.replaceChildren(tools);
  dressVote(article, slot.querySelector("[data-tool=vote]"));
  return article;
}

function rights(article) {
  const { post, author, parent } = article.dataset;
  const defaults = (viewer[author === document.body.dataset.member ? "own" : "other"] ?? []).filter((tool) => !parent || tool !== "note");
  const can = viewer[post]?.can ?? defaults;
  if (article.classList.contains("is-deleted")) return can.includes("restore") || can.includes("delete") ? ["restore"] : [];
  return can.includes("restore") ? defaults : can;
}

function address(article, tool) {
  const { post } = article.dataset;
  if (tool === "thank") return `/people/${handleOf(article)}/thanks/?about=post:${post}`;
  if (tool === "edit") return `${article.querySelector(".post-number").getAttribute("href")}edit/`;
  return `/threads/${document.querySelector("#posts").dataset.stream.split(":")[1]}/resolution/?post=${post}`;
}

function dressVote(article, button) {
  const shown = article.querySelector("span.post-votes");
  if (!button || !shown) return;
  button.setAttribute("aria-pressed", Boolean(viewer[article.dataset.post]?.voted));
  shown.remove();
  setVotes(article, Number(shown.dataset.votes));
}

/** Shows how many a post helped. @param {Element} article @param {number} count */
export function setVotes(article, count) {
  const place = article.querySelector(".post-votes");
  if (!place) return;
  place.dataset.votes = count;
  const text = place.querySelector("[data-votes-count], [data-count]");
  if (text) text.textContent = text.hasAttribute("data-count") && !count ? "" : count;
}

async function vote(article, button) {
  const { post } = article.dataset;
  const before = button.getAttribute("aria-pressed") === "true";
  const count = Number(button.dataset.votes);
  const show = (voted, helped) => {
    viewer[post] = { ...viewer[post], voted };
    button.setAttribute("aria-pressed", voted);
    setVotes(article, helped);
  };
  show(!before, count + (before ? -1 : 1));
  try {
    await call("PUT", `/api/v1/posts/${post}/vote`, { value: before ? 0 : 1 });
  } catch (error) {
    show(before, count);
    toast(reason(error), "error");
  }
}

/** Who wrote a post. @param {Element} article @returns {string} */
function handleOf(article) {
  return article.querySelector(".post-author").getAttribute("href").split("/").filter(Boolean).at(-1);
}

function reply(article) {
  if (article.dataset.parent) return note(document.querySelector(`article[data-post="${article.dataset.parent}"]`) ?? article, `@${handleOf(article)} `);
  insertInComposer(`@${handleOf(article)} `);
}

function note(article, start = "") {
  openNote(article.dataset.post, article.dataset.number);
  insertInComposer(typeof start === "string" ? start : "");
}

function quote(article) {
  const body = article.querySelector(".prose");
  const chosen = getSelection();
  const inside = !chosen.isCollapsed && body.contains(chosen.anchorNode) && body.contains(chosen.focusNode);
  const url = article.querySelector(".post-when").getAttribute("href");
  insertInComposer(quotation(inside ? chosen.toString() : sourceOf(body), { handle: handleOf(article), number: article.dataset.number, url }));
}

async function remove(article) {
  await tried(async () => {
    await call("DELETE", `/api/v1/posts/${article.dataset.post}`);
    document.dispatchEvent(new CustomEvent("posts-changed"));
    toast(word("post-deleted", { number: article.dataset.number }), "info", { label: word("undo"), run: () => restore(article) });
  });
}

async function restore(article) {
  await tried(async () => {
    await call("POST", `/api/v1/posts/${article.dataset.post}/restore`);
    document.dispatchEvent(new CustomEvent("posts-changed"));
  });
}

async function tried(act) {
  try {
    await act();
  } catch (error) {
    toast(reason(error), "error");
  }
}

async function copyLink(article) {
  const url = new URL(article.querySelector(".post-when, .post-number").getAttribute("href"), location.href).href;
  try {
    await navigator.clipboard.writeText(url);
    toast(word("copied"), "success");
  } catch {
    toast(url); // no clipboard without a secure connection: show it to be copied by hand
  }
}

learnViewer(document);

/** Dresses the posts of the page and listens for its tools. */
export function start() {
  document.querySelectorAll("article[data-post]").forEach(dress);
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest("[data-tool=quote]")) event.preventDefault(); // keeps what is selected
  });
  document.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-tool]");
    const article = tool?.closest("article[data-post]");
    if (article) acts[tool.dataset.tool]?.(article, tool);
  });
}
