// What a reader can take along: a map or a drawing as SVG, an equation as LaTeX or MathML.

/** Hands a drawing to the browser as a file. */
function saveSVG(svg, name) {
  const file = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  make("a", { href: file, download: `${name.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "tapegrad"}.svg` }).click();
  URL.revokeObjectURL(file);
}

/** A button that saves what `svg()` draws when it is pressed; beside a small map there is room for an arrow only. */
function saveButton(svg, name, isSmall = false) {
  const label = `Save ${name()} as SVG`;
  return make("button", { type: "button", class: isSmall ? "save small" : "save", "aria-label": label, title: isSmall && label,
    onclick: () => saveSVG(svg(), name()) }, isSmall ? "↓" : "Save as SVG");
}

/** Puts a text on the clipboard, and says so. */
async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {  // a browser that gives pages from disk no clipboard: what is selected can be copied everywhere
    const area = make("textarea", { class: "hidden" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  $("said").textContent = `${button.dataset.what} is copied.`;
  button.classList.add("done");
  setTimeout(() => button.classList.remove("done"), 2000);
}

/** Buttons that copy an equation: `latex()` and `mathML()` are asked when one is pressed. */
function copyButtons(what, { latex, mathML }) {
  const button = (title, text) => make("button", { type: "button", class: "copy", "aria-label": `Copy ${what} as ${title}`,
    "data-what": `${what} as ${title}`, onclick: event => copy(text(), event.currentTarget) }, `Copy ${title}`);
  return make("p", { class: "take" }, ...(latex ? [button("LaTeX", latex)] : []), button("MathML", mathML));
}

/** MathML that stands alone: XML with its name space, without what links it to this page. */
function standingAlone(element) {
  const copy = element.cloneNode(true);
  for (const part of [copy, ...copy.querySelectorAll("*")]) {
    for (const name of ["data-symbol", "class"]) part.removeAttribute(name);
  }
  return new XMLSerializer().serializeToString(copy);
}

/** The equation of a step's table as one `math` element, its forms one below the other. */
function equationOf(article) {
  const rows = [...article.querySelectorAll(".equation tr")].map(line =>
    math("mtr", ...[...line.cells].slice(0, 3).map(cell => math("mtd", ...[...(cell.querySelector("math")?.cloneNode(true).childNodes ?? [])]))));
  const element = math("math", math("mtable", ...rows));
  element.setAttribute("display", "block");
  return element;
}
