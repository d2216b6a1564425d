// Color maps: an array as a grid of colors, with a cursor that says its number.

const rgb = colors => colors.split(" ").map(color => [0, 2, 4].map(i => parseInt(color.slice(i, i + 2), 16)));
const diverging = rgb("044b94 2960a3 4575b2 608ac1 7b9fce 97b5db b4cae7 d2e0f2 f5f5f5 f2d8cf e7bdaf dba390 cc8a73 bd7156 ad583a 9c3f1a 8b2200");
const sequential = rgb("edf7fa ace4f7 76cbf0 4ab0e3 2b93d1 2277b7 255c96 27436f 232d43");
function color(stops, share) {
  const place = Math.min(Math.max(share, 0), 1) * (stops.length - 1), low = Math.min(Math.floor(place), stops.length - 2);
  return stops[low].map((part, i) => Math.round(part + (stops[low + 1][i] - part) * (place - low)));
}

/** A map of numbers with a cursor: `source` has rows, columns, index(row, column) and value(row, column). */
class Grid {
  static all = new Set();
  constructor(source, { title, width = 320, height = 200, isLogarithmic = false, isMagnitude = false, isSmall = false, onSelect }) {
    Object.assign(this, { source, title, isLogarithmic, isMagnitude, isSmall, onSelect, cursor: null, isBlank: false });
    // Cells need not be square: a row of 569 numbers is to be seen as well as a column of 16.
    const cell = (room, count) => Math.max(1, Math.min(18, Math.floor(room / count)));
    [this.cellWidth, this.cellHeight] = [cell(width, source.columns), cell(height, source.rows)];
    if (source.rows > 1 && source.columns > 1) {
      this.cellHeight = Math.min(this.cellHeight, 3 * this.cellWidth);
      this.cellWidth = Math.min(this.cellWidth, 3 * this.cellHeight);
    }
    this.canvas = make("canvas", {
      width: this.cellWidth * source.columns, height: this.cellHeight * source.rows, tabindex: 0, role: "application",
      "aria-roledescription": "color map", "aria-label": `${title}, ${source.rows} × ${source.columns} elements; arrow keys move`,
      onpointermove: event => this.moveTo(event), onpointerdown: event => this.moveTo(event), onkeydown: event => this.key(event),
      onfocus: () => this.cursor ?? this.select(0, 0),
    });
    this.label = make("span", { class: "value" });
    this.element = make("div", { class: isSmall ? "grid small" : "grid" }, this.canvas, this.label, saveButton(() => this.svg(), () => this.title, isSmall));
    this.colors();
    this.draw();
    this.describe();
    if (source.place) Grid.all.add(this);  // others have no element that a selection could be of
  }
  numbers() {
    const values = [];
    for (let r = 0; r < this.source.rows; r++) for (let c = 0; c < this.source.columns; c++) values.push(this.source.value(r, c));
    return values;
  }
  /** What each number is colored by: its size beside the largest, or its power of ten. */
  colors() {
    const finite = this.numbers().filter(Number.isFinite);
    this.largest = finite.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    const positive = finite.filter(value => value > 0).map(Math.log10);
    [this.low, this.high] = [Math.min(...positive), Math.max(...positive)];
  }
  color(value) {
    if (!Number.isFinite(value)) return [180, 184, 189];
    if (this.isMagnitude) return color(sequential, this.largest ? value / this.largest : 0);
    if (!this.isLogarithmic) return color(diverging, this.largest ? 0.5 + 0.5 * value / this.largest : 0.5);
    return color(sequential, value > 0 ? (Math.log10(value) - this.low + 1) / (this.high - this.low + 1) : 0);
  }
  draw() {
    const context = this.canvas.getContext("2d"), { rows, columns } = this.source, [w, h] = [this.cellWidth, this.cellHeight];
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (this.isBlank) return;
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        const value = this.source.value(r, c);
        context.fillStyle = `rgb(${this.color(value)})`;
        context.fillRect(c * w, r * h, w, h);
        // What is not finite, or not known, is crossed out too, so that gray is not its only sign.
        if (!Number.isFinite(value) && Math.min(w, h) > 3) {
          context.strokeStyle = "#57606a";
          context.beginPath();
          context.moveTo(c * w, (r + 1) * h);
          context.lineTo((c + 1) * w, r * h);
          context.stroke();
        }
      }
    }
    if (!this.cursor) return;
    const [r, c] = this.cursor;
    context.lineWidth = 2;
    context.strokeStyle = "#ffffff";
    context.strokeRect(c * w - 0.5, r * h - 0.5, w + 1, h + 1);
    context.strokeStyle = "#000000";
    context.strokeRect(c * w - 2, r * h - 2, w + 4, h + 4);
  }
  /** The map as it is shown, as a drawing of its own: a title, a cell for each number, and the cursor. */
  svg() {
    const { rows, columns } = this.source, [w, h] = [this.cellWidth, this.cellHeight], top = 24;
    const width = Math.max(columns * w, 8 * this.label.textContent.length), parts = [];
    const add = (tag, attributes, ...children) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      element.append(...children);
      parts.push(element);
      return element;
    };
    add("title", {}, this.label.textContent);
    add("rect", { width, height: rows * h + top, fill: "#ffffff" });
    add("text", { x: 0, y: 15, "font-family": "Helvetica, Arial, sans-serif", "font-size": 13, fill: "#1f2328" }, this.label.textContent);
    for (let r = 0; r < rows && !this.isBlank; r++) {
      for (let c = 0; c < columns; c++) {
        const value = this.source.value(r, c), [x, y] = [c * w, top + r * h];
        add("rect", { x, y, width: w, height: h, fill: `rgb(${this.color(value)})`, "shape-rendering": "crispEdges" });
        if (!Number.isFinite(value) && Math.min(w, h) > 3) add("path", { d: `M${x},${y + h}L${x + w},${y}`, stroke: "#57606a" });
      }
    }
    if (this.cursor) {
      const [r, c] = this.cursor;
      add("rect", { x: c * w - 1, y: top + r * h - 1, width: w + 2, height: h + 2, fill: "none", stroke: "#000000", "stroke-width": 2 });
    }
    const drawing = add("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `-2 0 ${width + 4} ${rows * h + top + 2}`, width: width + 4 });
    drawing.append(...parts.slice(0, -1));
    return drawing.outerHTML;
  }
  describe() {
    if (this.isBlank) this.label.textContent = "not computed yet";
    else if (!this.cursor) {
      const range = this.source.rows * this.source.columns === 1 ? text(this.source.value(0, 0)) : `±${text(this.largest, 3)}`;
      if (this.isMagnitude) this.label.textContent = `${this.title}, ${this.largest ? `up to ${text(this.largest, 3)}` : "0 throughout"}`;
      else if (this.isSmall) this.label.textContent = `${this.title} ${range}`;
      else this.label.textContent = this.isLogarithmic
        ? `${this.title}: a shade for each power of ten, largest ${text(this.largest, 2)}` : `${this.title}: ${range}, blue below 0, red above`;
    } else {
      const [r, c] = this.cursor, value = this.source.value(r, c);
      this.label.textContent = `${this.title}[${this.source.index(r, c).join(", ")}] = ${Number.isNaN(value) && this.source.missing ? this.source.missing : text(value)}`;
    }
  }
  moveTo(event) {
    const box = this.canvas.getBoundingClientRect();
    const clamp = (share, count) => Math.max(0, Math.min(count - 1, Math.floor(share * count)));
    this.select(clamp((event.clientY - box.top) / box.height, this.source.rows), clamp((event.clientX - box.left) / box.width, this.source.columns));
  }
  key(event) {
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }, move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    const [r, c] = this.cursor ?? [0, 0], clamp = (i, count) => Math.max(0, Math.min(count - 1, i));
    this.select(clamp(r + move[0], this.source.rows), clamp(c + move[1], this.source.columns));
  }
  select(r, c) {
    if (this.isBlank || this.cursor && this.cursor[0] === r && this.cursor[1] === c) return;
    this.put([r, c]);
    this.onSelect?.(this.source.index(r, c));
  }
  put(cursor) {
    this.cursor = cursor;
    this.draw();
    this.describe();
  }
  blank(isBlank) {
    if (this.isBlank === isBlank) return;
    this.isBlank = isBlank;
    this.draw();
    this.describe();
  }
}

/** An array of the page as a source of a map. */
function source(name) {
  const numbers = array(name);
  return {
    name, shape: numbers.shape, rows: numbers.rows.length, columns: numbers.columns.length,
    index: (r, c) => numbers.index(r, c), place: index => numbers.place(index),
    value: (r, c) => numbers.values[r * numbers.columns.length + c] * scaleOf(name),
  };
}

function grid(name, options = {}) {
  const made = new Grid(source(name), { title: options.title ?? labelOf(name), onSelect: index => select(name, index), ...options });
  made.name = name;
  if (!array(name).isWhole) {
    const [rows, columns] = [array(name).rows.length, array(name).columns.length];
    made.element.title = `${rows} × ${columns} of ${array(name).shape.join(" × ")} elements are kept on this page`;
  }
  return made;
}
