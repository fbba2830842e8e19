// People without a page: each has the two connections to Janus that a browser in the room has, sends what a browser there
// sends, and throws away what comes in without decoding it, so that a machine of two cores carries a large group.

const CROWD = { maxBitrate: 110_000, maxFramerate: 12, scaleResolutionDownBy: 1.5 }; // as sessions/video/media.js
const REPORTS = /a=(?:rtcp-fb:\d+ transport-cc|extmap:\d+ \S*transport-wide-cc\S*)\r\n/g;
const OPUS = /(a=rtpmap:\d+ opus\/48000\/2\r\n)/i;
const people = [];
let media;

class Janus {
  constructor(url, secret) {
    Object.assign(this, { secret, asked: new Map(), heard: () => {}, socket: new WebSocket(url, "janus-protocol") });
    this.open = new Promise((resolve) => this.socket.addEventListener("open", resolve));
    this.socket.addEventListener("message", ({ data }) => this.read(JSON.parse(data)));
  }

  read(words) {
    if (words.janus === "ack") return;
    const waiting = this.asked.get(words.transaction);
    this.asked.delete(words.transaction);
    if (waiting) waiting(words);
    else this.heard(words);
  }

  async ask(janus, more = {}) {
    const transaction = crypto.randomUUID();
    const answer = new Promise((resolve) => this.asked.set(transaction, resolve));
    this.socket.send(JSON.stringify({ janus, transaction, apisecret: this.secret, session_id: this.session, ...more }));
    const words = await answer;
    const trouble = words.error?.reason ?? words.plugindata?.data?.error;
    if (trouble) throw new Error(trouble);
    return words;
  }

  async begin() {
    await this.open;
    this.session = (await this.ask("create")).data.id;
    setInterval(() => this.ask("keepalive"), 20_000);
  }

  async attach() {
    return (await this.ask("attach", { plugin: "janus.plugin.videoroom" })).data.id;
  }

  say(handle_id, body, jsep) {
    return this.ask("message", { handle_id, body, ...(jsep && { jsep }) });
  }
}

function whole(pc) {
  return new Promise((resolve) => {
    const look = () => pc.iceGatheringState === "complete" && resolve(pc.localDescription.toJSON());
    pc.addEventListener("icegatheringstatechange", look);
    look();
  });
}

function isUp(pc) {
  return new Promise((resolve) => {
    const look = () => pc.connectionState === "connected" && resolve();
    pc.addEventListener("connectionstatechange", look);
    look();
  });
}

// Comes in and sends.
async function comes({ url, secret, room, id, token }) {
  media ??= await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 640, height: 480 } });
  const janus = new Janus(url, secret);
  await janus.begin();
  const handle = await janus.attach();
  const joined = await janus.say(handle, { request: "join", ptype: "publisher", room, id, token });
  const pc = new RTCPeerConnection();
  pc.addTransceiver(media.getAudioTracks()[0], { direction: "sendonly" });
  pc.addTransceiver(media.getVideoTracks()[0], { direction: "sendonly", sendEncodings: [{ ...CROWD }] });
  await pc.setLocalDescription(await pc.createOffer());
  const { jsep } = await janus.say(handle, { request: "publish", bitrate: 256_000 }, await whole(pc));
  await pc.setRemoteDescription({ ...jsep, sdp: jsep.sdp.replace(OPUS, "$1a=ptime:60\r\n") });
  await isUp(pc);
  people.push({ janus, room, id, privateId: joined.plugindata.data.private_id, out: pc });
}

// Receives these people and throws away what comes.
async function watches(person, others) {
  const { janus, room, privateId } = person;
  const handle = await janus.attach();
  const streams = others.filter((each) => each !== person.id).map((feed) => ({ feed }));
  const body = { request: "join", ptype: "subscriber", room, private_id: privateId, streams };
  const { jsep } = await janus.say(handle, body);
  const pc = (person.in = new RTCPeerConnection({ encodedInsertableStreams: true }));
  pc.addEventListener("track", ({ receiver }) => receiver.createEncodedStreams().readable.pipeTo(new WritableStream()));
  await pc.setRemoteDescription({ ...jsep, sdp: jsep.sdp.replace(REPORTS, "") });
  await pc.setLocalDescription(await pc.createAnswer());
  await janus.say(handle, { request: "start" }, await whole(pc));
  await isUp(pc);
}

window.crowd = {
  comes,
  watch: (others) => Promise.all(people.map((each) => watches(each, others))),
  // Packets of pictures that came so far, one number for each pair.
  async came() {
    const found = [];
    for (const each of people)
      for (const one of (await each.in.getStats()).values())
        if (one.type === "inbound-rtp" && one.kind === "video") found.push(one.packetsReceived);
    return found;
  },
};
