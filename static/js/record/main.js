// Opens the working record where it stands, to write in it with others or to watch them; all that this takes is fetched only then.

import { word } from "../words.js";

const stored = (test) => { try { return test(); } catch { return false; } }; // a browser may refuse its storage
const wasOpen = (thread) => stored(() => sessionStorage.getItem(`record-open:${thread}`));
const kept = () => stored(() => Object.keys(localStorage).filter((key) => key.startsWith(`record:${document.body.dataset.member}:`))) || [];
const isOf = ({ dataset }) => (key) => key.split(":")[2] === dataset.thread;

async function open(place, focus) {
  try {
    const opening = await import("./opening.js");
    await opening.open(place, focus, kept().some(isOf(place)));
  } catch (error) {
    console.error(error);
    const notice = place.querySelector("[data-record-notice]");
    notice.textContent = word("record-failed");
    notice.hidden = false;
  }
}

async function tidy(thread) {
  const { forgetUnseen } = await import("./elsewhere.js");
  await forgetUnseen(document.body.dataset.member, thread);
}

/** Wires the button, and opens what was open before a reload or has something to send. @param {NodeListOf<HTMLElement>} found */
export function start([place]) {
  place.addEventListener("click", ({ target }) => {
    if (target.closest("[data-record-open]")) open(place, true);
  });
  place.dataset.ready = "";
  const { thread } = place.dataset;
  const again = place.querySelector("[data-record-open]") && wasOpen(thread);
  if (again || kept().some(isOf(place))) open(place, false);
  if (!kept().every(isOf(place))) tidy(thread).catch(console.error);
}
