// The words and signs of a score, told where they stand: each is a button, and a line below says what the pressed one
// means. A title alone would tell nobody who has no mouse.

/** `term(name, look, ...content)` makes the button of a term; `told` is the line. values: what the sentences name. */
function createTerms(app, values = {}) {
  const told = h("p", { class: "ps-term-told", role: "status" });
  let open = null;

  function press(button, sentence) {
    open?.setAttribute("aria-expanded", "false");
    open = open === button ? null : button;
    open?.setAttribute("aria-expanded", "true");
    told.textContent = open ? sentence : "";
  }

  function term(name, look, ...content) {
    const sentence = app.t(`term_${name}`, values);
    const button = h("button", { type: "button", class: `${look} ps-tells`, title: sentence, "aria-expanded": "false", on: { click: () => press(button, sentence) } }, content);
    return button;
  }

  return { term, told };
}
