/* Forms that must not be lost ask first whether the server answers at all: a sending that fails would
   take the page away, and the chosen files with it. */
(() => {
  "use strict";

  const PATIENCE = 15_000;
  const forms = document.querySelectorAll("form[data-reach]");

  const answers = async (address) => {
    try {
      const signal = AbortSignal.timeout(PATIENCE);
      await fetch(address, { method: "HEAD", cache: "no-store", signal });
      return true;
    } catch {
      return false;
    }
  };

  const send = async (form, submitter) => {
    form.dataset.reaching = "yes";
    const isThere = await answers(form.dataset.reach);
    delete form.dataset.reaching;
    const note = form.querySelector("[data-unreached]");
    note.hidden = isThere;
    if (isThere) {
      form.dataset.reached = "yes";
      form.requestSubmit(submitter);
    } else note.scrollIntoView({ block: "nearest" });
  };

  for (const form of forms)
    form.addEventListener("submit", (event) => {
      if (form.dataset.reached) return;
      event.preventDefault();
      if (!form.dataset.reaching) send(form, event.submitter);
    });

  addEventListener("pageshow", () => {
    for (const form of forms) delete form.dataset.reached;
  });
})();
