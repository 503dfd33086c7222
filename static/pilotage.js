// Pilotage: the little that pages do by themselves. Everything works without it.
(() => {
  "use strict";

  const byId = (id) => document.getElementById(id);
  const INVALID = "[aria-invalid=true], .is-invalid";

  // Say something to those who listen instead of look.
  const announce = (text) => {
    const region = byId("announcer");
    region.textContent = "";
    setTimeout(() => { region.textContent = text; }, 50);
  };

  // Show a message as the server would have rendered it.
  const complain = (text) => {
    const box = document.createElement("div");
    box.className = "message tone-serious";
    const line = document.createElement("p");
    line.textContent = text;
    box.append(line);
    byId("messages")?.replaceChildren(box);
    box.scrollIntoView({ block: "nearest" });
  };

  const focusFirstInvalid = (root) => root.querySelector(INVALID)?.focus();

  const clock = () => new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

  // Forms that save by themselves say so beside the text: <form data-autosave> with a <p data-save-state>.
  const saveState = (form, text, failed = false) => {
    const line = form?.querySelector("[data-save-state]");
    if (!line) return;
    line.textContent = text;
    line.classList.toggle("is-failed", failed);
  };
  const savingForm = (event) => event.detail.elt?.closest?.("form[data-autosave]");

  document.addEventListener("htmx:beforeRequest", (event) => saveState(savingForm(event), "Saving…"));

  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, xhr } = event.detail;
    const form = savingForm(event);
    if (xhr.status >= 200 && xhr.status < 300) {
      saveState(form, `Saved at ${clock()}`);
      const sent = form || (elt.matches?.("form") ? elt : null);
      if (sent) delete sent.dataset.changed;
    } else {
      saveState(form, xhr.status === 422 ? "Not saved: see the note at the field" : "Not saved. Your text is still here.", true);
    }
  });

  // Never take the focus from somebody who types on while a form saves by itself.
  document.addEventListener("htmx:afterSettle", (event) => {
    const { elt, requestConfig } = event.detail;
    if (!requestConfig?.elt?.closest?.("form[data-autosave]")) focusFirstInvalid(elt);
  });

  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, () => complain("The server cannot be reached. Nothing was saved; your text is still here. Try again in a moment."));
  }
  document.addEventListener("htmx:responseError", (event) => {
    const { status } = event.detail.xhr;
    complain(
      status === 403 ? "This was refused: your sign-in may have ended, or the right is missing. Reload the page to see."
        : status === 404 ? "This is no longer here. Reload the page to see how things stand."
          : status === 429 ? "That was a little too often. Wait a minute and try again."
            : "That did not work and nothing was saved. Try again; if it stays so, tell your administrator.",
    );
  });

  // The server may ask for an announcement by HX-Trigger: {"announce": "Vote recorded"}.
  document.addEventListener("announce", (event) => announce(event.detail.value));

  // Ask first: <button data-confirm="Stop this pilot?" data-confirm-verb="Stop it">, or on its form.
  const ask = (holder, act) => {
    const dialog = byId("confirm");
    byId("confirm-question").textContent = holder.dataset.confirm;
    byId("confirm-verb").textContent = holder.dataset.confirmVerb || "Continue";
    dialog.returnValue = "";
    dialog.addEventListener("close", () => dialog.returnValue === "yes" && act(), { once: true });
    dialog.showModal();
  };
  const asks = (form, submitter) => [submitter, form].find((element) => element?.dataset?.confirm);

  let answered = null;
  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    const holder = asks(form, submitter);
    if (holder && answered !== form) {
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(holder, () => { answered = form; form.requestSubmit(submitter); });
      return;
    }
    answered = null;
    if (form.method !== "dialog") delete form.dataset.changed;
  }, true);

  document.addEventListener("htmx:confirm", (event) => {
    const { elt, issueRequest } = event.detail;
    if (elt.matches("form") || !elt.dataset.confirm) return;
    event.preventDefault();
    ask(elt, () => issueRequest(true));
  });

  // Long forms warn before what was typed is left behind: <form data-guard>.
  document.addEventListener("input", ({ target }) => {
    const form = target.closest("form[data-guard]");
    if (form) form.dataset.changed = "yes";
  });
  addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-changed]")) event.preventDefault();
  });

  // Addresses of filtered lists stay short: what is not filtered is not sent.
  document.addEventListener("htmx:configRequest", ({ detail: { elt, formData } }) => {
    if (!elt.matches("form.filters")) return;
    for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
  });

  // Filters that apply themselves where htmx does not do it already.
  document.addEventListener("change", ({ target }) => target.closest("[data-autosubmit]")?.closest("form")?.requestSubmit());

  // A file that is pasted, or dropped anywhere on the page, goes into the field that takes files.
  const takeFile = (event, files) => {
    const field = document.querySelector("[data-takes-files]");
    if (!field || !files?.length) return;
    event.preventDefault();
    field.files = files;
  };
  document.addEventListener("paste", (event) => takeFile(event, event.clipboardData?.files));
  document.addEventListener("dragover", (event) => document.querySelector("[data-takes-files]") && event.preventDefault());
  document.addEventListener("drop", (event) => takeFile(event, event.dataTransfer?.files));

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelector("[data-menu][open]")?.removeAttribute("open");
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const search = document.querySelector("[data-search], input[type=search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  });

  document.addEventListener("DOMContentLoaded", () => focusFirstInvalid(document));
})();
