// What the panel found out about a thread, found out again when the thread is not any more what it was.

import { refresh } from "../lazy.js";
import { crowd } from "./presence.js";
import { paced } from "./pace.js";

const QUIET = 4_000; // while people write, nothing jumps
const PER_PERSON = 50; // milliseconds: what could help takes the server longer than a page
const KINDS = /^(record.s|post.c|thread.c|swarm|help|hand|audience|pra|play)/;

// Who could help does not hang on how far a playbook is: then the other parts are read.
const read = paced(() => Promise.all([...document.querySelectorAll("[data-lazy-live]" + but)].map(refresh, but = ":not(.live-matches)")), () => crowd() * PER_PERSON);
let timer, but = "";

/** Tells that something happened in the thread. @param {string} kind */
export function happened(kind) {
  if (!KINDS.test(kind)) return;
  if (kind[1] != "l") but = "";
  clearTimeout(timer);
  timer = setTimeout(read, QUIET);
}
