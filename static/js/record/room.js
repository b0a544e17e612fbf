// The open record: document, connection, editors, people and state put together, and what happens when the connection ends for good.

import { applyUpdate, Awareness, Doc, encodeStateAsUpdate } from "../../vendor/record.js";
import { page, signedIn } from "../http.js";
import { keepAwake } from "../live/connection.js";
import { happened } from "../live/swarm.js";
import { swapRegions } from "../regions.js";
import { word } from "../words.js";
import { Editors, FIELDS } from "./editors.js";
import { People } from "./people.js";
import { Provider } from "./provider.js";
import { rescue, why } from "./rescue.js";
import { Status } from "./status.js";
import { Kept, piecesOf } from "./unsaved.js";

const GONE = 4404;
const READ_ONLY = 4405;

let room = null;
let styled = null;

// What happens to the tab concerns the room that is open then.
const tab = { wake: () => room?.provider.wake(), lose: () => room?.provider.lose(), pause: () => room?.putAway() };

function addressOf(thread) {
  const address = new URL(`/ws/records/${thread}/`, location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return address.href;
}

function style() {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("../../css/record.css", import.meta.url).href });
  const loaded = new Promise((done, failed) => { link.onload = done; link.onerror = () => failed(new Error("no styles")); });
  document.head.append(link);
  return loaded;
}

class Room {
  #touched = new Set(); // fields in which something was written here that is not known to be stored
  #found = []; // what other tabs or an earlier page had kept
  #closing = false;
  #mode = null;

  constructor(place, focus) {
    this.place = place;
    this.focus = focus;
    this.page = place.querySelector("[data-record-page]");
    this.notice = place.querySelector("[data-record-notice]");
    this.root = place.querySelector("[data-record-room]").content.firstElementChild.cloneNode(true);
    this.doc = new Doc();
    this.awareness = new Awareness(this.doc);
    this.awareness.setLocalState(null);
    this.kept = new Kept(document.body.dataset.member, place.dataset.thread);
    this.#found = this.kept.found();
    this.status = new Status(this.root, () => this.kept.failed);
    this.provider = new Provider(addressOf(place.dataset.thread), this.doc, this.awareness, {
      onState: (state) => this.#changed(state), onSynced: () => this.#synced(), onSignedOut: signedIn,
    });
    for (const field of FIELDS) this.doc.getText(field).observe((_event, { origin }) => origin === this.provider || this.#touched.add(field));
    this.doc.on("update", (_update, origin) => origin === this.provider || this.kept.soon(this.provider));
    this.doc.on("update", () => happened("record.saved"));
    this.root.querySelector("[data-record-done]").addEventListener("click", () => this.#done());
    this.ask = (event) => { if (this.provider.state.saved === "not-saved") event.preventDefault(); };
    addEventListener("beforeunload", this.ask);
    this.swapped = () => { if (this.#mode === "read" && !this.page.querySelector("[data-record-open]")) this.#close(); }; // recorded or closed: nobody writes any more
    document.addEventListener("regions-swapped", this.swapped);
    place.append(this.root);
    this.status.show(this.provider.state);
    this.provider.connect();
  }

  /** The page is being put away. */
  putAway() {
    this.kept.write(this.provider);
    this.provider.pause();
  }

  #changed(state) {
    this.status.show(state);
    if (state.saved === "saved") this.#allStored();
    this.#mark();
    if (state.line === "ended") this.#ended(state.code);
    else if (this.editors && state.mode !== this.#mode) this.#modeChanged(state.mode);
  }

  // Whoever would leave the page waits.
  #mark() {
    this.place.toggleAttribute("data-unsaved", this.provider.state.saved !== "saved" || this.#found.length > 0);
  }

  #allStored() {
    if (!this.editors) return; // nothing was put back yet
    this.#touched.clear();
    this.kept.write(this.provider);
    this.kept.drop(this.#found.splice(0));
    if (this.#closing) this.#close();
  }

  #synced() {
    this.#mode = this.provider.state.mode;
    this.#remember(true);
    this.#found = this.kept.found();
    const strays = this.#mode === "read" ? this.#differing() : [];
    if (this.#mode === "write") this.#putBack();
    else if (!strays.length) this.kept.drop(this.#found.splice(0));
    this.#mark();
    this.editors = new Editors(this.doc, this.awareness, this.root, { onFull: () => this.#say(word("record-full")) });
    this.people = new People(this.root, this.awareness);
    this.page.hidden = true;
    this.root.classList.remove("is-opening");
    this.#lock();
    if (this.focus) this.#enter();
    if (strays.length) this.#ended(READ_ONLY, strays);
  }

  #putBack() {
    for (const { update } of this.#found) applyUpdate(this.doc, update, "kept");
    if (this.provider.state.saved === "saved") this.kept.drop(this.#found.splice(0)); // it had arrived all the same
    else this.#say(word("record-back"));
  }

  #enter() {
    if (this.#mode === "write") this.editors.focus();
    else this.root.focus();
  }

  #lock() {
    this.editors.lock(this.#mode !== "write");
    this.root.classList.toggle("is-reading", this.#mode !== "write");
  }

  #modeChanged(mode) {
    this.#mode = mode;
    if (mode === "read") return this.#ended(READ_ONLY);
    this.#lock();
    this.#say(word("record-yours"));
  }

  #say(text) {
    this.notice.textContent = text;
    this.notice.hidden = !text;
  }

  #done() {
    const { saved } = this.provider.state;
    if (saved === "not-saved") return this.#say(word("record-not-yet"));
    this.#closing = saved === "saving";
    if (!this.#closing) this.#close();
  }

  async #close() {
    this.#say("");
    this.#leave();
    if (this.place.dataset.done) return location.assign(this.place.dataset.done);
    await this.#readPage();
    this.place.querySelector("[data-record-open]")?.focus();
  }

  // Nothing more can be saved from here. What is stored nowhere is shown, and kept in this browser until that has been seen.
  async #ended(code, texts = this.#unsaved()) {
    if (texts.length) this.kept.write(this.provider);
    if (code === GONE && !this.editors) texts = this.#pieces();
    this.#leave();
    this.#say(why(code));
    if (texts.length) {
      await rescue(this.place.querySelector("[data-record-rescue]"), why(code), texts);
      this.kept.forget();
      this.kept.drop(this.#found);
    }
    this.place.removeAttribute("data-unsaved");
    document.dispatchEvent(new CustomEvent("record-settled"));
    if (!this.place.dataset.done) await this.#readPage();
  }

  // Of a record that is not to be seen any more, not even to put back what was kept: only the words written here, and they are forgotten.
  #pieces() {
    const text = this.#found.flatMap(({ update }) => piecesOf(update)).join("\n");
    if (!text) this.kept.drop(this.#found);
    return text ? [{ label: word("record-pieces"), text }] : [];
  }

  #unsaved() {
    return this.#texts(this.doc, [...this.#touched]);
  }

  // What was kept for somebody who may not write any more.
  #differing() {
    const copy = new Doc();
    applyUpdate(copy, encodeStateAsUpdate(this.doc));
    for (const { update } of this.#found) applyUpdate(copy, update);
    return this.#texts(copy, FIELDS.filter((field) => copy.getText(field).toString() !== this.doc.getText(field).toString()));
  }

  #texts(doc, fields) {
    const label = (field) => this.root.querySelector(`[data-field=${field}] h3`).textContent;
    return fields.map((field) => ({ label: label(field), text: doc.getText(field).toString() }));
  }

  #leave() {
    if (room === this) room = null;
    removeEventListener("beforeunload", this.ask);
    document.removeEventListener("regions-swapped", this.swapped);
    this.provider.destroy();
    this.status.destroy();
    this.people?.destroy();
    this.editors?.destroy();
    this.awareness.destroy();
    this.doc.destroy();
    this.root.remove();
    this.page.hidden = false;
    delete this.place.dataset.room;
    this.#remember(false);
  }

  // That it is open, for after a reload of this tab.
  #remember(open) {
    const key = `record-open:${this.place.dataset.thread}`;
    try {
      if (open) sessionStorage.setItem(key, "1");
      else sessionStorage.removeItem(key);
    } catch (error) {
      console.warn("not remembered", error);
    }
  }

  // The record as it is now, and what may be done with it.
  async #readPage() {
    try {
      swapRegions(await page(location.pathname + location.search), `#${this.page.id}`);
    } catch (error) {
      console.warn("the page was not read again", error);
    }
  }
}

/** Opens the record in its place. @param {HTMLElement} place @param {{focus: boolean}} options whether the reader asked for it just now */
export async function openRoom(place, { focus }) {
  if (!styled) {
    styled = style();
    keepAwake(tab);
  }
  await styled.catch((error) => { styled = null; throw error; });
  room = new Room(place, focus);
  place.dataset.room = "open";
}
