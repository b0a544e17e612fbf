// Files for a post: chosen, pasted or dropped; sent at once, and linked in the text when they are there.

import { replaceText } from "./editor.js";
import { csrfToken, reason, Refusal } from "./http.js";
import { insertBlock } from "./markdown.js";
import { toast } from "./frame.js";
import { word } from "./words.js";

// fetch tells nothing about how far an upload is.
function send(file, onProgress) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/attachments/");
    request.responseType = "json";
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.upload.onprogress = ({ loaded, total }) => onProgress(Math.round((100 * loaded) / total));
    request.onerror = () => failed(new TypeError("network"));
    request.onload = () => (request.status < 300 ? done(request.response) : failed(new Refusal(request.status, request.response ?? {})));
    const body = new FormData();
    body.append("file", file, file.name || "image.png");
    request.send(body);
  });
}

async function upload(box, file) {
  const area = box.querySelector("textarea");
  const state = area.form?.querySelector("[data-md-state]") ?? box.querySelector("[data-md-state]");
  const say = (text) => { if (state) state.textContent = text; };
  box.dataset.uploading = Number(box.dataset.uploading ?? 0) + 1;
  try {
    const made = await send(file, (percent) => say(word("uploading", { name: file.name, percent })));
    replaceText(area, insertBlock(area.value, area.selectionStart, area.selectionEnd, `${made.markdown}\n`), false);
    say("");
  } catch (error) {
    say("");
    toast(`${file.name}: ${reason(error)}`, "error");
  }
  const left = Number(box.dataset.uploading) - 1;
  if (left) box.dataset.uploading = left;
  else delete box.dataset.uploading;
}

async function uploadAll(box, files) {
  for (const file of files) await upload(box, file);
}

const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

function wire(box) {
  const input = box.querySelector("[data-md-file]");
  const area = box.querySelector("textarea");
  box.querySelector("[data-md=attach]")?.addEventListener("click", () => input.click());
  input?.addEventListener("change", () => { uploadAll(box, [...input.files]); input.value = ""; });
  area.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (!files.length || event.clipboardData.getData("text/plain")) return;
    event.preventDefault();
    uploadAll(box, files);
  });
  box.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    box.classList.add("dropping");
  });
  for (const name of ["dragleave", "drop"]) box.addEventListener(name, () => box.classList.remove("dropping"));
  box.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    uploadAll(box, [...event.dataTransfer.files]);
  });
}

/** Wires the files of Markdown fields. @param {NodeListOf<HTMLElement>} found */
export function start(found) {
  found.forEach(wire);
}
