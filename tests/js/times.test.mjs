import assert from "node:assert/strict";
import test from "node:test";

globalThis.document = { documentElement: { lang: "en" } };
const { inWords, translateTimes } = await import("../../static/js/times.js");

const NOW = new Date("2026-11-18T10:00:00Z");
const MINUTE = 60_000;
const inSome = (ms) => inWords(new Date(NOW.getTime() + ms), NOW);

test("the clock of a request says how long there is, to the minute while it matters", () => {
  const said = [20_000, 5 * MINUTE, 29.6 * MINUTE, 2 * 60 * MINUTE, 24 * 60 * MINUTE].map(inSome);
  assert.deepEqual(said, ["now", "in 5 min.", "in 30 min.", "in 2 hr.", "tomorrow"]);
});

test("what ran out is in the past", () => {
  assert.deepEqual([-5 * MINUTE, -3 * 60 * MINUTE, -24 * 60 * MINUTE].map(inSome), ["5 min. ago", "3 hr. ago", "yesterday"]);
});

test("beyond a week it is a date, with the year when that is another", () => {
  assert.deepEqual([8, 60].map((days) => inSome(days * 24 * 60 * MINUTE)), ["Nov 26", "Jan 17, 2027"]);
});

test("a time on the page is put into words once it differs, and says exactly when on hover", (context) => {
  context.mock.timers.enable({ apis: ["Date"], now: NOW.getTime() });
  const time = { dateTime: "2026-11-18T10:30:00Z", dataset: {}, title: "", textContent: "2026-11-18 10:30 UTC" };
  const broken = { dateTime: "soon", dataset: {}, title: "", textContent: "soon" };
  const root = { querySelectorAll: () => [time, broken] };
  translateTimes(root);
  assert.equal(time.textContent, "in 30 min.");
  assert.match(time.title, /2026/);
  assert.equal(broken.textContent, "soon");
  context.mock.timers.tick(26 * MINUTE);
  translateTimes(root);
  assert.equal(time.textContent, "in 4 min.");
});
