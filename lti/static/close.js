/* The end of a registration: tell the platform that it may close the page it opened us in (IMS
   Dynamic Registration 1.0, 3.6). The message holds nothing, so any origin may hear it. */
(function () {
  "use strict";
  var around = window.opener || (window.parent !== window ? window.parent : null);
  document.querySelectorAll("[data-lti-close]").forEach(function (button) {
    if (!around) { return; }
    button.hidden = false;
    button.addEventListener("click", function () {
      around.postMessage({ subject: "org.imsglobal.lti.close" }, "*");
    });
  });
})();
