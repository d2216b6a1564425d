// What a reader can choose: the notes' convention, and a slip in the backward pass.

function setConvention(isNotes) {
  state.notes = isNotes;
  document.querySelector(`[name="convention"][value="${isNotes ? "notes" : "tape"}"]`).checked = true;
  for (const map of Grid.all) {
    if (!map.name) continue;
    if (stepOf.has(map.name)) map.title = map.title.startsWith("automatic") ? `automatic ${labelOf(map.name)}` : labelOf(map.name);
    map.colors();
    map.draw();
    map.describe();
  }
  showStep(state.step);
  showElement();
}

/** A map of the error at a node; one cell may stand for a block of elements, of which it has the largest. */
function errorMap(name, cells, [rows, columns]) {
  const range = (place, size) => size === 1 ? place : `${place * size}…${(place + 1) * size - 1}`;
  return new Grid({
    rows: cells.length, columns: cells[0].length, value: (r, c) => cells[r][c] ?? NaN,
    index: (r, c) => [range(r, rows), range(c, columns)],
  }, { title: `error at ${name}`, width: 8 * cells[0].length, height: 8 * cells.length, isMagnitude: true, isSmall: true });
}

function showPlant(number) {
  state.plant = number;
  $("plant").value = number;
  const plant = data.plants[number];
  $("plant-title").textContent = plant.title;
  $("plant-flow").replaceChildren(...plant.rows.map(({ name, state, sign, why, cells, block }) => {
    const item = make("li", { class: state }, make("span", { class: `state ${state}` }, make("span", { "aria-hidden": "true" }, sign), ` ${name}: ${state}`));
    if (cells.length) item.append(errorMap(name, cells, block).element);
    item.append(make("span", { class: "why" }, why));
    return item;
  }));
  remember();
}
