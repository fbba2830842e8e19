// What the notebook asks of the server. Only sealed bytes go out. A problem carries a word the page has a sentence for.

export class Problem extends Error {
  constructor(word) {
    super(word);
    this.word = word;
  }
}

export class Store {
  constructor(root) {
    this.home = root.dataset.home;
    this.token = root.querySelector("[name=csrfmiddlewaretoken]").value;
  }

  async ask(method, path, message) {
    const headers = { "X-CSRFToken": this.token, Accept: "application/json" };
    if (message !== undefined) headers["Content-Type"] = "application/json";
    const body = message === undefined ? undefined : JSON.stringify(message);
    let answer;
    try {
      answer = await fetch(this.home + path, { method, headers, body, cache: "no-store", credentials: "same-origin" });
    } catch {
      throw new Problem("offline");
    }
    const isJson = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
    if (answer.redirected || answer.status === 403 || (answer.ok && !isJson)) throw new Problem("signed_out");
    if (!isJson) throw new Problem("broken");
    const told = await answer.json();
    if (!answer.ok) throw new Problem(told.problem ?? "broken");
    return told;
  }

  key = async () => (await this.ask("GET", "key/")).key;
  setUp = (message) => this.ask("POST", "key/", message);
  startOver = () => this.ask("DELETE", "key/");
  newPassphrase = (wrapping) => this.ask("POST", "key/passphrase/", wrapping);
  newRecovery = (wrapping) => this.ask("POST", "key/recovery/", wrapping);
  entries = async () => (await this.ask("GET", "entries/")).entries;
  keep = async (id, message) => (await this.ask("PUT", `entries/${id}/`, message)).entry;
  remove = (id) => this.ask("DELETE", `entries/${id}/`);
}
