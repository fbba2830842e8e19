// Before joining by video: does the camera show, does the microphone hear, does the speaker play, and is the line good
// enough? Neither picture nor sound leaves the page.

import { measure } from "./line.js";

const box = document.querySelector("[data-devices]");
const part = (name) => box.querySelector(`[data-${name}]`);
let stream;

function say(words) {
  part("says").textContent = words;
}

function listen(context) {
  const hears = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(hears);
  const samples = new Float32Array(hears.fftSize);
  part("loudness").hidden = false;
  setInterval(() => {
    hears.getFloatTimeDomainData(samples);
    part("loudness").value = Math.min(1, 4 * Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length));
  }, 100);
}

async function test() {
  if (stream) return;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  } catch (trouble) {
    say(trouble.name === "NotAllowedError" ? box.dataset.wordsRefused : box.dataset.wordsMissing);
    return;
  }
  part("face").hidden = false;
  part("face").srcObject = stream;
  part("face").play();
  listen(new AudioContext());
  say(box.dataset.wordsWorks);
}

function tone() {
  const context = new AudioContext();
  const plays = context.createOscillator();
  plays.connect(context.destination);
  plays.start();
  plays.stop(context.currentTime + 0.6);
}

async function line() {
  const says = part("line-says");
  part("measure").disabled = true;
  says.textContent = box.dataset.wordsMeasuring;
  const { how, wait, rate } = await measure(box.dataset.line, box.dataset.relay);
  const word = `words${how[0].toUpperCase()}${how.slice(1)}`;
  says.textContent = box.dataset[word] + (rate ? ` (${wait} ms, ${(rate / 1000).toFixed(1)} Mbit/s)` : "");
  part("measure").disabled = false;
}

part("buttons").hidden = false;
part("measure").addEventListener("click", line);
part("tone").addEventListener("click", tone);
part("test").hidden = !navigator.mediaDevices;
if (navigator.mediaDevices) {
  part("test").addEventListener("click", test);
  addEventListener("pagehide", () => stream?.getTracks().forEach((track) => track.stop()));
}
