// What the panel found out about a thread, found out again when the thread is not any more what it was.

import { refresh } from "../lazy.js";
import { crowd } from "./presence.js";
import { paced } from "./pace.js";

const QUIET = 4_000; // while people write, nothing jumps
const PER_PERSON = 50; // milliseconds: what could help takes the server longer than a page
const KINDS = /^(record\.saved|post\.created|thread\.changed|swarm\.changed|help\.|hand_over\.|audience\.widened|practice\.applied)/;

const read = paced(() => Promise.all([...document.querySelectorAll("[data-lazy-live]")].map(refresh)), () => crowd() * PER_PERSON);
let timer = 0;

/** Tells that something happened in the thread. @param {string} kind */
export function happened(kind) {
  if (!KINDS.test(kind)) return;
  clearTimeout(timer);
  timer = setTimeout(read, QUIET);
}
