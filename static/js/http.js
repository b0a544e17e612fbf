// Calls to the site itself, signed with the session and its CSRF token. A refusal is an error that says what to do.

import { word } from "./words.js";

/** The server said no: `status`, `code`, the server's own words, and those for each field. */
export class Refusal extends Error {
  /** @param {number} status @param {{detail?: string, code?: string, errors?: Object<string, string>}} [problem] */
  constructor(status, problem = {}) {
    super(problem.detail || word(status === 401 ? "sign-in-again" : "refused"));
    this.status = status;
    this.code = problem.code ?? "";
    this.fields = problem.errors ?? {};
  }

  /** Whether the same call may succeed later without anybody changing anything. */
  get passing() {
    return this.status >= 500 || this.status === 429 || this.status === 408;
  }
}

/** The token of the session as it is now, also after signing in again in another tab. @returns {string} */
export function csrfToken() {
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  return cookie ?? document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

/**
 * Asks the server. A plain object goes as JSON, a FormData or URLSearchParams as it is.
 * Gives the JSON or the text of the answer. Throws Refusal; TypeError or AbortError when nothing came.
 * @param {string} method @param {string} url @param {Object|FormData|URLSearchParams} [body] @param {RequestInit} [options]
 * @returns {Promise<any>}
 */
export async function call(method, url, body, options = {}) {
  const headers = { Accept: "application/json, text/html;q=0.5", "X-CSRFToken": csrfToken() };
  const plain = body && !(body instanceof FormData || body instanceof URLSearchParams);
  if (plain) headers["Content-Type"] = "application/json";
  const answer = await fetch(url, { method, headers, body: plain ? JSON.stringify(body) : body, credentials: "same-origin", ...options });
  const json = /[/+]json/.test(answer.headers.get("Content-Type") ?? "");
  if (!answer.ok) throw new Refusal(answer.status, json ? await answer.json() : {});
  if (answer.status === 204) return null;
  return json ? answer.json() : answer.text();
}

/** Reads a page of the site. @param {string} url @param {RequestInit} [options] @returns {Promise<Document>} */
export async function page(url, options = {}) {
  const answer = await fetch(url, { credentials: "same-origin", cache: "no-store", ...options });
  if (!answer.ok || (answer.redirected && new URL(answer.url).pathname !== new URL(url, location.href).pathname)) throw new Refusal(answer.ok ? 401 : answer.status);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/**
 * Whether the member whose page this is is signed in, not somebody else by now. Throws when the server cannot be asked.
 * @returns {Promise<boolean>}
 */
export async function signedIn() {
  try {
    return (await call("GET", "/api/v1/me")).handle === document.body.dataset.handle;
  } catch (error) {
    if (error.status === 401) return false;
    throw error;
  }
}

/** What to tell the person about an error. @param {Error} error @returns {string} */
export function reason(error) {
  return error instanceof Refusal ? error.message : word("no-connection");
}
