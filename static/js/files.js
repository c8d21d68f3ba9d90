/* Files are no text. Those of a form that is kept on the device lie in a database of the browser, as
   long as the draft of the words beside them does (app.js). */
(() => {
  "use strict";

  const key = `draft:${document.body.dataset.user}:${location.pathname}`;
  const fields = (form) => [...form.querySelectorAll('input[type="file"][name]')];
  const chosen = (form) => fields(form).flatMap((field) => [...field.files]);

  const kept = (mode, work) =>
    new Promise((resolve, reject) => {
      const opening = indexedDB.open("drafts", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("files");
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const change = opening.result.transaction("files", mode);
        const asked = work(change.objectStore("files"));
        change.onabort = () => reject(change.error);
        change.oncomplete = () => {
          opening.result.close();
          resolve(asked.result);
        };
      };
    });

  const keep = (form) => {
    const files = Object.fromEntries(fields(form).map((it) => [it.name, [...it.files]]));
    localStorage.setItem("files", "yes");
    return kept("readwrite", (it) => it.put(files, key));
  };

  const restore = async (form) => {
    const files = await kept("readonly", (it) => it.get(key));
    for (const field of fields(form)) {
      if (field.files.length || field.getAttribute("aria-invalid") === "true") continue;
      const transfer = new DataTransfer();
      for (const file of files?.[field.name] ?? []) transfer.items.add(file);
      field.files = transfer.files;
    }
  };

  /* Other forms of this device may have drafts of their own. */
  const tidy = async () => {
    for (const other of await kept("readonly", (it) => it.getAllKeys()))
      if (!localStorage.getItem(other)) await kept("readwrite", (it) => it.delete(other));
  };

  const begin = async (form) => {
    const isKept = form.dataset.guard === "device";
    const shelf = isKept ? localStorage : sessionStorage;
    const note = form.querySelector("[data-choose-again]");
    /* How many there were, so that those that the browser did not keep can be asked for. */
    const number = key.replace("draft:", "files:");
    form.addEventListener("input", (event) => {
      if (event.target.type !== "file") return;
      note.hidden = true;
      shelf.setItem(number, chosen(form).length);
      if (isKept) keep(form).catch(() => {});
    });
    if (!shelf.getItem(key)) {
      shelf.removeItem(number);
      if (localStorage.getItem("files")) await tidy().catch(() => {});
      return;
    }
    if (isKept && localStorage.getItem("files")) await restore(form).catch(() => {});
    note.hidden = chosen(form).length > 0 || !(shelf.getItem(number) > 0);
  };

  document.querySelectorAll("form[data-reach]").forEach(begin);
})();
