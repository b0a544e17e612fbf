// The entry: every page gets the frame and its times; the rest is fetched only where a page has a use for it.

import { startFrame } from "./frame.js";
import { keepTimes } from "./times.js";
import { polish } from "./polish.js";

// What a page may contain, and the module that brings it to life; each exports start(elements).
const PARTS = [
  ["body.frame", "./keys.js"],
  ["body.frame[data-member]", "./live/main.js"],
  ["[data-composer]", "./composer.js"],
  ["[data-markdown]", "./preview.js"],
  ["[data-markdown]", "./uploads.js"],
  ["[data-draft]", "./drafts.js"],
  ["[data-suggest], [data-markdown]", "./suggest.js"],
];

startFrame();
polish();
keepTimes();
for (const [selector, module] of PARTS) {
  const found = document.querySelectorAll(selector);
  if (found.length) import(module).then((part) => part.start(found), (error) => console.error(module, error));
}
