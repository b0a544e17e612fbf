// How the record stands, in one line: saved, saving or not saved, and whether it is connected.

import { word } from "../words.js";

const SLOW = 5_000;
const SETTLED = 400; // saved is said when the strokes pause, not between two of them

const WORDS = {
  opening: () => word("record-opening"),
  saved: () => word("record-saved"),
  saving: () => word("record-saving"),
  slow: () => word("record-slow"),
  watching: () => word("record-watching"),
  reconnecting: () => word("reconnecting"),
  offline: () => word("record-offline"),
  "signed-out": () => word("sign-in-again"),
  "not-saved": () => word("record-not-saved"),
  "not-kept": () => word("record-not-kept"),
  ended: () => word("stopped"),
};

/**
 * The one thing to say. What was not saved comes first.
 * @param {import("./provider.js").State} state @param {{slow?: boolean, failed?: boolean}} [more] slow: it has been saving for long;
 *   failed: this browser could not keep what is not saved
 * @returns {string}
 */
export function standing({ line, saved, mode }, { slow = false, failed = false } = {}) {
  if (saved !== "saved" && failed) return "not-kept";
  if (line === "signed-out") return "signed-out";
  if (saved === "not-saved") return "not-saved";
  if (line !== "live") return { connecting: "opening", open: mode ? "reconnecting" : "opening" }[line] ?? line;
  if (saved === "saving") return slow ? "slow" : "saving";
  return mode === "read" ? "watching" : "saved";
}

export class Status {
  #slow = 0;
  #calm = 0;

  /** @param {HTMLElement} root of the record @param {() => boolean} failed whether this browser could not keep what is not saved */
  constructor(root, failed) {
    this.line = root.querySelector("[data-record-state]");
    this.said = root.querySelector("[data-record-said]");
    this.failed = failed;
  }

  /** Shows it. @param {import("./provider.js").State} state */
  show(state) {
    this.state = state;
    this.line.dataset.saved = state.saved; // as it is, while the words settle
    clearTimeout(this.#calm);
    if (state.saved !== "saving") this.#stopWaiting();
    else this.#slow ||= setTimeout(() => this.#say(standing(this.state, { slow: true, failed: this.failed() })), SLOW);
    const name = standing(state, { failed: this.failed() });
    if (name === "saved" && this.line.dataset.standing === "saving") this.#calm = setTimeout(() => this.#say(name), SETTLED);
    else if (name !== "saving" || this.line.dataset.standing !== "slow") this.#say(name);
  }

  destroy() {
    clearTimeout(this.#calm);
    this.#stopWaiting();
  }

  #stopWaiting() {
    clearTimeout(this.#slow);
    this.#slow = 0;
  }

  #say(name) {
    const before = this.line.dataset.standing;
    if (before === name) return;
    this.line.dataset.standing = name;
    this.line.lastElementChild.textContent = WORDS[name]();
    const quiet = ["saved", "saving"];
    if (before && !(quiet.includes(before) && quiet.includes(name))) this.said.textContent = WORDS[name]();
  }
}
