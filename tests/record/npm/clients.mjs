// What the tests with the unmodified y-websocket have in common. Arguments: what to play, address, thread, tokens as JSON.

import { WebsocketProvider } from "y-websocket";
import WebSocket from "ws";
import * as Y from "yjs";

const [, , , address, thread, tokens] = process.argv;
const PATIENCE = 15_000;
const signedIn = JSON.parse(tokens);
export const play = process.argv[2];

/** Resolves when `reached()` is true; looks whenever something came in. */
export async function until(reached, what) {
  const began = Date.now();
  while (!reached()) {
    if (Date.now() - began > PATIENCE) throw new Error(`waited in vain: ${what}`);
    await new Promise((go) => setTimeout(go, 5));
  }
}

/** A document and its provider, as that member; `provider.over` is the code with which it gave up. */
export function sit(member, { doc = new Y.Doc(), shared = false } = {}) {
  class Signed extends WebSocket {
    constructor(url, protocols) {
      super(url, protocols, { headers: { Authorization: `Bearer ${signedIn[member]}` } });
    }
  }
  const provider = new WebsocketProvider(`${address}/ws/records`, thread, doc, { WebSocketPolyfill: Signed, disableBc: !shared });
  provider.closes = [];
  provider.on("connection-close", (event) => event && provider.closes.push(event.code));
  provider.on("closed", (event) => {
    provider.over = event.code;
  });
  return { doc, provider, text: (field) => doc.getText(field), says: (field) => doc.getText(field).toString() };
}

/** Members who sit there and have everything. */
export async function seated(...members) {
  const seats = members.map((member) => sit(member));
  for (const seat of seats) await until(() => seat.provider.synced, "the first synchronization");
  return seats;
}

/** Tells what was seen, and ends. */
export function done(seats, found) {
  for (const { provider } of seats) provider.destroy();
  console.log(JSON.stringify(found));
  process.exit(0);
}
