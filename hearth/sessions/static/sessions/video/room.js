// The video room: from its door to its end. The pieces are beside this file: `relay` speaks with Hearth, `media` with
// Janus, `line` watches the line, `faces` shows the people.

import { Captions, canCaption } from "./captions.js";
import { Faces } from "./faces.js";
import { Line } from "./line.js";
import { Media } from "./media.js";
import { Relay, post } from "./relay.js";
import { chooseTab } from "./screen.js";
import { showSides } from "./sides.js";

const root = document.getElementById("video");
const find = (name) => root.querySelector(`[data-${name}]`);
const words = Object.fromEntries([...root.querySelectorAll("[data-word]")].map((each) => [each.dataset.word, each.textContent]));
const leads = root.hasAttribute("data-leads");
const faces = new Faces(root, words);
const line = new Line((level) => narrow(level));
const relay = new Relay(root.dataset.ticket, root.dataset.relay, hear);

const local = new MediaStream();
const on = { mic: true, camera: true, sound: false };
let media = null;
let me = "";
let mutedBefore = false;

// --- the door ------------------------------------------------------------------------------------------------

async function join(soundOnly) {
  state("connecting");
  if (!(await openDevices(soundOnly))) return state("denied");
  faces.seeLocal(local);
  offerBlur();
  offerCaptions();
  await relay.open();
}

async function openDevices(soundOnly) {
  const picture = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 20, max: 24 } };
  for (const video of soundOnly ? [false] : [picture, false]) {
    try {
      const found = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true }, video });
      for (const track of local.getTracks()) (track.stop(), local.removeTrack(track));
      for (const track of found.getTracks()) local.addTrack(track);
      if (!video && !soundOnly) say("nocamera");
      on.camera = Boolean(video);
      press("camera", on.camera);
      mirror();
      return true;
    } catch {
      // without a camera, sound alone is asked for
    }
  }
  return false;
}

function mirror() {
  const place = find("mirror");
  place.srcObject = local;
  place.hidden = !on.camera;
}

function state(now) {
  root.dataset.state = now;
  find("tools").hidden = now !== "in";
  if (now !== "in" && document.activeElement?.closest("[data-tools]")) find("door").querySelector("a").focus();
}

function say(word) {
  find("said").textContent = words[word] ?? "";
}

// --- what the relay says ---------------------------------------------------------------------------------------

function hear(type, said) {
  HEARD[type]?.(said);
}

const HEARD = {
  standing({ standing, aside, side }) {
    Object.assign(root.dataset, { aside, side });
    if (standing !== "in") {
      stopMedia();
      say("");
      state(standing === "paused" && aside ? "aside" : standing);
    }
  },
  async in({ me: id, ice }) {
    me = id;
    stopMedia();
    media = new Media({ say: (each) => relay.say(each), show: (streams) => shown(streams), fail: () => relay.again(), ice, leads });
    state("in");
    say("in");
    seeShown();
    relay.say({ do: "say", what: "video", on: on.camera && !on.sound });
    relay.say({ do: "say", what: "muted", on: !on.mic });
    await media.publish({ audio: local.getAudioTracks()[0], video: local.getVideoTracks()[0] });
    line.follow(media);
    if (on.sound) await media.level(2);
  },
  published: (said) => media?.published(said),
  offer: (said) => media?.offer(said),
  people({ people, waiting, sides, full, me: id }) {
    faces.seePeople(people, id);
    media?.crowd(people.length);
    if (leads) {
      showWaiting(waiting);
      showFull(full);
      showSides(root, sides, words);
    }
    const mine = people.find((each) => each.id === id);
    if (mine?.muted && !mutedBefore && on.mic) {
      setMic(false, { tell: false });
      say("muted");
    }
    mutedBefore = Boolean(mine?.muted);
    if (mine) press("hand", mine.hand);
  },
  talking: ({ person, on: talks }) => faces.talks(person, talks),
  reaction: ({ person, which }) => faces.react(person, which),
  moving() {
    stopMedia();
    say("moving");
    state("again");
  },
  again: () => relay.again(),
  lost() {
    stopMedia();
    say("again");
    state("again");
  },
  over({ how }) {
    stopMedia();
    for (const track of local.getTracks()) track.stop();
    mirrorOff();
    say("");
    state(how);
  },
};

// What is shown is theirs to see since they are in, and may have changed before.
function seeShown() {
  const ear = document.getElementById("shown-ear");
  ear.dataset.live ??= ear.dataset.liveInside;
  ear.dispatchEvent(new CustomEvent("live"));
}

function mirrorOff() {
  find("mirror").srcObject = null;
  find("mirror").hidden = true;
}

function stopMedia() {
  line.stop();
  media?.close();
  media = null;
  stopSharing();
  faces.seeStreams(new Map());
}

function shown(streams) {
  faces.seeStreams(streams);
  captions.listen();
  if (line.level === 2 || on.sound) media?.level(2);
}

// --- the line ----------------------------------------------------------------------------------------------------

function narrow(level) {
  if (on.sound) return;
  media?.level(level);
  say(["full", "lean", "sound"][level]);
  relay.say({ do: "say", what: "video", on: on.camera && level < 2 });
}

// --- tools ---------------------------------------------------------------------------------------------------------

const TOOLS = {
  mic: () => setMic(!on.mic),
  async camera() {
    on.camera = !on.camera;
    if (on.camera && !local.getVideoTracks().length && !(await openDevices(false))) on.camera = false;
    const track = local.getVideoTracks()[0];
    if (track) track.enabled = on.camera;
    await media?.send("video", track ?? null);
    press("camera", on.camera);
    faces.seeLocal(local);
    relay.say({ do: "say", what: "video", on: on.camera });
  },
  hand(button) {
    relay.say({ do: "say", what: "hand", on: button.getAttribute("aria-pressed") !== "true" });
  },
  speaker(button) {
    const now = button.getAttribute("aria-pressed") !== "true";
    press("speaker", now);
    faces.speaker(now);
  },
  sound() {
    on.sound = !on.sound;
    press("sound", on.sound);
    media?.level(on.sound ? 2 : line.level);
    relay.say({ do: "say", what: "video", on: on.camera && !on.sound });
  },
  async blur(button) {
    const now = button.getAttribute("aria-pressed") !== "true";
    await local.getVideoTracks()[0]?.applyConstraints({ backgroundBlur: now });
    press("blur", now);
  },
  captions(button) {
    const now = button.getAttribute("aria-pressed") !== "true";
    press("captions", now);
    if (now) captions.start().catch(() => press("captions", false));
    else captions.stop();
  },
  share: (button) => (button.getAttribute("aria-pressed") === "true" ? stopSharing() : startSharing()),
};

function press(tool, now) {
  root.querySelector(`[data-tool="${tool}"]`)?.setAttribute("aria-pressed", String(now));
}

function setMic(now, { tell = true } = {}) {
  on.mic = now;
  for (const track of local.getAudioTracks()) track.enabled = now;
  press("mic", now);
  if (tell) relay.say({ do: "say", what: "muted", on: !now });
}

function offerBlur() {
  const can = local.getVideoTracks()[0]?.getCapabilities?.().backgroundBlur;
  root.querySelector('[data-tool="blur"]').hidden = !(Array.isArray(can) && can.includes(true));
}

const soundOfOthers = () => [...(media?.streams.values() ?? [])].filter((each) => each.kind === "audio").map((each) => each.track);
const captions = new Captions(document.documentElement.lang, soundOfOthers, (lines) => {
  find("captions").textContent = lines.join("\n");
});

async function offerCaptions() {
  root.querySelector('[data-tool="captions"]').hidden = !(await canCaption(document.documentElement.lang));
}

let screen = null;

async function startSharing() {
  try {
    screen = await chooseTab(() => {
      stopSharing();
      say("tabonly");
    });
  } catch {
    return; // not chosen
  }
  if (!screen) return;
  screen.addEventListener("ended", stopSharing);
  await media?.send("screen", screen);
  press("share", true);
  relay.say({ do: "say", what: "sharing", on: true });
}

function stopSharing() {
  if (!screen) return;
  screen.stop();
  screen = null;
  media?.send("screen", null);
  press("share", false);
  relay.say({ do: "say", what: "sharing", on: false });
}

// --- those who lead --------------------------------------------------------------------------------------------

function showWaiting(waiting) {
  const list = find("waiting-list");
  const template = root.querySelector("template[data-waits]");
  const kept = document.activeElement?.closest("[data-person]")?.dataset.person;
  list.replaceChildren(
    ...waiting.map((each) => {
      const row = template.content.firstElementChild.cloneNode(true);
      row.dataset.person = each.id;
      row.querySelector("b").textContent = each.name;
      row.querySelector(".for-readers").textContent = ` ${each.name}`;
      return row;
    }),
  );
  find("waiting").hidden = !waiting.length;
  if (kept) list.querySelector(`[data-person="${kept}"] button`)?.focus();
}

function showFull(full) {
  find("full-names").textContent = full.map((each) => each.name).join(", ");
  find("full").hidden = !full.length;
}

async function deed(button) {
  if (button.dataset.sure && !confirm(button.dataset.sure)) return;
  const person = button.closest("[data-person]")?.dataset.person;
  const side = "withSide" in button.dataset && (button.closest("[data-of-side]")?.dataset.ofSide ?? root.dataset.side);
  const answer = await post(`${root.dataset.deeds}${button.dataset.deed}/`, { ...(person && { person }), ...(side && { side }) });
  if (answer.status === 409) find("said").textContent = (await answer.json()).refused;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button, a");
  if (!button) return;
  const { tool, react, deed: does } = button.dataset;
  if ("join" in button.dataset) join(button.dataset.join === "sound");
  else if ("leave" in button.dataset) relay.leave();
  else if (tool) TOOLS[tool](button);
  else if (react) relay.say({ do: "react", which: react });
  else if (does) deed(button);
});

addEventListener("pagehide", () => relay.leave());
setInterval(() => root.dataset.state === "in" && dispatchEvent(new Event("stillhere")), 30_000);
if (location.hash === "#join") join(false);
