import assert from "node:assert/strict";
import test from "node:test";

import { keepAwake } from "../../static/js/live/connection.js";

// A tab: what it listens to, and whether it is looked at.
function tab(context) {
  const heard = {};
  const listen = (name, run) => { heard[name] = run; };
  context.mock.timers.enable({ apis: ["setInterval", "setTimeout", "Date"] });
  for (const [name, value] of Object.entries({ addEventListener: listen, document: { hidden: false, addEventListener: listen } })) {
    const before = globalThis[name];
    globalThis[name] = value;
    context.after(() => { globalThis[name] = before; });
  }
  const calls = [];
  keepAwake({ wake: () => calls.push("wake"), lose: () => calls.push("lose"), pause: () => calls.push("pause") });
  return { heard, calls, clock: context.mock.timers };
}

test("what happens to the tab is passed on", (context) => {
  const { heard, calls } = tab(context);
  heard.offline();
  heard.pagehide();
  heard.pageshow({ persisted: false });
  heard.pageshow({ persisted: true });
  heard.resume();
  heard.visibilitychange();
  document.hidden = true;
  heard.visibilitychange();
  assert.deepEqual(calls, ["lose", "pause", "wake", "wake", "wake"]);
});

test("not everybody whose network returns comes at the same moment", (context) => {
  const { heard, calls, clock } = tab(context);
  heard.online();
  assert.deepEqual(calls, []);
  clock.tick(1_000);
  assert.deepEqual(calls, ["wake"]);
});

test("a machine that slept is noticed by the time that is missing, and only where somebody looks", (context) => {
  const { calls, clock } = tab(context);
  for (let n = 0; n < 12; n += 1) clock.tick(5_000);
  assert.deepEqual(calls, []);
  clock.setTime(3_600_000);
  clock.tick(5_000);
  assert.deepEqual(calls, ["wake"]);
  for (let n = 0; n < 12; n += 1) clock.tick(5_000);
  document.hidden = true;
  clock.setTime(7_200_000);
  clock.tick(5_000);
  assert.deepEqual(calls, ["wake"]);
});
