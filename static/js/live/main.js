// Opens the tab's socket and connects to it what the page shows.

import { askToSignIn, showLiveState } from "../frame.js";
import { startInbox } from "./inbox.js";
import { keepAwake, LiveSocket } from "./socket.js";
import { startSpaces } from "./space.js";

function changed(state) {
  showLiveState(state);
  if (state === "live") document.dispatchEvent(new CustomEvent("live"));
}

/** Connects the page. */
export async function start() {
  const address = new URL("/ws/", location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  const socket = new LiveSocket(address.href, { onState: changed, onSignedOut: askToSignIn });
  startInbox(socket);
  startSpaces(socket);
  if (document.querySelector("#posts[data-stream]")) (await import("./thread.js")).startThread(socket);
  keepAwake(socket);
  socket.connect();
}
