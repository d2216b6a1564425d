// The table of gradients: sorting, and the arrays of a row.

function makeSortable(table) {
  table.querySelectorAll("thead th").forEach((head, column) => {
    const title = head.textContent;
    head.replaceChildren(make("button", { type: "button", onclick: () => {
      const isUp = head.getAttribute("aria-sort") !== "ascending";
      table.querySelectorAll("thead th").forEach(other => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", isUp ? "ascending" : "descending");
      const key = body => {
        const cell = body.rows[0].cells[column];
        return head.dataset.kind === "number" ? Math.abs(Number(cell.dataset.value ?? NaN)) : cell.textContent.trim();
      };
      const bodies = [...table.tBodies].map(body => [key(body), body]);
      bodies.sort(([a], [b]) => (typeof a === "string" ? a.localeCompare(b) : (Number.isNaN(a) ? -1 : a) - (Number.isNaN(b) ? -1 : b)) * (isUp ? 1 : -1));
      for (const [, body] of bodies) table.append(body);
    } }, title));
  });
}

/** The arrays of a row: by the tape, by hand, by finite differences, and how far they are apart. */
function openRow(number) {
  const { array: name, byHand, checked } = data.rows[number], box = document.querySelector(`[data-detail="${number}"]`);
  if (box.dataset.isDrawn) return;
  box.dataset.isDrawn = true;
  const numbers = array(name), maps = [grid(name, { title: `automatic ${name}`, width: 200 })];
  if (byHand) maps.push(grid(byHand, { width: 200 }));
  const known = new Map(checked.map(([offset, value]) => [offset, value]));
  const offset = (r, c) => numbers.rows[r] * (numbers.shape.at(-1) ?? 1) + numbers.columns[c];
  const base = source(name);
  const unchecked = "not checked";
  maps.push(new Grid({ ...base, value: (r, c) => known.get(offset(r, c)) ?? NaN, missing: unchecked }, { title: "numerical", width: 200 }));
  const apart = (other, title) => new Grid({ ...base, missing: unchecked, value: (r, c) => Math.abs(numbers.values[r * base.columns + c] - other(r, c)) },
    { title, width: 200, isLogarithmic: true });
  if (byHand) maps.push(apart((r, c) => array(byHand).at(numbers.index(r, c)) ?? NaN, "|automatic − by hand|"));
  maps.push(apart((r, c) => known.get(offset(r, c)) ?? NaN, "|automatic − numerical|"));
  box.querySelector("figure")?.remove();
  box.append(...maps.map(map => map.element));
}
