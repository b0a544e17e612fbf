// How long to stay away after a connection ended: random, so that not all come back at the same moment.

const FIRST = 1_000;
const CAP = 30_000;

// Some ends say how soon to come back: the first bound, and what is waited in any case.
const ENDS = new Map([
  [1012, { first: 5_000 }], // the server starts again: it is there soon, but everybody wants to know
  [1013, { first: 5_000 }], // its database is away
  [4408, { first: 15_000 }], // we read too slowly
  [4409, { least: 30_000, first: 30_000 }], // too many tabs of one member
  [4429, { least: 60_000, first: 30_000 }], // we sent too fast
]);

/**
 * How long to wait before the next attempt: anywhere up to a bound that doubles ("full jitter").
 * @param {number} attempt @param {() => number} [random] @param {number} [first] @returns {number} milliseconds
 */
export function delay(attempt, random = Math.random, first = FIRST) {
  return random() * Math.min(CAP, first * 2 ** attempt);
}

/** How long to stay away after a close code. @param {number} code @param {number} attempt @param {() => number} random @returns {number} */
export function waitAfter(code, attempt, random) {
  return leastAfter(code) + delay(attempt, random, ENDS.get(code)?.first);
}

/** How long to stay away in any case, whatever happens meanwhile. @param {number} code @returns {number} */
export function leastAfter(code) {
  return ENDS.get(code)?.least ?? 0;
}
