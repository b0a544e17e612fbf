// What the browser's working record takes from Yjs and CodeMirror, in one file: static/vendor/record.js.

export { standardKeymap } from "@codemirror/commands";
export { Compartment, EditorState, StateEffect } from "@codemirror/state";
export { Decoration, EditorView, keymap, placeholder, ViewPlugin, WidgetType } from "@codemirror/view";
export * as decoding from "lib0/decoding";
export * as encoding from "lib0/encoding";
export { StyleModule } from "style-mod";
export { yCollab, ySyncAnnotation, yUndoManagerKeymap } from "y-codemirror.next";
export { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate, removeAwarenessStates } from "y-protocols/awareness";
export {
  applyUpdate,
  createAbsolutePositionFromRelativePosition,
  createRelativePositionFromJSON,
  createRelativePositionFromTypeIndex,
  Doc,
  encodeStateAsUpdate,
  encodeStateVector,
  mergeUpdates,
  UndoManager,
} from "yjs";
