// The posts on the page: putting fragments in, exchanging them, and bringing the list in line with a fresh page.

import { dress, setVotes } from "../posts.js";
import { arrange } from "../regions.js";
import { selectAgain, selectedIn } from "./selection.js";
import { word } from "../words.js";

/** @returns {HTMLElement|null} the list of replies */
export const posts = () => document.getElementById("posts");

/** The post with this id, or null when it is not on the page. @param {string|number} pk @returns {HTMLElement|null} */
export const find = (pk) => document.querySelector(`#problem > [data-post="${pk}"], #posts > [data-post="${pk}"]`);

/** A fragment as an element, ready to be shown. @param {string} html @returns {HTMLElement} */
export function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return dress(template.content.firstElementChild);
}

/** Puts the new version of a post in place of the old; focus and what is selected stay. @param {Element} old @param {Element} fresh */
export function exchange(old, fresh) {
  const tool = old.contains(document.activeElement) && (document.activeElement.dataset.tool ?? "");
  const selected = selectedIn(old);
  fresh.classList.toggle("is-here", old.classList.contains("is-here"));
  old.replaceWith(fresh);
  if (selected) selectAgain(fresh, selected);
  if (tool === false) return;
  fresh.tabIndex = -1;
  ((tool && fresh.querySelector(`[data-tool="${tool}"]`)) || fresh).focus({ preventScroll: true });
}

/**
 * Adds a post that is not on the page: a note under its parent, a reply at the end when the end is shown.
 * @param {HTMLElement} article @returns {boolean} whether there was a place for it
 */
export function add(article) {
  const { parent } = article.dataset;
  const list = posts();
  if (parent) {
    const above = find(parent);
    if (!above) return false;
    if (above.parentElement === list) lastNote(above).after(article);
    else list.insertBefore(article, firstPast(list, parent)); // notes to the problem lead the replies
    return true;
  }
  if (!list.hasAttribute("data-last")) return false;
  list.append(article);
  document.getElementById("no-replies")?.remove();
  return true;
}

/** Says anew which posts of how many are shown. @param {number} total the newest number */
export function tellRange(total) {
  const list = posts();
  const [first, ...more] = list.querySelectorAll(":scope > article:not([data-parent])");
  if (!first) return;
  const values = { first: first.dataset.number, last: (more.at(-1) ?? first).dataset.number, total };
  for (const place of document.querySelectorAll("#pager-above .where, #pager-below .where")) place.textContent = word("range", values);
}

function lastNote(post) {
  let last = post;
  while (last.nextElementSibling?.dataset.parent === post.dataset.post) last = last.nextElementSibling;
  return last;
}

function firstPast(list, parent) {
  return [...list.children].find((node) => node.dataset.parent !== parent) ?? null;
}

/** Marks exactly the posts of a solution. @param {Array<string|number>} pks @param {boolean} on */
export function markSolutions(pks, on) {
  for (const pk of pks) find(pk)?.classList.toggle("is-solution", on);
}

/**
 * Brings the replies in line with a freshly read page, keeping what is already right.
 * Posts before and after those of that page stay, unless `whole` says that only the page counts.
 * @param {Document} fresh @param {boolean} whole
 */
export function merge(fresh, whole) {
  const list = posts();
  const other = fresh.getElementById("posts");
  if (!other) return;
  const mine = new Map([...list.querySelectorAll(":scope > article")].map((article) => [article.dataset.post, article]));
  const wanted = [...other.children].map((node) => kept(mine, node));
  if (!whole) {
    wanted.unshift(...earlier(list, other));
    keepLater(wanted, mine, other);
  }
  arrange(list, wanted);
  if (whole || other.hasAttribute("data-last")) list.toggleAttribute("data-last", other.hasAttribute("data-last"));
  const problem = fresh.querySelector("#problem > article");
  const shown = document.querySelector("#problem > article");
  if (problem && shown && !same(shown, problem)) exchange(shown, dress(document.importNode(problem, true)));
  if (wanted.length) document.getElementById("no-replies")?.remove();
}

function kept(mine, node) {
  const old = mine.get(node.dataset.post);
  if (old && same(old, node)) {
    setVotes(old, Number(node.querySelector(".post-votes")?.dataset.votes ?? 0));
    return old;
  }
  const fresh = document.importNode(node, true);
  return dress(fresh);
}

function same(old, fresh) {
  const state = (article) => ["is-solution", "is-deleted"].map((name) => article.classList.contains(name)).join();
  return old.dataset.version === fresh.dataset.version && state(old) === state(fresh);
}

// The first reply of a list, by number. Notes stand elsewhere than their numbers say.
const firstOf = (list) => list.querySelector(":scope > article:not([data-parent])");
const numberIn = (article) => Number(article?.dataset.number ?? 0);

function earlier(list, other) {
  const begin = firstOf(other);
  if (!begin || numberIn(firstOf(list)) >= numberIn(begin)) return [];
  const rows = [...list.children];
  const end = rows.findIndex((row) => row.dataset.post && !row.dataset.parent && numberIn(row) >= numberIn(begin));
  return end < 0 ? rows : rows.slice(0, end);
}

/** Whether two pages follow each other without a hole. @param {Document} one @param {Document} next @returns {boolean} */
export function follow(one, next) {
  const begin = firstOf(next.getElementById("posts"));
  return Boolean(begin && one.querySelector(`#posts > [data-post="${begin.dataset.post}"]`));
}

/** The newest number shown. @returns {number} */
export function newest() {
  return Math.max(0, ...[...posts().querySelectorAll(":scope > article")].map(numberIn));
}

function keepLater(wanted, mine, other) {
  const newest = Math.max(0, ...[...other.querySelectorAll(":scope > article")].map((article) => Number(article.dataset.number)));
  for (const late of mine.values()) {
    if (Number(late.dataset.number) <= newest || wanted.includes(late)) continue;
    const under = late.dataset.parent && wanted.findLastIndex(({ dataset }) => [dataset.post, dataset.parent].includes(late.dataset.parent));
    if (under >= 0 && late.dataset.parent) wanted.splice(under + 1, 0, late);
    else wanted.push(late);
  }
}

/** The number a page was read at. @param {Document} from @returns {number|undefined} */
export function numberOf(from) {
  const seq = from.getElementById("posts")?.dataset.seq;
  return seq === undefined ? undefined : Number(seq);
}
