/* Save the draft while somebody types, and say when. Without this file the button does the same. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-autosave]");
  if (!form || !window.fetch) { return; }
  var said = document.getElementById("saved-state");
  var until = document.getElementById("reserved-until");
  var changed = false;
  var busy = false;
  form.addEventListener("input", function () { changed = true; });
  form.addEventListener("submit", function () { changed = false; });
  function save() {
    if (!changed || busy || form.dataset.sent) { return; }
    var body = new FormData(form);
    body.set("action", "save");
    changed = false;
    busy = true;
    window.fetch(form.getAttribute("action"), { // form.action would be the buttons of that name
      method: "POST", body: new URLSearchParams(body), credentials: "same-origin",
      headers: { Accept: "application/json" }
    }).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.json();
    }).then(function (state) {
      said.textContent = state.saved;
      until.textContent = state.until;
    }).catch(function () {
      changed = true;
      said.textContent = form.dataset.unsaved;
    }).finally(function () { busy = false; });
  }
  window.setInterval(save, 10000);
  document.addEventListener("visibilitychange", function () { if (document.hidden) { save(); } });
})();
