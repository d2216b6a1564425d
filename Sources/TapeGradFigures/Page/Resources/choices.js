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

function showPlant(number) {
  state.plant = number;
  $("plant").value = number;
  const plant = data.plants[number];
  $("plant-title").textContent = plant.title;
  $("plant-flow").replaceChildren(...plant.rows.map(({ name, state, sign, why, cells }) => {
    const item = make("li", { class: state }, make("span", { class: `state ${state}` }, make("span", { "aria-hidden": "true" }, sign), ` ${name}: ${state}`));
    if (cells.length) {
      const size = 8, canvas = make("canvas", { class: "map", width: size * cells[0].length, height: size * cells.length, role: "img", "aria-label": `error at ${name}` });
      const largest = Math.max(...cells.flat().map(value => value ?? 0)), context = canvas.getContext("2d");
      cells.forEach((line, r) => line.forEach((value, c) => {
        context.fillStyle = `rgb(${value === null ? [180, 184, 189] : color(sequential, largest ? value / largest : 0)})`;
        context.fillRect(c * size, r * size, size, size);
      }));
      item.append(canvas);
    }
    item.append(make("span", { class: "why" }, why));
    return item;
  }));
  remember();
}
