// Where others are in a text: a caret with a name, and what they have selected. Hues are classes, as the site's policy wants it.

import { createAbsolutePositionFromRelativePosition, createRelativePositionFromJSON, Decoration, StateEffect, ViewPlugin, WidgetType } from "../../vendor/record.js";
import { word } from "../words.js";

const HUES = 8;
const redraw = StateEffect.define();

/** Which of the hues somebody has. @param {{slot?: number, id?: number}} [user] @returns {string} a class */
export function hue(user) {
  const slot = user?.slot ?? user?.id;
  return Number.isInteger(slot) ? `who-${((slot % HUES) + HUES) % HUES}` : "who-none";
}

class Caret extends WidgetType {
  constructor(person) {
    super();
    Object.assign(this, person);
  }

  eq(other) {
    return ["client", "name", "hue", "moves", "first"].every((part) => this[part] === other[part]);
  }

  toDOM() {
    const caret = Object.assign(document.createElement("span"), { className: `who ${this.hue}` });
    caret.classList.toggle("is-first", this.first);
    caret.setAttribute("aria-hidden", "true");
    caret.dataset.name = this.name; // drawn by the style sheet: it is no part of the text, also not when that is copied
    return caret;
  }

  get estimatedHeight() {
    return -1;
  }

  ignoreEvent() {
    return true;
  }
}

class Cursors {
  #places = new Map(); // by client; without anchor and head when the text they are in has not come yet

  constructor(view, field, text, awareness) {
    this.view = view;
    this.field = field;
    this.text = text;
    this.awareness = awareness;
    for (const client of awareness.getStates().keys()) this.#learn(client);
    this.decorations = this.#drawn();
    this.listen = ({ added, updated, removed }) => {
      for (const client of [...added, ...updated, ...removed]) this.#learn(client);
      view.dispatch({ effects: redraw.of(null) });
    };
    awareness.on("change", this.listen);
  }

  destroy() {
    this.awareness.off("change", this.listen);
  }

  update(update) {
    const asked = update.transactions.some((transaction) => transaction.effects.some((effect) => effect.is(redraw)));
    if (!update.docChanged && !asked) return;
    for (const [client, place] of [...this.#places]) {
      if (place.anchor === undefined || place.head === undefined) this.#learn(client);
      else if (update.docChanged) {
        place.anchor = update.changes.mapPos(place.anchor, 1);
        place.head = update.changes.mapPos(place.head, 1);
      }
    }
    this.decorations = this.#drawn();
    this.#turnNames();
  }

  #learn(client) {
    const { user, cursor, field } = this.awareness.getStates().get(client) ?? {};
    const before = this.#places.get(client);
    this.#places.delete(client);
    if (client === this.awareness.clientID || !cursor || (field && field !== this.field)) return;
    const [anchor, head] = [cursor.anchor, cursor.head].map((place) => this.#position(place));
    if (anchor === null || head === null) return;
    this.#places.set(client, { client, hue: hue(user), name: user?.name || word("record-someone"), anchor, head, moves: (before?.moves ?? 0) + 1 });
  }

  // Null: in another text. Undefined: beside something that has not come yet.
  #position(place) {
    const relative = createRelativePositionFromJSON(place);
    if (relative.tname && relative.tname !== this.field) return null;
    const found = createAbsolutePositionFromRelativePosition(relative, this.text.doc);
    if (found) return found.type === this.text ? Math.min(found.index, this.view.state.doc.length) : null;
    return undefined;
  }

  #drawn() {
    const { doc } = this.view.state;
    const ranges = [];
    for (const person of this.#places.values()) {
      if (person.head === undefined || person.anchor === undefined) continue;
      const [from, to] = [Math.min(person.anchor, person.head), Math.min(doc.length, Math.max(person.anchor, person.head))];
      if (from < to) ranges.push(Decoration.mark({ class: `who-marked ${person.hue}` }).range(from, to));
      const head = Math.min(person.head, doc.length);
      const { client, name, hue: colour, moves } = person;
      const caret = new Caret({ client, name, hue: colour, moves, first: doc.lineAt(head).number === 1 });
      ranges.push(Decoration.widget({ widget: caret, side: person.head > person.anchor ? -1 : 1 }).range(head));
    }
    return Decoration.set(ranges, true);
  }

  // In the right half the name stands to the left of its caret, so that it does not reach beyond the text.
  #turnNames() {
    this.view.requestMeasure({
      key: this,
      read: (view) => {
        const { left, right } = view.contentDOM.getBoundingClientRect();
        return [...view.contentDOM.querySelectorAll(".who")].map((caret) => [caret, caret.getBoundingClientRect().left > (left + right) / 2]);
      },
      write: (found) => { for (const [caret, turned] of found) caret.classList.toggle("is-turned", turned); },
    });
  }
}

/**
 * Shows where others are in the text of a field.
 * @param {string} field @param {import("yjs").Text} text @param {import("y-protocols/awareness").Awareness} awareness
 */
export const cursors = (field, text, awareness) =>
  ViewPlugin.define((view) => new Cursors(view, field, text, awareness), { decorations: (plugin) => plugin.decorations });
