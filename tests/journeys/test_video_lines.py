"""Bad lines: a lost connection keeps its place, and a narrow one carries sound first."""

from playwright.sync_api import expect

from tests.journeys.video_group import by_video, group

__all__ = ["group"]

pytestmark = by_video

# The page's own sockets, so that one can be cut; its figures of the line, so that they can be bad; and less waiting.
IN_OUR_HANDS = """
window.sockets = [];
const Real = WebSocket;
window.WebSocket = class extends Real { constructor(...words) { super(...words); window.sockets.push(this); } };
window.lost = 0;
const stats = RTCPeerConnection.prototype.getStats;
RTCPeerConnection.prototype.getStats = async function () {
  const found = new Map(await stats.call(this));
  window.counted = (window.counted ?? 0) + 1;
  const packetsReceived = 100 * window.counted;
  found.set("ours", { type: "inbound-rtp", packetsReceived, packetsLost: packetsReceived * window.lost });
  return found;
};
const every = window.setInterval;
window.setInterval = (work, wait) => every(work, wait === 3000 ? 150 : wait);
"""
STILL = """async () => {
  const picture = () => document.querySelector('.video-face:not(.mine) video');
  const frames = () => picture().getVideoPlaybackQuality().totalVideoFrames;
  for (let turn = 0; turn < 20; turn += 1) {
    const before = frames();
    await new Promise((later) => setTimeout(later, 1000));
    if (frames() === before) return true;
  }
  return false;
}"""

# A browser that writes down speech on the device itself; Chromium without its speech files has none.
WRITES_DOWN = """
window.SpeechRecognition = class extends EventTarget {
  static available({ processLocally }) { return Promise.resolve(processLocally ? 'available' : 'unavailable'); }
  start(track) {
    if (!this.processLocally || track.kind !== 'audio') throw new Error('only on the device');
    const results = [[{ transcript: 'Good to see you' }]];
    setTimeout(() => this.dispatchEvent(Object.assign(new Event('result'), { results })));
  }
  stop() {}
};
"""


def test_a_cut_line_comes_back_to_the_place_it_had(group):
    dana = group.leader()
    maya = group.member(group.students[0].user)
    maya.page.add_init_script(IN_OUR_HANDS)
    maya.comes_to_the_door(f"/my/sessions/{group.session.pk}/video/")
    dana.taps("Let in Maya")
    maya.sees_moving("Dana Kim")

    maya.page.evaluate("sockets.at(-1).close()")
    maya.page.wait_for_function("() => sockets.length === 2")
    maya.is_in()
    maya.sees_moving("Dana Kim")
    dana.sees_moving("Maya")
    expect(dana.page.get_by_role("button", name="Let in Maya")).to_have_count(0)


def test_a_narrow_line_carries_sound_alone_says_so_and_widens_again(group):
    dana = group.leader()
    maya = group.member(group.students[0].user)
    maya.page.add_init_script(IN_OUR_HANDS)
    maya.comes_to_the_door(f"/my/sessions/{group.session.pk}/video/")
    dana.taps("Let in Maya")
    maya.sees_moving("Dana Kim")

    maya.page.evaluate("lost = 0.5")
    maya.sees("Your line is very slow: sound only for now. Pictures come back by themselves.")
    assert maya.page.evaluate(STILL)
    expect(dana.face("Maya")).to_have_class("video-face dark")

    maya.page.evaluate("lost = 0")
    maya.sees("Your line is good again: pictures are back.")
    maya.sees_moving("Dana Kim")
    dana.sees_moving("Maya")

    maya.taps("More")
    maya.taps("Sound only, for a slow line")
    assert maya.page.evaluate(STILL)
    expect(dana.face("Maya")).to_have_class("video-face dark")


def test_captions_are_offered_where_the_browser_makes_them_on_the_device(group):
    dana = group.leader()
    maya = group.member(group.students[0].user)
    maya.page.add_init_script(WRITES_DOWN)
    maya.comes_to_the_door(f"/my/sessions/{group.session.pk}/video/")
    dana.taps("Let in Maya")
    maya.sees_moving("Dana Kim")
    maya.taps("More")
    maya.taps("Captions, made on this device")
    maya.sees("Good to see you")


def test_staff_try_camera_sound_and_line_before_a_session(group):
    dana = group.member(group.dana)
    dana.context.grant_permissions(["camera", "microphone"])
    dana.opens("/devices/")
    dana.looks()
    dana.taps("Test camera and microphone")
    dana.sees("Camera and microphone work. Speak: the bar moves.")
    dana.taps("Test the line")
    expect(dana.page.locator("[data-line-says]")).to_contain_text("Mbit/s")
    dana.context.set_offline(True)
    dana.taps("Test the line")
    dana.sees("No connection at the moment.")
