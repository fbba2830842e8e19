// What is sent and what is received: one connection each way to Janus, whatever the number of people. Sound is the
// first medium of what is sent, a face the second, and for those who lead a screen the third.

const FACE = { maxBitrate: 230_000, maxFramerate: 20 };
const SMALL = { maxBitrate: 80_000, maxFramerate: 8, scaleResolutionDownBy: 2 };

export class Media {
  // `say` speaks to the relay; `show(streams)` gets a Map of mid to { person, kind, screen, track }.
  constructor({ say, show, fail, ice, leads }) {
    Object.assign(this, { say, show, fail, leads, config: { iceServers: ice }, streams: new Map(), senders: {} });
    this.work = Promise.resolve(); // offers are answered one after the other
    this.early = { publish: [], watch: [] };
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
    await this.out?.setRemoteDescription({ type: "answer", sdp });
  }

  offer(words) {
    this.work = this.work.then(() => this.answer(words)).catch((trouble) => this.fail(trouble));
    return this.work;
  }

  async answer({ sdp, streams }) {
    const pc = (this.in ??= this.connection("watch"));
    await pc.setRemoteDescription({ type: "offer", sdp });
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
    const sender = this.senders.video;
    const parameters = sender?.getParameters();
    if (parameters?.encodings?.length) {
      Object.assign(parameters.encodings[0], { scaleResolutionDownBy: 1 }, level ? SMALL : FACE, { active: level < 2 });
      await sender.setParameters(parameters).catch(() => {});
    }
    const mids = [...this.streams].filter(([, each]) => each.kind === "video" && !each.screen).map(([mid]) => mid);
    if (mids.length) this.say({ do: "pictures", mids, on: level < 2 });
  }

  close() {
    this.out?.close();
    this.in?.close();
  }
}
