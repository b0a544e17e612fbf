// Brings the room of a record into the page, with what it looks like and says, which no page carries that nobody opens it on.

import { call } from "../http.js";
import { openRoom } from "./room.js";

async function furnish(place) {
  if (place.querySelector("[data-record-room]")) return;
  const room = await call("GET", place.dataset.record);
  if (!place.querySelector("[data-record-room]")) place.insertAdjacentHTML("beforeend", room);
}

/** Opens the record in its place. @param {HTMLElement} place @param {boolean} focus whether the reader asked for it just now @param {boolean} unsaved whether this browser has words for it */
export async function open(place, focus, unsaved) {
  if (place.dataset.room) return;
  place.dataset.room = "opening";
  place.querySelector("[data-record-notice]").hidden = true;
  place.toggleAttribute("data-unsaved", unsaved);
  try {
    await furnish(place);
    await openRoom(place, { focus });
  } catch (error) {
    delete place.dataset.room;
    place.removeAttribute("data-unsaved");
    throw error;
  }
}
