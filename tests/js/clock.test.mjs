import assert from "node:assert/strict";
import test from "node:test";

const shown = [];
globalThis.document = { documentElement: { lang: "en" }, hidden: false, querySelectorAll: () => shown };
const { countdown, pressing, start } = await import("../../static/js/clock.js");

const NOW = new Date("2026-11-18T10:00:00Z");
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const after = (ms) => new Date(NOW.getTime() + ms);

test("it counts by seconds at the end, by whole minutes that are left before", () => {
  const said = [0, 45 * SECOND, 119 * SECOND, 12 * MINUTE + 59 * SECOND, 90 * MINUTE].map((ms) => countdown(after(ms), NOW));
  assert.deepEqual(said, ["in 0 sec.", "in 45 sec.", "in 119 sec.", "in 12 min.", "in 90 min."]);
  assert.equal(countdown(after(180 * MINUTE), NOW), "in 3 hr.");
});

test("what is over is said to be", () => {
  assert.deepEqual([-30 * SECOND, -5 * MINUTE].map((ms) => countdown(after(ms), NOW)), ["30 sec. ago", "5 min. ago"]);
});

test("the last ten minutes press, and then it is late", () => {
  assert.deepEqual([11, 9, -1].map((minutes) => pressing(after(minutes * MINUTE), NOW)), ["", "soon", "late"]);
});

test("times on the page go on by themselves, also those that came later, and once only however often it is started", (context) => {
  context.mock.timers.enable({ apis: ["Date", "setInterval"], now: NOW.getTime() });
  const first = { dateTime: "2026-11-18T10:01:00Z", dataset: { clock: "" }, textContent: "2026-11-18 10:01 UTC" };
  shown.push(first);
  start();
  start();
  assert.equal(first.textContent, "in 60 sec.");
  const late = { dateTime: "2026-11-18T09:30:00Z", dataset: { clock: "" }, textContent: "" };
  shown.push(late);
  context.mock.timers.tick(10 * SECOND);
  assert.deepEqual([first.textContent, late.textContent], ["in 50 sec.", "30 min. ago"]);
  assert.deepEqual([first.dataset.clock, late.dataset.clock], ["soon", "late"]);
  document.hidden = true;
  context.mock.timers.tick(20 * SECOND);
  assert.equal(first.textContent, "in 50 sec.");
});
