// What a visitor leaves in this browser, and what they take home as a file. Nothing here reaches the server.

/** A list or an object under a name in this browser. Where the browser keeps nothing (private windows), it lives as long as the page. */
function createKeep(name, empty) {
  const key = `persrv-${name}`;
  let value = read();

  function read() {
    try {
      const found = JSON.parse(window.localStorage.getItem(key)) ?? empty;
      return typeof found === "object" && Array.isArray(found) === Array.isArray(empty) ? found : empty;
    } catch {
      return empty; // no storage, or something else wrote there
    }
  }

  return {
    get: () => value,
    set(changed) {
      value = changed;
      try {
        window.localStorage.setItem(key, JSON.stringify(changed));
      } catch {
        // storage full or forbidden: the page itself still holds the value
      }
    },
    clear() {
      value = empty;
      try {
        window.localStorage.removeItem(key);
      } catch {
        // nothing was kept
      }
    },
  };
}

/** Hands the visitor a text, or what a Blob holds, as a file. */
function saveFile(name, content, type) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = h("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Copies a link and says so on the button; where the browser forbids that, shows the link to be copied by hand. */
async function copyLink(app, button, link) {
  try {
    await navigator.clipboard.writeText(link);
    flash(app, button, app.t("copied"));
  } catch {
    showLink(app, link);
  }
}

/** Something else on a button for a moment. */
function flash(app, button, text) {
  const label = button.querySelector("[data-t]") ?? button;
  label.textContent = text;
  button.classList.add("is-done");
  app.announce(text);
  window.setTimeout(() => {
    label.textContent = app.t(label.dataset.t);
    button.classList.remove("is-done");
  }, 1600);
}

/** Not window.prompt: browsers forbid it to pages in a frame, such as a Space. */
function showLink(app, link) {
  const field = h("input", { type: "text", readonly: true, value: link, class: "ps-link", "aria-label": app.t("copy_by_hand") });
  const close = h("button", { type: "button", class: "ps-dialog-close", "aria-label": app.t("close"), on: { click: () => dialog.close() } }, icon("close"));
  const dialog = h("dialog", { class: "ps-dialog ps-link-box", on: { close: () => dialog.remove() } }, h("p", {}, app.t("copy_by_hand")), field, close);
  app.element.append(dialog);
  dialog.showModal();
  field.focus();
  field.select();
}
