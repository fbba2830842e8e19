// The people in the room as they see one another: one tile each, and one for a shared screen.

const SHOWN_FOR = 5000; // milliseconds of a reaction

export class Faces {
  constructor(root, words, drawn) {
    Object.assign(this, { root, words, drawn, tiles: new Map(), people: [], streams: new Map(), local: null, large: "" });
    this.list = root.querySelector("[data-faces]");
    this.template = root.querySelector("template[data-face]");
    this.isSpeaker = false;
  }

  seePeople(people, me) {
    Object.assign(this, { people, me });
    this.draw();
  }

  seeStreams(streams) {
    this.streams = streams;
    this.draw();
  }

  seeLocal(stream) {
    this.local = stream;
    this.draw();
  }

  draw() {
    const wanted = new Map();
    for (const person of this.people) {
      wanted.set(person.id, { person, screen: false });
      if (person.sharing && person.id !== this.me) wanted.set(`${person.id}/screen`, { person, screen: true });
    }
    for (const [key, tile] of this.tiles) if (!wanted.has(key)) (tile.remove(), this.tiles.delete(key));
    for (const [key, each] of wanted) this.fill(this.tile(key), each);
    this.enlarge();
  }

  tile(key) {
    if (!this.tiles.has(key)) {
      const tile = this.template.content.firstElementChild.cloneNode(true);
      this.list.append(tile);
      this.tiles.set(key, tile);
    }
    return this.tiles.get(key);
  }

  fill(tile, { person, screen }) {
    const mine = person.id === this.me;
    const of = (kind, isScreen) =>
      [...this.streams.values()].find((each) => each.person === person.id && each.kind === kind && each.screen === isScreen)?.track;
    tile.dataset.person = person.id;
    tile.classList.toggle("mine", mine);
    tile.classList.toggle("leader", person.leads);
    tile.classList.toggle("screen", screen);
    tile.classList.toggle("guest", !person.student);
    tile.classList.toggle("raised", person.hand && !screen);
    tile.classList.toggle("muted", person.muted && !screen);
    tile.classList.toggle("dark", !screen && !person.video);
    const beside = [mine && this.words.me, person.interprets && this.words.interprets].filter(Boolean).join(", ");
    const name = beside ? `${person.name} (${beside})` : person.name;
    tile.querySelector("b").textContent = screen ? `${person.name}: ${this.words.screen}` : name;
    tile.querySelector(".initial").textContent = person.name.slice(0, 1);
    const video = tile.querySelector("video");
    if (mine) attach(video, this.local?.getVideoTracks()[0]);
    else attach(video, of("video", screen));
    video.muted = true; // sound comes from the audio element alone
    if (!mine && !screen) attach(tile.querySelector("audio"), of("audio", false));
  }

  talks(person, on) {
    this.tiles.get(person)?.classList.toggle("talks", on);
    if (on && person !== this.me) {
      this.large = person;
      this.enlarge();
    }
  }

  react(person, which) {
    const place = this.tiles.get(person)?.querySelector(".reaction");
    const icon = this.root.querySelector(`[data-react="${which}"] svg`);
    if (!place || !icon) return;
    place.replaceChildren(icon.cloneNode(true));
    setTimeout(() => place.replaceChildren(), SHOWN_FOR);
  }

  speaker(on) {
    this.isSpeaker = on;
    this.enlarge();
  }

  // A shared screen is always large; a face only where somebody wants it so.
  enlarge() {
    const screen = [...this.tiles].find(([key]) => key.endsWith("/screen"))?.[1];
    const face = this.tiles.get(this.large) ?? this.list.querySelector(".video-face:not(.mine)");
    const large = screen ?? (this.isSpeaker ? face : null);
    this.list.classList.toggle("speaker", Boolean(large));
    for (const tile of this.tiles.values()) tile.classList.toggle("large", tile === large);
  }
}

function attach(element, track) {
  const now = element.srcObject?.getTracks()[0];
  if (now === track) return;
  element.srcObject = track ? new MediaStream([track]) : null;
  if (track) element.play().catch(() => {});
}
