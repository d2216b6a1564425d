// The selection, on three levels: net, layer, element. Every map and every equation shows the same element.

function here() {
  const parts = ["net"], { selection } = state, step = selection ? stepOf.get(selection.name) : state.step === null ? null : steps[state.step];
  const layer = step?.layer || (step ? stepOf.get(step.node)?.layer : "");
  if (layer) parts.push(layer);
  if (selection) parts.push(`${labelOf(selection.name)}[${selection.index.join(", ")}]`);
  else if (step) parts.push(labelOf(step.name));
  $("here").textContent = `You are here: ${parts.join(" › ")}`;
  data.layers.forEach((name, i) => $(`layer-${i}`)?.classList.toggle("here", name === layer));
}

function select(name, index) {
  state.selection = { name, index };
  // Every map with this element, or of the same shape, shows the same place.
  const shape = array(name).shape.join();
  for (const map of Grid.all) {
    if (!map.source.place || map.source.shape.join() !== shape) continue;
    const place = map.source.place(index);
    if (place && !map.isBlank) map.put(place);
  }
  showElement();
  here();
  remember();
}

/** The element in all equations that it stands in: its own, and those of its gradient or its value. */
function showElement() {
  if (!state.selection) return;
  const { name, index } = state.selection, step = stepOf.get(name);
  const twin = step?.node && (name === step.node ? `∂${data.result}/∂${step.node}` : step.node);
  const shown = [step, stepOf.get(twin)].filter(Boolean);
  $("element").replaceChildren(
    make("strong", {}, `Element ${index.length ? `[${index.join(", ")}]` : ""} of ${labelOf(name)}`), ...shown.map(step => equation(step, index)),
    copyButtons("the numbers of the element", { mathML: () => [...$("element").querySelectorAll("math")].map(standingAlone).join("\n") }));
  $("element").hidden = false;
  const article = step && $(step.id);
  if (article) {
    const line = article.querySelector(".plugged") ?? article.appendChild(make("div", { class: "plugged scroll", role: "region", tabindex: 0, "aria-label": `Numbers of one element of ${name}` }));
    line.replaceChildren(equation(step, index));
  }
}
