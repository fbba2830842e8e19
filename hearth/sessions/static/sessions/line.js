// How good the line to Hearth is, before joining by video: how long an answer takes, how much goes through each way,
// and whether the network lets the video room's connection through.

import { post } from "./video/relay.js";

const SENT = 128 * 1024; // bytes, there and back
const LONGEST = 20_000; // milliseconds
const GOOD = 1500; // kilobits a second: several pictures at once (each sends at most 256)
const NARROW = 300; // below it sound alone goes well
const MOST = 100_000; // what is faster is told as this: so little is sent that it says no more
const FAR = 400; // milliseconds of an answer from which people talk into one another

const told = () => ({ cache: "no-store", signal: AbortSignal.timeout(LONGEST) });

async function timed(address, bytes) {
  const body = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += 65536) crypto.getRandomValues(body.subarray(at, at + 65536)); // nothing to compress
  const began = performance.now();
  const answer = await post(address, {}, { ...told(), body });
  if (!answer.ok || answer.redirected) throw new Error("no answer");
  await answer.arrayBuffer();
  return performance.now() - began;
}

function passes(relay) {
  return new Promise((resolve) => {
    const socket = new WebSocket(new URL(relay, location.href.replace(/^http/, "ws")));
    const end = (open) => {
      resolve(open);
      socket.close();
    };
    socket.addEventListener("open", () => end(true));
    socket.addEventListener("error", () => end(false));
    setTimeout(end, LONGEST / 2, false);
  });
}

// One of "good", "slow", "narrow", "blocked" and "gone", with milliseconds and kilobits a second where they are known.
export async function measure(address, relay) {
  try {
    const answers = [];
    for (let turn = 0; turn < 3; turn += 1) answers.push(await timed(address, 1));
    const wait = Math.min(...answers);
    const took = Math.max(1, (await timed(address, SENT)) - wait);
    const rate = Math.min(MOST, (SENT * 8 * 2) / took);
    if (!(await passes(relay))) return { how: "blocked" };
    const how = rate < NARROW ? "narrow" : rate < GOOD || wait > FAR ? "slow" : "good";
    return { how, wait: Math.round(wait), rate: Math.round(rate) };
  } catch {
    return { how: "gone" };
  }
}
