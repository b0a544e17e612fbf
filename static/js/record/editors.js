// The editors of a record: one for each field, each on its text in the shared document, with an undoing of its own.

import { Compartment, createRelativePositionFromTypeIndex, EditorState, EditorView, keymap, placeholder, standardKeymap, UndoManager, yCollab, ySyncAnnotation, yUndoManagerKeymap } from "../../vendor/record.js";
import { cursors } from "./cursors.js";
import { useSheet } from "./sheet.js";

export const FIELDS = ["problem", "environment", "cause", "resolution"];
export const MOST = 20_000; // characters in a field, as the form and the interface for programs take them
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/g; // all but tab and line feed

/** Text as it may stand in a field: what is pasted from a terminal brings characters that nobody sees. @param {string} text @returns {string} */
export const clean = (text) => text.replace(/\r\n?/g, "\n").replace(CONTROL, "");

const byOthers = (transaction) => transaction.annotation(ySyncAnnotation) !== undefined;

const cleaning = EditorState.transactionFilter.of((transaction) => {
  if (!transaction.docChanged || byOthers(transaction)) return transaction;
  const changes = [];
  let [dirty, grown, anchor] = [false, 0, 0];
  transaction.changes.iterChanges((from, to, _from, _to, inserted) => {
    const text = inserted.toString();
    const insert = clean(text);
    dirty ||= insert !== text;
    changes.push({ from, to, insert });
    anchor = from + grown + insert.length;
    grown += insert.length - (to - from);
  });
  return dirty ? { changes, selection: { anchor }, scrollIntoView: true, userEvent: "input.paste" } : transaction;
});

const limited = (onFull) => EditorState.changeFilter.of((transaction) => {
  const grows = transaction.newDoc.length > Math.max(MOST, transaction.startState.doc.length);
  if (!grows || byOthers(transaction)) return true;
  onFull();
  return false;
});

const lockOf = (locked) => (locked ? [EditorState.readOnly.of(true), EditorView.editable.of(false), EditorView.contentAttributes.of({ tabindex: "0" })] : []);

export class Editors {
  #lock = new Compartment();
  #views = new Map();

  /**
   * @param {import("yjs").Doc} doc @param {import("y-protocols/awareness").Awareness} awareness
   * @param {HTMLElement} root with a section[data-field] for each field: a heading, and a place with data-editor
   * @param {{onFull: () => void}} on what it tells
   */
  constructor(doc, awareness, root, on) {
    useSheet();
    this.awareness = awareness;
    for (const field of FIELDS) this.#views.set(field, this.#editor(field, doc.getText(field), root.querySelector(`[data-field=${field}]`), on));
  }

  /** Lets people type, or only read. @param {boolean} locked */
  lock(locked) {
    for (const view of this.#views.values()) view.dispatch({ effects: this.#lock.reconfigure(lockOf(locked)) });
    if (locked) this.awareness.setLocalState(null);
    else if (!this.awareness.getLocalState()) this.awareness.setLocalState({ cursor: null, field: null });
  }

  /** Puts the reader into the first field. */
  focus() {
    this.#views.get(FIELDS[0]).focus();
  }

  destroy() {
    for (const view of this.#views.values()) view.destroy();
  }

  #editor(field, text, section, { onFull }) {
    const place = section.querySelector("[data-editor]");
    const named = { "aria-labelledby": section.querySelector("h3").id, spellcheck: "true", autocapitalize: "sentences", autocorrect: "on" };
    const extensions = [
      EditorState.lineSeparator.of("\n"), // anything else would count differently here and in the document
      EditorView.lineWrapping,
      EditorView.contentAttributes.of(named),
      placeholder(place.dataset.placeholder),
      keymap.of([...yUndoManagerKeymap, ...standardKeymap]),
      yCollab(text, null, { undoManager: new UndoManager(text) }),
      cursors(field, text, this.awareness),
      EditorView.updateListener.of((update) => this.#tell(field, text, update)),
      cleaning,
      limited(onFull),
      this.#lock.of(lockOf(true)),
    ];
    return new EditorView({ parent: place, state: EditorState.create({ doc: text.toString(), extensions }) });
  }

  // Where the reader is goes to the others; whoever leaves for another field is told of by that one.
  #tell(field, text, { view, selectionSet, docChanged, focusChanged }) {
    const mine = this.awareness.getLocalState();
    if (!mine || !(selectionSet || docChanged || focusChanged)) return;
    if (!view.hasFocus) {
      if (mine.field === field) this.awareness.setLocalState({ cursor: null, field: null });
      return;
    }
    const { anchor, head } = view.state.selection.main;
    const cursor = { anchor: createRelativePositionFromTypeIndex(text, anchor), head: createRelativePositionFromTypeIndex(text, head) };
    if (JSON.stringify(cursor) !== JSON.stringify(mine.cursor) || mine.field !== field) this.awareness.setLocalState({ cursor, field });
  }
}
