// What was typed and not sent: kept in this browser at once and on the server soon after, and put back on return.

import { clearValues, isWritten, putValues, valuesOf } from "./fields.js";
import { call } from "./http.js";
import { word } from "./words.js";

const SAVE_AFTER = 1_500;
const SAVE_WITHIN = 8_000;

/**
 * @typedef {Object} Draft as this browser keeps it
 * @property {Object<string, string|string[]>} content @property {number} at
 * @property {boolean} [there] the server has some of it @property {boolean} [submitted] its form was sent off
 */

const places = new Map();

const keyOf = (place) => `draft:${document.body.dataset.member}:${place}`;
const addressOf = (place) => `/drafts/?place=${encodeURIComponent(place)}`;

/**
 * Which draft to put back: the newer one. One that was submitted and is gone from the server has become a post.
 * @param {Draft|null} here @param {{content: Object|null, saved_at: string|null}} there
 * @returns {Object|null}
 */
export function newer(here, there) {
  if (here?.submitted && here.there && !there.content) return null;
  if (!there.content) return here?.content ?? null;
  return here && here.at >= Date.parse(there.saved_at) ? here.content : there.content;
}

function readHere(place) {
  try {
    return JSON.parse(localStorage.getItem(keyOf(place)));
  } catch {
    return null;
  }
}

function keepHere(place, draft) {
  try {
    if (draft) localStorage.setItem(keyOf(place), JSON.stringify(draft));
    else localStorage.removeItem(keyOf(place));
  } catch (error) {
    console.warn("draft not kept in this browser", error); // the server's copy follows
  }
}

/**
 * Forgets a draft that was sent or is not wanted: in this browser, and unless told to keep it there, on the server.
 * @param {string} place @param {{keepThere?: boolean, there?: boolean}} [options] `there`: the server is known to have it
 * @returns {boolean} whether the server had some of it
 */
export function forgetDraft(place, { keepThere = false, there = false } = {}) {
  const held = places.get(place);
  if (held) {
    clearTimeout(held.timer);
    held.timer = 0;
  }
  const known = Boolean(there || held?.there || readHere(place)?.there);
  keepHere(place, null);
  if (!known || keepThere) return known;
  if (held) held.there = false;
  call("DELETE", addressOf(place)).catch(() => {}); // the newer one wins when it is read again
  return true;
}

function changed(place, held) {
  if (!held.touched) say(held);
  held.touched = true;
  if (!isWritten(held.root)) return forgetDraft(place);
  keepHere(place, { content: valuesOf(held.root), at: Date.now(), there: held.there });
  clearTimeout(held.timer);
  held.since ??= Date.now();
  held.timer = setTimeout(() => save(place, held), Math.min(SAVE_AFTER, Math.max(0, held.since + SAVE_WITHIN - Date.now())));
}

async function save(place, held, options = {}) {
  clearTimeout(held.timer);
  held.timer = 0;
  held.since = null;
  try {
    await call("PUT", "/drafts/", { place, content: valuesOf(held.root) }, options);
  } catch {
    return; // kept here; the next change tries again
  }
  held.there = true;
  const here = readHere(place);
  if (here) keepHere(place, { ...here, there: true });
}

async function restore(place, held) {
  const here = readHere(place);
  if (here && !here.submitted) offer(place, held, here.content);
  const there = await call("GET", addressOf(place)).catch(() => null);
  if (!there) return here?.submitted ? offer(place, held, here.content) : undefined;
  held.there = Boolean(there.content);
  const content = newer(here, there);
  if (content) offer(place, held, content);
  else if (!held.touched) keepHere(place, null);
}

// Puts a draft into an empty form; beside text that stands there already it is only offered.
function offer(place, held, content) {
  if (held.touched || contains(valuesOf(held.root), content)) return;
  const ours = held.put && contains(valuesOf(held.root), held.put);
  if (!isWritten(held.root) || ours) return use(place, held, content);
  say(held, word("draft-there"), [word("use"), () => use(place, held, content)], discardOf(place, held));
}

const contains = (values, part) => Object.entries(part).every(([name, value]) => !(name in values) || String(values[name]) === String(value));

function use(place, held, content) {
  putValues(held.root, content);
  held.put = content;
  say(held, word("draft-restored"), discardOf(place, held));
}

function discardOf(place, held) {
  return [word("discard"), () => {
    if (held.put) clearValues(held.root);
    held.put = null;
    forgetDraft(place);
    say(held);
  }];
}

function say(held, text = "", ...choices) {
  const buttons = choices.map(([label, run]) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "link-button", textContent: label });
    button.addEventListener("click", run);
    return button;
  });
  held.state?.replaceChildren(text, ...buttons.flatMap((button) => [" ", button]));
}

function submitted(place, held) {
  clearTimeout(held.timer);
  held.timer = 0;
  const here = readHere(place);
  if (here) keepHere(place, { ...here, submitted: true });
}

const typedBefore = (root) => [...root.querySelectorAll("textarea, input")].some((input) => document.activeElement === input && input.value !== input.defaultValue);

// The reply field of a thread is looked after when somebody goes to it: most who read do not write.
function begin(place, held) {
  const { root, form } = held;
  for (const kind of ["input", "change"]) root.addEventListener(kind, (event) => event.detail === "restored" || changed(place, held));
  if (typedBefore(root)) changed(place, held); // while the scripts were still on their way
  const composing = form?.matches("[data-composer]");
  if (!composing) form?.addEventListener("submit", () => submitted(place, held));
  if (composing && !readHere(place)) form.addEventListener("focusin", () => restore(place, held), { once: true });
  else restore(place, held);
}

/** Keeps the drafts of the forms and fields given. @param {NodeListOf<HTMLElement>} found */
export function start(found) {
  for (const root of found) {
    const form = root.closest("form");
    places.set(root.dataset.draft, { root, form, state: (root.querySelector("[data-md-state]") ?? form?.querySelector("[data-md-state]")) });
  }
  for (const [place, held] of places) begin(place, held);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) for (const [place, held] of places) if (held.timer) save(place, held, { keepalive: true });
  });
}
