// What a platform does for the tool in its frame (LTI postMessage, Client Side postMessages 1.0).
// The body says what this platform can: data-storage (the name for lti_storage_target),
// data-resizes. Storage is kept apart by the tool's origin and lives as long as this page.
(function () {
  "use strict";
  var can = document.body.dataset;
  var kept = {};

  function asObject(data) {
    if (typeof data !== "string") { return data && typeof data === "object" ? data : {}; }
    try { return JSON.parse(data) || {}; } catch (error) { return {}; }
  }

  // The answer to one message, or null where nothing is to be said.
  function answer(message, origin) {
    var own = kept[origin] = kept[origin] || {};
    if (!can.storage) { return null; }
    if (message.subject === "lti.capabilities") {
      return { supported_messages: [
        { subject: "lti.capabilities" },
        { subject: "lti.put_data", frame: can.storage },
        { subject: "lti.get_data", frame: can.storage },
        { subject: "lti.frameResize" },
        { subject: "lti.screenReaderAlert" }
      ] };
    }
    if (message.subject === "lti.put_data" && typeof message.key === "string") {
      own["key " + message.key] = String(message.value);
      return { key: message.key, value: String(message.value) };
    }
    if (message.subject === "lti.get_data") {
      var value = own["key " + message.key];
      return { key: message.key, value: value === undefined ? null : value };
    }
    return null;
  }

  function frameOf(source) {
    return Array.prototype.find.call(document.querySelectorAll("iframe.tool"), function (frame) {
      return frame.contentWindow === source;
    });
  }

  // Also called by the forwarding frame, which stands on our own origin.
  window.practiceAnswer = function (data, origin) {
    var message = asObject(data);
    var found = answer(message, origin);
    if (!found) { return null; }
    found.subject = message.subject + ".response";
    found.message_id = message.message_id;
    return found;
  };

  window.addEventListener("message", function (event) {
    var message = asObject(event.data);
    var frame = frameOf(event.source);
    if (message.subject === "lti.frameResize" && frame && can.resizes) {
      frame.style.height = Math.max(200, Number(message.height) || 0) + "px";
      frame.dataset.resized = frame.style.height;
    }
    if (message.subject === "lti.screenReaderAlert" && frame && can.storage) {
      document.getElementById("screen-reader-alert").textContent = String(message.body || "");
    }
    var found = can.storage === "_parent" || message.subject === "lti.capabilities"
      ? window.practiceAnswer(event.data, event.origin) : null;
    if (found) { event.source.postMessage(found, event.origin); }
  });
})();
