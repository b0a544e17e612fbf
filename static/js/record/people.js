// Who else is in the record and where they write, in words.

import { word } from "../words.js";
import { hue } from "./cursors.js";

const PACE = 5_000;

const listOf = (names) => new Intl.ListFormat(document.documentElement.lang || "en").format(names);

/**
 * The others in a record, each member once, with the field they are in; those without a name each by themselves.
 * @param {Map<number, Object>} states by client @param {number} mine the client that is this tab @param {string} member whose page this is
 * @returns {Array<{key: string, name: string, hue: string, field: string|null}>}
 */
export function others(states, mine, member) {
  const found = new Map();
  for (const [client, { user, field }] of states) {
    if (client === mine || !user || String(user.id) === member) continue;
    const key = user.id ? `member-${user.id}` : `client-${client}`;
    const known = found.get(key);
    if (!known?.field) found.set(key, { key, name: user.name || word("record-someone"), hue: hue(user), field: field ?? null });
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}

function named({ name, hue: colour }) {
  const element = Object.assign(document.createElement("span"), { className: `who-here ${colour}`, textContent: name });
  return element;
}

export class People {
  #known = new Map();
  #told = 0;
  #timer = 0;

  /** @param {HTMLElement} root of the record @param {import("y-protocols/awareness").Awareness} awareness */
  constructor(root, awareness) {
    this.root = root;
    this.awareness = awareness;
    this.show = () => this.#show();
    awareness.on("change", this.show);
    this.#show();
  }

  destroy() {
    this.awareness.off("change", this.show);
    clearTimeout(this.#timer);
  }

  #show() {
    const here = others(this.awareness.getStates(), this.awareness.clientID, document.body.dataset.member);
    for (const section of this.root.querySelectorAll("[data-field]")) {
      const inside = here.filter(({ field }) => field === section.dataset.field);
      section.querySelector("[data-here]").replaceChildren(...(inside.length ? [...inside.map(named), word(inside.length > 1 ? "record-write" : "record-writes")] : []));
    }
    const people = this.root.querySelector("[data-record-people]");
    people.replaceChildren(...(here.length ? [word("record-with"), ...here.map(named)] : []));
    this.#timer ||= setTimeout(() => this.#announce(), Math.max(0, this.#told + PACE - Date.now()));
  }

  // Coming and going, told to those who listen rather than look; not every stroke.
  #announce() {
    this.#timer = 0;
    const here = new Map(others(this.awareness.getStates(), this.awareness.clientID, document.body.dataset.member).map(({ key, name }) => [key, name]));
    const came = [...here].filter(([key]) => !this.#known.has(key)).map(([, name]) => name);
    const left = [...this.#known].filter(([key]) => !here.has(key)).map(([, name]) => name);
    this.#known = here;
    if (!came.length && !left.length) return;
    this.#told = Date.now();
    const said = [came.length && word("record-came", { names: listOf(came) }), left.length && word("record-left", { names: listOf(left) })];
    this.root.querySelector("[data-record-said]").textContent = said.filter(Boolean).join(" ");
  }
}
