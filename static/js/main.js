// The entry: every page gets the frame and its times; the rest is fetched only where a page has a use for it.

import { startFrame } from "./frame.js";
import { polish } from "./polish.js";
import { keepTimes } from "./times.js";

// What a page may contain, and the module that brings it to life; each exports start(elements).
const PARTS = [
  ["body.frame", () => import("./keys.js")],
  ["article[data-post]", () => import("./posts.js")],
  ["body.frame[data-member]", () => import("./live/main.js")],
  ["#posts[data-seen-url]", () => import("./seen.js")],
  ["[data-composer]", () => import("./composer.js")],
  ["[data-markdown]", () => import("./editor.js")],
  ["[data-markdown]", () => import("./preview.js")],
  ["[data-markdown]", () => import("./uploads.js")],
  ["[data-markdown]", () => import("./mentions.js")],
  ["[data-draft]", () => import("./drafts.js")],
  ["[data-lazy]", () => import("./lazy.js")],
  ["form[data-ask]", () => import("./finding/suggest.js")],
  ["[data-record]", () => import("./record/main.js")],
  ["form:has(input[name=client_id], [data-audience])", () => import("./forms.js")],
];

startFrame();
polish();
keepTimes();
for (const [selector, load] of PARTS) {
  const found = document.querySelectorAll(selector);
  if (found.length) load().then((part) => part.start(found), (error) => console.error(selector, error));
}
