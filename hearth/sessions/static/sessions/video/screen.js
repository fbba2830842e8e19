// A shared screen: one tab of the browser, and never one that shows a page of staff. A whole screen or a window could show a
// roster at any moment, so they are refused.

const ASKED = { video: { displaySurface: "browser", frameRate: { max: 10 } } };
const LEFT_OUT = { selfBrowserSurface: "exclude", monitorTypeSurfaces: "exclude", surfaceSwitching: "exclude" };
const isOfStaff = (track) => track.getCaptureHandle?.()?.handle === "hearth-staff";

// The track of a tab; `refuse()` is called where something else was chosen, also when the tab goes to a page of staff.
export async function chooseTab(refuse) {
  const track = (await navigator.mediaDevices.getDisplayMedia({ ...ASKED, ...LEFT_OUT })).getVideoTracks()[0];
  if (track.getSettings().displaySurface !== "browser" || isOfStaff(track)) {
    track.stop();
    refuse();
    return null;
  }
  track.addEventListener("capturehandlechange", () => isOfStaff(track) && refuse());
  track.contentHint = "detail";
  return track;
}
