// The WebSocket to Hearth's relay: opens with a ticket for one use, answers its beats, and comes back by itself with
// another ticket until the relay says that it is over.

const OVER = { 4000: "ended", 4001: "removed", 4002: "elsewhere", 4004: "closed", 4006: "full" };
const WAITS = [200, 500, 1000, 2000, 3000, 5000]; // milliseconds before the next try

const csrf = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";

export function post(address, words = {}, more = {}) {
  return fetch(address, { method: "POST", headers: { "X-CSRFToken": csrf() }, body: new URLSearchParams(words), ...more });
}

export class Relay {
  // `hear(type, words)` gets what the relay says, and "lost" and "over" of the connection itself.
  constructor(ticketAddress, address, hear) {
    Object.assign(this, { ticketAddress, address, hear, tries: 0, socket: null, isOver: false });
  }

  async open() {
    let answer = null;
    try {
      answer = await post(this.ticketAddress);
    } catch {
      return this.later(); // no network at the moment
    }
    if (!answer.ok || answer.redirected) return answer.status >= 500 ? this.later() : this.end("closed");
    const { ticket } = await answer.json();
    if (this.isOver) return;
    const socket = new WebSocket(new URL(this.address, location.href.replace(/^http/, "ws")));
    socket.addEventListener("open", () => socket.send(JSON.stringify({ ticket })));
    socket.addEventListener("message", (event) => this.read(JSON.parse(event.data)));
    socket.addEventListener("close", (event) => this.closed(socket, event.code));
    this.socket = socket;
  }

  read({ type, ...words }) {
    this.tries = 0;
    if (type === "beat") this.say({ do: "alive" });
    else this.hear(type, words);
  }

  say(words) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(words));
  }

  // Begin anew with another connection; the place is kept.
  again() {
    this.socket?.close();
  }

  leave() {
    this.say({ do: "leave" });
    this.isOver = true;
    this.socket?.close();
  }

  closed(socket, code) {
    if (socket !== this.socket || this.isOver) return;
    if (OVER[code]) return this.end(OVER[code]);
    if (code === 4003 && this.tries > 3) return this.end("closed");
    this.later();
  }

  later() {
    if (this.isOver) return;
    this.hear("lost", {});
    setTimeout(() => this.open(), WAITS[Math.min(this.tries, WAITS.length - 1)]);
    this.tries += 1;
  }

  end(how) {
    this.isOver = true;
    this.hear("over", { how });
  }
}
