// The address holds what is shown: audit.html#step=7&at=Z2:0,17&notes.

function remember() {
  const parts = [];
  if (state.step !== null) parts.push(`step=${state.step + 1}`);
  if (state.selection) parts.push(`at=${encodeURIComponent(state.selection.name)}:${state.selection.index.join(",")}`);
  if (state.notes) parts.push("notes");
  if (state.plant) parts.push(`plant=${state.plant}`);
  history.replaceState(null, "", parts.length ? `#${parts.join("&")}` : location.pathname + location.search);
}

function recall(hash) {
  for (const part of hash.slice(1).split("&")) {
    const [key, value = ""] = part.split("=");
    if (key === "step" && steps[value - 1]) showStep(value - 1);
    else if (key === "notes" && $("convention")) setConvention(true);
    else if (key === "plant" && data.plants?.[value]) showPlant(Number(value));
    else if (key === "at") {
      const [name, index = ""] = [decodeURIComponent(value.slice(0, value.lastIndexOf(":"))), value.slice(value.lastIndexOf(":") + 1)];
      const places = index ? index.split(",").map(Number) : [];
      if (array(name)?.at(places) !== undefined) select(name, places);
    } else if (/^s[0-9]+$/.test(key)) {
      const step = data.steps.find(step => step.id === key);
      if (step && state.step !== null) goTo(step.name);
    }
  }
}
