// Before joining by video: does the camera show, does the microphone hear, does the speaker play? Nothing leaves the page.

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

if (navigator.mediaDevices) {
  part("buttons").hidden = false;
  part("test").addEventListener("click", test);
  part("tone").addEventListener("click", tone);
  addEventListener("pagehide", () => stream?.getTracks().forEach((track) => track.stop()));
}
