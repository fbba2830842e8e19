// What is sent and what is received: one connection each way to Janus, whatever the number of people. Sound is the
// first medium of what is sent, a face the second, and for those who lead a screen the third.

const FACE = { maxBitrate: 230_000, maxFramerate: 20 };
// From as many people on as make every picture small anyway: most pictures then fit into one packet, and packets are what a
// server feels.
const CROWD = { maxBitrate: 110_000, maxFramerate: 12, scaleResolutionDownBy: 1.5 };
const A_CROWD = 7;
const SMALL = { maxBitrate: 80_000, maxFramerate: 8, scaleResolutionDownBy: 2 };
const SOUND_EVERY = 60; // milliseconds of sound in a packet: a third of the usual packets
// What each receiver would report ten times a second of its line is not used by Janus: it is not asked for.
const REPORTS = /a=(?:rtcp-fb:\d+ transport-cc|extmap:\d+ \S*transport-wide-cc\S*)\r\n/g;
const OPUS = /(a=rtpmap:\d+ opus\/48000\/2\r\n)/i;

export class Media {
  // `say` speaks to the relay; `show(streams)` gets a Map of mid to { person, kind, screen, track }.
  constructor({ say, show, fail, ice, leads }) {
    Object.assign(this, { say, show, fail, leads, config: { iceServers: ice }, streams: new Map(), senders: {}, face: FACE, now: 0 });
    this.work = Promise.resolve(); // offers are answered one after the other
  }

  async publish({ audio, video }) {
    const pc = (this.out = this.connection("publish"));
    const sending = { direction: "sendonly" };
    this.senders.audio = pc.addTransceiver(audio ?? "audio", sending).sender;
    this.senders.video = pc.addTransceiver(video ?? "video", { ...sending, sendEncodings: [{ ...FACE }] }).sender;
    if (this.leads) this.senders.screen = pc.addTransceiver("video", sending).sender;
    await pc.setLocalDescription(await pc.createOffer());
    this.say({ do: "publish", sdp: pc.localDescription.sdp });
  }

  async published({ sdp }) {
    await this.out?.setRemoteDescription({ type: "answer", sdp: sdp.replace(OPUS, `$1a=ptime:${SOUND_EVERY}\r\n`) });
  }

  offer(words) {
    this.work = this.work.then(() => this.answer(words)).catch((trouble) => this.fail(trouble));
    return this.work;
  }

  async answer({ sdp, streams }) {
    const pc = (this.in ??= this.connection("watch"));
    await pc.setRemoteDescription({ type: "offer", sdp: sdp.replace(REPORTS, "") });
    await pc.setLocalDescription(await pc.createAnswer());
    this.say({ do: "answer", sdp: pc.localDescription.sdp });
    this.streams.clear();
    for (const { mid, kind, person, screen } of streams) {
      const track = pc.getTransceivers().find((each) => each.mid === mid)?.receiver.track;
      if (track && person) this.streams.set(mid, { person, kind, screen, track });
    }
    this.show(this.streams);
  }

  connection(handle) {
    const pc = new RTCPeerConnection(this.config);
    pc.addEventListener("icecandidate", ({ candidate }) => {
      const words = candidate && { candidate: candidate.candidate, sdpMid: candidate.sdpMid, sdpMLineIndex: candidate.sdpMLineIndex };
      this.say({ do: "trickle", handle, candidate: words });
    });
    pc.addEventListener("connectionstatechange", () => {
      if (pc.connectionState === "failed") this.fail(new Error(handle));
    });
    return pc;
  }

  send(which, track) {
    return this.senders[which]?.replaceTrack(track);
  }

  // 0: full pictures; 1: our own sent smaller; 2: sound only, both ways.
  async level(level) {
    this.now = level;
    await this.adjust();
    const mids = [...this.streams].filter(([, each]) => each.kind === "video" && !each.screen).map(([mid]) => mid);
    if (mids.length) this.say({ do: "pictures", mids, on: level < 2 });
  }

  async crowd(people) {
    const face = people >= A_CROWD ? CROWD : FACE;
    if (face === this.face) return;
    this.face = face;
    await this.adjust();
  }

  async adjust() {
    const sender = this.senders.video;
    const parameters = sender?.getParameters();
    if (!parameters?.encodings?.length) return;
    const how = this.now ? SMALL : this.face;
    Object.assign(parameters.encodings[0], { scaleResolutionDownBy: 1 }, how, { active: this.now < 2 });
    await sender.setParameters(parameters).catch(() => {}); // between two connections there is nothing to set
  }

  close() {
    this.out?.close();
    this.in?.close();
  }
}
