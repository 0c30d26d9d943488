/* LTI platform storage (Client Side postMessages 1.0): the login's secret goes into the page around
   us and comes back from it. Only the platform's own origin is spoken to and listened to, an answer
   counts by its message id, and after a second and a half we go on without one. */
(function () {
  "use strict";
  var PATIENCE = 1500;

  function randomId() {
    var numbers = new Uint32Array(4);
    window.crypto.getRandomValues(numbers);
    return Array.prototype.map.call(numbers, function (n) { return n.toString(16); }).join("-");
  }

  // The frame that keeps data for tools: a named one beside us, or the page around us.
  function keeper(name) {
    var around = window.parent !== window ? window.parent : window.opener;
    if (!around || name === "_parent") { return around; }
    try {
      return around.frames[name] || around;
    } catch (error) {
      return around;
    }
  }

  // done(answer or null), once.
  function ask(facts, message, done) {
    var frame = keeper(facts.target);
    var id = randomId();
    var timer;
    function finish(answer) {
      window.removeEventListener("message", hear);
      window.clearTimeout(timer);
      done(answer);
    }
    function hear(event) {
      var answer = event.data;
      if (event.origin !== facts.origin || !answer || typeof answer !== "object") { return; }
      if (answer.message_id !== id || answer.subject !== message.subject + ".response") { return; }
      finish(answer.error ? null : answer);
    }
    if (!frame) { done(null); return; }
    window.addEventListener("message", hear);
    timer = window.setTimeout(function () { finish(null); }, PATIENCE);
    message.message_id = id;
    frame.postMessage(message, facts.origin);
  }

  var store = document.getElementById("lti-store");
  if (store) {
    var facts = store.dataset;
    ask(facts, { subject: "lti.put_data", key: facts.key, value: facts.value }, function () {
      window.location.replace(facts.next);
    });
  }

  var form = document.getElementById("lti-stored");
  if (form) {
    var otherwise = document.getElementById("lti-otherwise");
    var waiting = document.getElementById("lti-waiting");
    otherwise.hidden = true;
    waiting.hidden = false;
    ask(form.dataset, { subject: "lti.get_data", key: form.dataset.key }, function (answer) {
      if (answer && answer.key === form.dataset.key && typeof answer.value === "string") {
        form.elements.proof.value = answer.value;
        form.submit();
        return;
      }
      waiting.hidden = true;
      otherwise.hidden = false;
    });
  }
})();
