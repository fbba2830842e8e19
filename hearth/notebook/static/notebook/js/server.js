// Speaks JSON with the server. What goes wrong is one of three errors, which `page.report` puts into words.

const PATIENCE = 20_000; // milliseconds for an answer before it counts as none

export class Offline extends Error {}
export class SignedOff extends Error {}
export class Refused extends Error {
  constructor(status, answer) {
    super(`${status} ${answer.problem ?? ""}`);
    this.status = status;
    this.answer = answer;
  }
}

// Read anew each time: signing in again in another tab changes it.
const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";

export async function ask(address, method = "GET", content = undefined) {
  const headers = { Accept: "application/json", "X-CSRFToken": token() };
  if (content) headers["Content-Type"] = "application/json";
  let response;
  try {
    const body = content && JSON.stringify(content);
    const signal = AbortSignal.timeout(PATIENCE);
    response = await fetch(address, { method, headers, body, redirect: "manual", cache: "no-store", signal });
  } catch {
    throw new Offline();
  }
  if (response.type === "opaqueredirect") throw new SignedOff(); // the door sends to the sign-in
  if (response.status === 204) return {};
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  if (!response.ok) throw new Refused(response.status, isJson ? await response.json() : {});
  return response.json();
}
