// Parts of a page that are read again from the server and exchanged where they stand.

import { polish } from "./polish.js";

const RETRY = 3_000;
const shown = new WeakMap();

/**
 * Exchanges every region (an element with data-region and an id) that differs in the fresh page.
 * One that somebody is busy in, typing or with a menu open, waits until they are done.
 * @param {Document} fresh @param {string} [selector]
 */
export function swapRegions(fresh, selector = "[data-region]") {
  for (const region of document.querySelectorAll(selector)) {
    const other = fresh.getElementById(region.id);
    if (other) swap(region, other);
  }
  keepMessages(fresh);
  if (fresh.title) document.title = fresh.title;
  tell();
}

function tell() {
  document.dispatchEvent(new CustomEvent("regions-swapped"));
}

function swap(region, fresh) {
  if (shown.get(region) === fresh.innerHTML) return;
  if (busy(region)) {
    clearTimeout(region.retry);
    region.retry = setTimeout(() => { swap(region, fresh); tell(); }, RETRY);
    return;
  }
  clearTimeout(region.retry);
  shown.set(region, fresh.innerHTML);
  const focused = region.contains(document.activeElement) && landmark(document.activeElement);
  region.replaceChildren(...document.importNode(fresh, true).childNodes);
  polish(region);
  if (focused) region.querySelector(focused)?.focus({ preventScroll: true });
}

/** Whether somebody types in a part of the page or has a menu open there. @param {Element} region */
export function busy(region) {
  return region.querySelector("details.menu[open]") || (region.contains(document.activeElement) && document.activeElement.matches("input, textarea, select"));
}

function landmark(element) {
  for (const name of ["id", "href", "data-sheet", "data-follow"]) if (element.hasAttribute(name)) return `[${name}="${CSS.escape(element.getAttribute(name))}"]`;
  return null;
}

// A notice for the next page comes with whatever page is read next: it must not be lost.
function keepMessages(fresh) {
  const notices = fresh.getElementById("messages")?.children ?? [];
  document.getElementById("messages")?.append(...[...notices].map((notice) => document.importNode(notice, true)));
}

/**
 * Makes `list` hold exactly `wanted`, in that order, moving as little as possible.
 * @param {Element} list @param {Element[]} wanted
 */
export function arrange(list, wanted) {
  let at = list.firstElementChild;
  for (const node of wanted) {
    if (node === at) at = at.nextElementSibling;
    else list.insertBefore(node, at);
  }
  while (at) {
    const next = at.nextElementSibling;
    at.remove();
    at = next;
  }
}

/** Changes the page without moving what the reader looks at. @param {() => void} change @param {string} rows what may be looked at */
export function steady(change, rows) {
  if (CSS.supports("overflow-anchor", "auto")) return change();
  const anchor = [...document.querySelectorAll(rows)].find((row) => row.getBoundingClientRect().bottom > 60);
  const top = anchor?.getBoundingClientRect().top;
  change();
  if (anchor?.isConnected) scrollBy(0, anchor.getBoundingClientRect().top - top);
}
