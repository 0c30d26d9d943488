/* The frame in which a tool registers itself: shown until the tool says that it is done. */
(function () {
  "use strict";
  var frame = document.querySelector("iframe[data-registering]");
  window.addEventListener("message", function (event) {
    if (event.source !== frame.contentWindow || !event.data) { return; }
    if (event.data.subject === "org.imsglobal.lti.close") {
      window.location.assign(frame.dataset.done);
    }
  });
})();
