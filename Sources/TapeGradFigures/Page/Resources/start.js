// The page comes alive: maps are made, and buttons listen.

// Layers: the value and the gradient of each name, as maps.
for (const item of document.querySelectorAll(".layer li[data-name]")) {
  const name = item.dataset.name, gradient = `∂${data.result}/∂${stepOf.get(name)?.node ?? name}`;
  const maps = [name, gradient].filter(array).map(name => grid(name, { width: 130, height: 60, isSmall: true }).element);
  if (maps.length) item.append(make("div", { class: "pair" }, ...maps));
}
// Steps: the map becomes one with a cursor when it comes into view.
const watcher = new IntersectionObserver(entries => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting || !array(target.dataset.array)) continue;
    watcher.unobserve(target);
    const map = grid(target.dataset.array, { width: 420 });
    map.blank(!isComputed(map.name));
    target.replaceChildren(map.element);
  }
}, { rootMargin: "300px" });
document.querySelectorAll("figure.array").forEach(figure => watcher.observe(figure));

$("here").hidden = false;
$("player").hidden = false;
$("position").max = steps.length - 1;
$("position").addEventListener("input", event => { play(false); showStep(Number(event.target.value)); });
$("previous").addEventListener("click", () => move(-1));
$("next").addEventListener("click", () => move(1));
$("play").addEventListener("click", () => play(timer === null));
$("slow").addEventListener("change", () => timer !== null && play(true));
$("all").addEventListener("click", () => { play(false); showStep(null); });
$("player").addEventListener("keydown", event => {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!by || event.target.type === "range") return;
  event.preventDefault();
  move(by);
});

// A symbol lights up wherever it stands, under the pointer and on focus, and leads to its step; so does a link to a step.
const symbolOf = ({ target }) => {
  const link = target.closest?.("a[href^='#s']")?.getAttribute("href");
  return target.closest?.("[data-symbol]")?.dataset.symbol ?? data.steps.find(step => `#${step.id}` === link)?.name;
};
for (const kind of ["pointerover", "focusin"]) {
  document.addEventListener(kind, event => {
    const symbol = symbolOf(event);
    for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
    if (symbol) for (const use of document.querySelectorAll(`[data-symbol="${CSS.escape(symbol)}"]`)) use.classList.add("lit");
  });
}
document.addEventListener("click", event => {
  const symbol = symbolOf(event);
  if (!symbol) return;
  event.preventDefault();
  goTo(symbol);
});

makeSortable($("gradients"));
document.querySelectorAll("#gradients tr[data-row]").forEach(line => {
  const number = line.dataset.row, detail = $(`detail-${number}`);
  detail.hidden = true;
  const button = make("button", { type: "button", "aria-expanded": "false", "aria-controls": detail.id, "aria-label": `Arrays of ${data.rows[number].name}` }, "+");
  button.addEventListener("click", () => {
    detail.hidden = !detail.hidden;
    button.setAttribute("aria-expanded", !detail.hidden);
    button.textContent = detail.hidden ? "+" : "−";
    if (!detail.hidden) openRow(number);
  });
  line.cells[0].prepend(button, " ");
});

if (data.routes) {
  const { direct, chained, difference } = data.routes;
  $("route-maps").append(
    grid(chained, { title: "route 1", width: 320, height: 60 }).element, grid(direct, { title: "route 2", width: 320, height: 60 }).element,
    grid(difference, { title: "their difference", width: 320, height: 60, isLogarithmic: true }).element);
}
if ($("convention")) {
  $("convention").hidden = false;
  $("convention").addEventListener("change", event => setConvention(event.target.value === "notes"));
}
if (data.plants) {
  $("plant-choice").hidden = false;
  data.plants.forEach(({ title }, i) => $("plant").append(make("option", { value: i }, title)));
  $("plant").addEventListener("change", event => showPlant(Number(event.target.value)));
}
for (const paper of document.querySelectorAll(".paper")) {
  const name = paper.getAttribute("aria-label");
  paper.after(saveButton(() => paper.querySelector("svg").outerHTML, () => name));
}
// Equations: those of each step, and the whole derivation.
for (const step of data.steps) {
  const table = $(step.id)?.querySelector(".equation");
  if (table) table.parentElement.after(copyButtons(`the equation of ${step.name}`, { latex: () => step.latex, mathML: () => standingAlone(equationOf($(step.id))) }));
}
const derivation = document.querySelector("section.derivation");
if (derivation) {
  derivation.parentElement.before(copyButtons("the derivation", {
    latex: () => data.latex, mathML: () => [...derivation.querySelectorAll("math")].filter(part => part.querySelector("mtable")).map(standingAlone).join("\n"),
  }));
}
const address = location.hash;
if (data.plants) showPlant(0);
showStep(null);
recall(address);
addEventListener("hashchange", () => recall(location.hash));
