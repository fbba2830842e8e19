// Captions made by the browser on this device alone, where it can (SpeechRecognition with `processLocally`). Sound is never
// sent to anyone for them, and what was said is kept nowhere.

const Recognition = globalThis.SpeechRecognition;
const LINES = 3;

// Whether this browser writes down this language on the device: "available", "downloadable", or "" where it cannot.
export async function canCaption(language) {
  if (!Recognition?.available) return "";
  const found = await Recognition.available({ langs: [language], processLocally: true }).catch(() => "");
  return ["available", "downloadable"].includes(found) ? found : "";
}

export class Captions {
  // `show(lines)` gets what was said last; `tracks()` the sound of the others at this moment.
  constructor(language, tracks, show) {
    Object.assign(this, { language, tracks, show, lines: [], recognition: null });
  }

  async start() {
    if ((await canCaption(this.language)) === "downloadable") await Recognition.install({ langs: [this.language], processLocally: true });
    this.context = new AudioContext();
    this.mixed = this.context.createMediaStreamDestination();
    this.sources = new Map();
    this.listen();
    const recognition = (this.recognition = new Recognition());
    Object.assign(recognition, { lang: this.language, continuous: true, interimResults: true, processLocally: true });
    recognition.addEventListener("result", ({ results }) => {
      this.show([...results].slice(-LINES).map((each) => each[0].transcript.trim()));
    });
    recognition.addEventListener("end", () => this.recognition && recognition.start(this.mixed.stream.getAudioTracks()[0]));
    recognition.start(this.mixed.stream.getAudioTracks()[0]);
  }

  // Whoever came in since is heard too.
  listen() {
    if (!this.context) return;
    for (const track of this.tracks()) {
      if (this.sources.has(track.id)) continue;
      const source = this.context.createMediaStreamSource(new MediaStream([track]));
      source.connect(this.mixed);
      this.sources.set(track.id, source);
    }
  }

  stop() {
    const { recognition } = this;
    this.recognition = null;
    recognition?.stop();
    this.context?.close();
    this.context = null;
    this.show([]);
  }
}
