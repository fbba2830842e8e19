// Pages of staff show people's names, measures and flags. They say so to a tab of ours that captures them (Capture Handle,
// in browsers that have it), and the video room ends what it was about to share.

if (document.body.matches(".room-staff")) {
  navigator.mediaDevices?.setCaptureHandleConfig?.({ handle: "hearth-staff", permittedOrigins: [location.origin] });
}
