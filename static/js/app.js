/* Comfort on top of pages that work without it: drafts, one sending a click, keys. */
(() => {
  "use strict";

  const body = document.body;
  const user = body.dataset.user;
  const draftKey = (path) => `draft:${user}:${path}`;
  const find = (selector, from = document) => from.querySelector(selector);
  const findAll = (selector, from = document) => [...from.querySelectorAll(selector)];

  const tell = (text, kind) => {
    const message = document.createElement("p");
    message.className = `message message-${kind}`;
    message.textContent = text;
    find("#messages")?.replaceChildren(message);
  };

  /* Forms: what was typed survives errors, an expired session and the back button. */

  const typed = (form) =>
    findAll("input, select, textarea", form).filter(
      (field) => field.name && !["hidden", "password", "file", "submit"].includes(field.type),
    );

  /* What is reported must not be lost with the tab, so it is kept on the device; all else,
     and what is said without a name, in the tab alone. */
  const shelves = [localStorage, sessionStorage];
  const shelf = (form) => (form.dataset.guard === "device" ? localStorage : sessionStorage);
  const forget = (path) => shelves.forEach((it) => it.removeItem(draftKey(path)));

  /* A machine may be shared: nobody finds the drafts of somebody else, or very old ones. */
  const DAYS_KEPT = 7;
  const tidy = (isGone) => {
    for (const it of shelves)
      for (const key of Object.keys(it).filter((key) => key.startsWith("draft:")))
        if (isGone(key.split(":")[1], JSON.parse(it.getItem(key)).at)) it.removeItem(key);
  };
  const oldest = Date.now() - DAYS_KEPT * 24 * 3600 * 1000;
  tidy((owner, at) => !(at > oldest) || (user && owner && owner !== user));

  const keep = (form) => {
    const values = typed(form).map((field) =>
      field.type === "checkbox" || field.type === "radio"
        ? field.checked
        : field.multiple
          ? [...field.selectedOptions].map((option) => option.value)
          : field.value,
    );
    const draft = { at: Date.now(), values };
    shelf(form).setItem(draftKey(location.pathname), JSON.stringify(draft));
  };

  const restore = (form) => {
    const stored = shelf(form).getItem(draftKey(location.pathname));
    if (!stored || find(".error-summary", form)) return;
    const { values } = JSON.parse(stored);
    const fields = typed(form);
    if (fields.length !== values.length) return;
    fields.forEach((field, index) => {
      const value = values[index];
      if (typeof value === "boolean") field.checked = value;
      else if (Array.isArray(value))
        for (const option of field.options) option.selected = value.includes(option.value);
      else field.value = value;
    });
    form.dataset.dirty = "yes";
    const note = find("[data-restored-note]", form);
    if (note) note.hidden = false;
    else tell(body.dataset.restored, "info");
  };

  if (body.dataset.accepted) forget(body.dataset.accepted);
  const sent = sessionStorage.getItem("sent");
  if (sent) {
    sessionStorage.removeItem("sent");
    const refused =
      !user ||
      "refused" in body.dataset ||
      (sent === location.pathname && find(".error-summary"));
    if (!refused) forget(sent);
  }

  /* Chosen files lie elsewhere (files.js); they go with the last draft. */
  const drafts = Object.keys(localStorage).filter((key) => key.startsWith("draft:"));
  if (localStorage.getItem("files") && !drafts.length) {
    indexedDB.deleteDatabase("drafts");
    localStorage.removeItem("files");
  }

  for (const form of findAll("form[data-guard]")) {
    restore(form);
    form.addEventListener("input", () => {
      form.dataset.dirty = "yes";
      keep(form);
    });
  }
  find(".error-summary")?.focus();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    if (form.method !== "post" || event.defaultPrevented) return;
    form.dataset.sending = "yes";
    delete form.dataset.dirty;
    /* With a kind of guard, the page that follows says what was accepted ([data-accepted]). */
    if (form.dataset.guard === "") sessionStorage.setItem("sent", location.pathname);
  });

  addEventListener("pageshow", () => {
    for (const form of findAll("form[data-sending]")) delete form.dataset.sending;
  });

  addEventListener("beforeunload", (event) => {
    if (find('form[data-dirty]:not([data-guard="device"])')) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-discard]")) {
      for (const form of findAll("form[data-dirty]")) {
        delete form.dataset.dirty;
        const note = find("[data-restored-note]", form);
        if (note?.contains(event.target)) {
          form.reset();
          note.hidden = true;
        }
      }
      forget(location.pathname);
    }
    if (event.target.closest("[data-sign-out]")) {
      sessionStorage.clear();
      tidy(() => true);
    }
    const copying = event.target.closest("[data-copy]");
    if (copying) copy(copying);
    if (event.target.closest("[data-print]")) print();
  });

  /* A button with [data-copy] takes what it names, and says so in its own words. */
  const copy = async (button) => {
    const source = find(button.dataset.copy);
    const text = source.value ?? source.textContent.trim();
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      getSelection().selectAllChildren(source);
      source.select?.();
      if (!document.execCommand("copy")) return;
    }
    if (button.dataset.copied) find(button.dataset.copied).hidden = false;
  };

  /* What is there to be copied is selected as soon as it is reached. */
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-select]")) event.target.select();
  });

  /* Keys. They can be switched off, because single letters disturb who dictates to the machine. */

  const choice = find("#shortcuts-on");
  const areOn = () => localStorage.getItem("shortcuts") !== "off";
  if (choice) {
    choice.checked = areOn();
    choice.addEventListener("change", () =>
      localStorage.setItem("shortcuts", choice.checked ? "on" : "off"),
    );
  }

  find("#shortcuts")?.addEventListener(
    "beforetoggle",
    () => {
      for (const link of findAll("[data-go]")) {
        const row = document.createElement("div");
        row.innerHTML = "<dt><kbd>g</kbd> <kbd></kbd></dt><dd></dd>";
        row.querySelectorAll("kbd")[1].textContent = link.dataset.go;
        find("dd", row).textContent = link.textContent;
        find(".keys").append(row);
      }
    },
    { once: true },
  );

  const step = (by) => {
    const links = findAll("#table tbody tr, .duties > li, [data-step]")
      .map((row) => find("a, button, input", row))
      .filter(Boolean);
    const row = document.activeElement.closest("tr, li, [data-step]");
    const present = links.findIndex((link) => row?.contains(link));
    links[present < 0 ? (by > 0 ? 0 : links.length - 1) : present + by]?.focus();
  };

  let leader = 0;
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input, select, textarea, [contenteditable]");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      field?.form?.requestSubmit();
      return;
    }
    const boxes = ["checkbox", "radio"].includes(field?.type);
    if ((field && !boxes) || event.ctrlKey || event.metaKey || event.altKey || !areOn()) return;
    if (event.isComposing) return;
    const key = event.key;
    if (Date.now() - leader < 1500) {
      leader = 0;
      const link = find(`[data-go="${CSS.escape(key)}"]`);
      if (link) {
        event.preventDefault();
        link.click();
      }
      return;
    }
    if (key === "g") leader = Date.now();
    else if (key === "/") find("#top-search")?.focus();
    else if (key === "?") find("#shortcuts")?.togglePopover();
    else if (key === "j") step(1);
    else if (key === "k") step(-1);
    else return;
    event.preventDefault();
  });

  /* htmx: short addresses, and a word when nothing came back. */

  body.addEventListener("htmx:configRequest", (event) => {
    const { parameters, verb } = event.detail;
    if (verb !== "get") return;
    for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
  });
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"])
    body.addEventListener(name, () => tell(body.dataset.failed, "error"));
})();
