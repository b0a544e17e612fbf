// Scenes with the unmodified y-websocket: each ends by saying what was seen, or fails.

import * as Y from "yjs";
import { done, play, seated, sit, until } from "./clients.mjs";

const plays = {
  async together() {
    const [ada, ben] = await seated("ada", "ben");
    ada.text("problem").insert(0, "Hello 😀 é");
    ben.text("cause").insert(0, "x");
    await until(() => ben.says("problem") === "Hello 😀 é" && ada.says("cause") === "x", "both");
    ben.text("problem").insert(8, "!");
    ben.text("problem").delete(0, 2);
    ada.text("problem").insert(0, "Oh ");
    await until(() => ada.says("problem") === ben.says("problem") && ada.says("problem").includes("!"), "the same");
    done([ada, ben], { problem: ada.says("problem"), cause: ada.says("cause") });
  },

  async names() {
    const [ada, ben] = await seated("ada", "ben");
    ada.provider.awareness.setLocalStateField("user", { name: "Mallory", id: 1, color: "red" });
    ada.text("problem").insert(0, "abc");
    const at = Y.createRelativePositionFromTypeIndex(ada.text("problem"), 2);
    ada.provider.awareness.setLocalStateField("cursor", { anchor: at, head: at });
    const seen = () => ben.provider.awareness.getStates().get(ada.doc.clientID);
    await until(() => seen()?.cursor && ben.says("problem") === "abc", "the cursor");
    const place = Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(seen().cursor.head), ben.doc);
    const { user } = seen();
    ada.provider.destroy();
    await until(() => !seen(), "that she has left");
    done([ben], { name: user.name, index: place.index, own: place.type === ben.text("problem") });
  },

  async offline() {
    const [ada, ben] = await seated("ada", "ben");
    ada.text("problem").insert(0, "middle");
    await until(() => ben.says("problem") === "middle", "the beginning");
    ada.provider.disconnect();
    ada.text("problem").insert(0, "off ");
    ben.text("problem").insert(6, " on");
    await until(() => ben.provider.synced, "ben");
    ada.provider.connect();
    await until(() => ada.says("problem") === "off middle on" && ben.says("problem") === "off middle on", "the merge");
    done([ada, ben], { problem: ada.says("problem") });
  },

  // Tabs of one browser share what they write past the server, and it may come from the one without what came before it.
  async sideways() {
    const [ada, ben] = await seated("ada", "ben");
    ada.text("problem").insert(0, "abc");
    await until(() => ben.says("problem") === "abc", "the beginning");
    const beside = new Y.Doc();
    Y.applyUpdate(beside, Y.encodeStateAsUpdate(ada.doc));
    beside.getText("problem").insert(0, "SIDE ");
    Y.applyUpdate(ada.doc, Y.encodeStateAsUpdate(beside), ada.provider);
    ada.text("problem").insert(3, "@");
    ada.text("problem").insert(4, "#");
    await until(() => ben.says("problem") === ada.says("problem") && ben.says("problem").includes("@#"), "what was missing");
    done([ada, ben], { problem: ben.says("problem"), closes: ada.provider.closes });
  },

  async reader() {
    const [zoe, ben] = await seated("zoe", "ben");
    const read = ben.says("problem");
    zoe.text("problem").insert(0, "nope");
    await until(() => zoe.provider.over, "the end");
    done([zoe, ben], { read, over: zoe.provider.over, again: zoe.provider.shouldConnect, others: ben.says("problem") });
  },

  async foreign() {
    const [ben] = await seated("ben");
    ben.text("problem").insert(0, "abc");
    const writes = {
      root: (doc) => doc.getMap("evil").set("a", 1),
      text: (doc) => doc.getText("another").insert(0, "a"),
      embed: (doc) => doc.getText("problem").insertEmbed(0, { a: 1 }),
      format: (doc) => doc.getText("problem").format(0, 3, { bold: true }),
    };
    const over = {};
    for (const [name, write] of Object.entries(writes)) {
      const [zoe] = await seated("zoe");
      await until(() => zoe.says("problem") === "abc", "the text");
      write(zoe.doc);
      await until(() => zoe.provider.over, name);
      over[name] = [zoe.provider.over, zoe.provider.shouldConnect];
      zoe.provider.destroy();
    }
    done([ben], { over, roots: [...ben.doc.share.keys()] });
  },

  async stranger() {
    const finn = sit("finn");
    await until(() => finn.provider.over, "the end");
    done([finn], { over: finn.provider.over, synced: finn.provider.synced });
  },

  // A minute in which nobody does anything. Not part of the test run.
  async idle() {
    const [ada, ben] = await seated("ada", "ben");
    ada.provider.awareness.setLocalState(null);
    await new Promise((go) => setTimeout(go, 65_000));
    ada.text("problem").insert(0, "still here");
    await until(() => ben.says("problem") === "still here", "the text");
    done([ada, ben], { closes: [...ada.provider.closes, ...ben.provider.closes] });
  },
};

await plays[play]();
