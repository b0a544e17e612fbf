// Opens the tab's socket and connects to it what the page shows.

import { askToSignIn, showLiveState, toast } from "../frame.js";
import { signedIn } from "../http.js";
import { word } from "../words.js";
import { keepAwake } from "./connection.js";
import { startInbox } from "./inbox.js";
import { startRail } from "./rail.js";
import { LiveSocket } from "./socket.js";

const FOREIGN = 4403;
const TOO_MANY = 4409;

let said = null;

function say(text, kind, action) {
  said?.remove();
  said = toast(text, kind, action);
}

function changed(state, code) {
  showLiveState(state);
  if (state === "live") document.dispatchEvent(new CustomEvent("live"));
  if (state === "stopped") {
    const again = { label: word("load-again"), run: () => location.reload() };
    say(word(code === FOREIGN ? "wrong-address" : "stopped-why"), "error", again);
  }
  if (code === TOO_MANY) say(word("too-many-tabs"), "warning");
}

// The session that the page was opened with has ended. Whoever signs in again in another tab comes back by themselves.
async function stillSignedIn() {
  document.dispatchEvent(new CustomEvent("signed-out"));
  const same = await signedIn();
  if (!same) askToSignIn();
  return same;
}

/** Connects the page. */
export async function start() {
  const address = new URL("/ws/", location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  const socket = new LiveSocket(address.href, { onState: changed, onSignedOut: stillSignedIn });
  if (document.querySelector("#posts[data-stream]")) (await import("./thread.js")).startThread(socket); // first, also when asked for again
  if (document.getElementById("run")) (await import("./run.js")).startRun(socket);
  if (document.body.dataset.space) (await import("./space.js")).startSpace(socket);
  startInbox(socket);
  startRail(socket);
  keepAwake(socket);
  socket.connect();
}
