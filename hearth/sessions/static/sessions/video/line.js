// How good the line is, from the browser's own figures: too many packets lost or too long a way, several times in a
// row, and less is sent; well for a while, and more again.

const EVERY = 3000; // milliseconds
const LOST = 0.08; // share of packets
const FAR = 1.0; // seconds there and back
const BAD_BEFORE_LESS = 3;
const GOOD_BEFORE_MORE = 8;

export class Line {
  // `tell(level)`: 0 full, 1 smaller pictures, 2 sound only.
  constructor(tell) {
    Object.assign(this, { tell, level: 0, bad: 0, good: 0, last: null, timer: null });
  }

  follow(media) {
    this.stop();
    this.last = null;
    this.timer = setInterval(() => this.look(media), EVERY);
  }

  stop() {
    clearInterval(this.timer);
  }

  async look(media) {
    const figures = { received: 0, lost: 0, sentLost: 0, far: 0 };
    for (const pc of [media.in, media.out]) {
      for (const each of (await pc?.getStats())?.values() ?? []) add(figures, each);
    }
    const before = this.last;
    this.last = figures;
    if (before) this.judge(share(figures, before), figures);
  }

  judge(lost, { sentLost, far }) {
    const isBad = lost > LOST || sentLost > LOST || far > FAR;
    this.bad = isBad ? this.bad + 1 : 0;
    this.good = isBad ? 0 : this.good + 1;
    if (this.bad >= BAD_BEFORE_LESS && this.level < 2) this.go(this.level + 1);
    else if (this.good >= GOOD_BEFORE_MORE && this.level > 0) this.go(this.level - 1);
  }

  go(level) {
    this.level = level;
    this.bad = this.good = 0;
    this.tell(level);
  }
}

function add(figures, each) {
  if (each.type === "inbound-rtp") {
    figures.received += each.packetsReceived ?? 0;
    figures.lost += Math.max(0, each.packetsLost ?? 0);
  } else if (each.type === "remote-inbound-rtp") {
    figures.sentLost = Math.max(figures.sentLost, each.fractionLost ?? 0);
    figures.far = Math.max(figures.far, each.roundTripTime ?? 0);
  }
}

function share(now, before) {
  const received = now.received - before.received;
  const lost = now.lost - before.lost;
  return received + lost > 20 ? Math.max(0, lost) / (received + lost) : 0;
}
