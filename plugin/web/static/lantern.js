/* Small comforts; every page works without this file.
   1. Inside an LMS: tell the frame around us how tall the page is (lti.frameResize, the message
      that Canvas and Moodle understand). 2. A second click on the same button within four seconds
     sends nothing twice. 3. A question for the time zone that nobody has answered begins with the
     zone of this device; platforms rarely tell it, and hours in the wrong zone match nobody.
     4. Home offers that zone once to whom nobody asked, where it is another one. 5. Inside an LMS,
        what was just done or is wrong is told to the page around us, which reads it out
        (lti.screenReaderAlert, Canvas): readers of a screen often miss it inside a frame. */
(function () {
  "use strict";
  function grow() {
    var height = Math.ceil(document.documentElement.getBoundingClientRect().height) + 16;
    window.parent.postMessage(JSON.stringify({ subject: "lti.frameResize", height: height }), "*");
  }
  if (window.parent !== window) {
    window.addEventListener("load", grow);
    if (window.ResizeObserver) {
      new ResizeObserver(grow).observe(document.body);
    }
  }
  // What a page says first, to the platforms that may frame it and to nobody else.
  function announce() {
    var frames = (document.body.dataset.framedBy || "").split(" ").filter(Boolean);
    var said = Array.prototype.map.call(document.querySelectorAll("[data-announce]"), function (one) {
      return one.innerText.replace(/\s+/g, " ").trim();
    }).filter(Boolean).join(" ");
    if (!said || window.parent === window) { return; }
    frames.forEach(function (origin) {
      window.parent.postMessage({ subject: "lti.screenReaderAlert", body: said }, origin);
    });
  }
  window.addEventListener("load", announce);
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    window.setTimeout(function () { delete form.dataset.sent; }, 4000);
  });
  var zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  document.querySelectorAll("select[name=time_zone]").forEach(function (select) {
    var known = Array.prototype.some.call(select.options, function (option) {
      return option.value === zone;
    });
    var open = select.value === "UTC" || select.closest("[data-zone-open]");
    if (open && known) { select.value = zone; }
  });
  document.querySelectorAll("form[data-zone-offer]").forEach(function (form) {
    if (!zone || zone === form.dataset.zoneOffer) { return; }
    form.querySelector("[data-zone-here]").textContent = zone.replace(/_/g, " ");
    form.querySelector("[data-zone-take]").value = zone;
    form.hidden = false;
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
    });
  });
})();
