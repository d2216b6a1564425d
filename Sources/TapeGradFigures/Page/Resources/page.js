"use strict";
// The page can be read without this script. It adds: stepping, numbers under the cursor, sorting, and what is drawn from
// the arrays in the element #data. Texts of the user enter the page as text nodes only, never as markup.
(() => {
const data = JSON.parse(document.getElementById("data").textContent);
if (!data) return;  // a computation that failed: there is nothing to step through

const $ = id => document.getElementById(id);
/** A new element with attributes and children; strings become text. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

// ── Numbers ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Six digits as the tables of the page have them: 0.434191, 2.5e-13. */
function text(value, digits = 6) {
  if (value === undefined) return "not kept";
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
  const size = Math.abs(value), rounded = Number(value.toPrecision(digits));
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) {
    const [mantissa, power] = rounded.toExponential().split("e"), sign = power[0], exponent = power.slice(1);
    return `${mantissa}e${sign}${exponent.padStart(2, "0")}`.replace(/^-/, "−");
  }
  return String(rounded).replace(/^-/, "−");
}

/** An array with the places that are kept: `at(index)` is undefined for others. */
class NumberArray {
  constructor(name, { shape, rows, columns, data }) {
    this.name = name;
    this.shape = shape;
    const width = shape.length ? shape[shape.length - 1] : 1, count = shape.reduce((a, b) => a * b, 1);
    const all = length => Array.from({ length }, (_, i) => i);
    this.columns = columns ?? all(width);
    this.rows = rows ?? all(width ? count / width : 0);
    const bytes = Uint8Array.from(atob(data), character => character.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    this.values = Float64Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true));
    this.isWhole = !rows && !columns;
  }
  /** The index of the element in a row and a column of those that are kept. */
  index(row, column) {
    const index = [this.columns[column]];
    let rest = this.rows[row];
    for (let axis = this.shape.length - 2; axis >= 0; axis--) {
      index.unshift(rest % this.shape[axis]);
      rest = Math.floor(rest / this.shape[axis]);
    }
    return this.shape.length ? index : [];
  }
  /** Row and column among those that are kept, or null. */
  place(index) {
    if (!this.shape.length) return [0, 0];
    const row = index.slice(0, -1).reduce((sum, i, axis) => sum * this.shape[axis] + i, 0);
    const place = [this.rows.indexOf(row), this.columns.indexOf(index[index.length - 1])];
    return place[0] < 0 || place[1] < 0 ? null : place;
  }
  at(index) {
    const place = this.place(index);
    return place ? this.values[place[0] * this.columns.length + place[1]] : undefined;
  }
}

const decoded = new Map();
function array(name) {
  if (!Object.hasOwn(data.arrays, name)) return null;
  if (!decoded.has(name)) decoded.set(name, new NumberArray(name, data.arrays[name]));
  return decoded.get(name);
}

const state = { step: null, selection: null, notes: false, plant: 0 };
const steps = data.steps.filter(step => step.part !== "given");
const stepOf = new Map(data.steps.map(step => [step.name, step]));
const scaleOf = name => state.notes ? stepOf.get(name)?.scale ?? 1 : 1;
/** `∂J/∂Z2`, or `dZ2` in the notes' convention. */
const labelOf = name => state.notes && name.startsWith("∂" + data.result + "/∂") && stepOf.get(name)?.node
  ? "d" + stepOf.get(name).node : name;

// ── Formulas with the numbers of one element ────────────────────────────────────────────────────────────────────────

const space = "http://www.w3.org/1998/Math/MathML";
function math(tag, ...children) {
  const element = document.createElementNS(space, tag);
  element.append(...children);
  return element;
}
const row = (...parts) => math("mrow", ...parts);
const operator = sign => math("mo", sign);
const enclosed = part => row(operator("("), part, operator(")"));

function number(value) {
  const [mantissa, power] = text(value, 4).split("e"), isNegative = mantissa.startsWith("−");
  const digits = math(/[0-9]/.test(mantissa) ? "mn" : "mi", mantissa.replace("−", ""));
  let part = digits;
  if (power) {
    const exponent = Number(power), size = math("mn", String(Math.abs(exponent)));
    part = row(digits, operator("·"), math("msup", math("mn", "10"), exponent < 0 ? row(operator("−"), size) : size));
  }
  return isNegative ? row(operator("−"), part) : part;
}

/** The last entries of an index, for an operand of lower rank, with 0 along axes of length 1. */
const aligned = (index, shape) => shape.map((length, axis) => length === 1 ? 0 : index[index.length - shape.length + axis] ?? 0);

function broadcast(a, b) {
  const rank = Math.max(a.length, b.length), at = (shape, axis) => shape[axis - rank + shape.length] ?? 1;
  return Array.from({ length: rank }, (_, axis) => Math.max(at(a, axis), at(b, axis)));
}

function shapeOf(tree) {
  const [kind, ...parts] = tree;
  switch (kind) {
    case "sym": return array(parts[0])?.shape ?? [];
    case "num": case "count": return [];
    case "neg": case "as": return shapeOf(parts[0]);
    case "mat": return [shapeOf(parts[0])[0] ?? 1, shapeOf(parts[1])[1] ?? 1];
    case "t": return shapeOf(parts[0]).slice(0, -2).concat(shapeOf(parts[0]).slice(-2).reverse());
    case "fold": {
      const shape = shapeOf(parts[1]);
      return parts[2] === "columns" ? [shape[0], 1] : parts[2] === "rows" ? [1, shape[1]] : [];
    }
    case "call": return parts.slice(1).map(shapeOf).reduce(broadcast, []);
    default: return parts.map(shapeOf).reduce(broadcast, []);
  }
}

/** A sum of the terms that are kept: the first ones, and how many there are. */
function sum(terms, count) {
  if (!terms.length) return math("mtext", `a sum of ${count} terms`);
  const shown = terms.slice(0, 3), parts = [];
  shown.forEach((term, i) => parts.push(...(i ? [operator("+")] : []), term));
  if (count > shown.length) parts.push(operator("+"), operator("…"), math("mtext", ` (${count} terms)`));
  return row(...parts);
}

/** The formula at an index, its names replaced by numbers: a part, and how tightly it binds (0 a sum, 1 a product, 2). */
function plugged(tree, index) {
  const [kind, ...parts] = tree;
  const at = (part, where = aligned(index, shapeOf(part))) => plugged(part, where);
  const factor = part => { const [a, binding] = at(part); return binding < 1 ? enclosed(a) : a; };
  switch (kind) {
    case "sym": {
      const value = array(parts[0])?.at(aligned(index, array(parts[0]).shape));
      return value === undefined ? [math("mtext", parts[0]), 2] : [number(value), value < 0 ? 0.5 : 2];
    }
    case "num": case "count": return [number(parts[0]), parts[0] < 0 ? 0.5 : 2];
    case "neg": return [row(operator("−"), factor(parts[0])), 0.5];
    case "add": return [row(at(parts[0])[0], operator("+"), at(parts[1])[1] === 0.5 ? enclosed(at(parts[1])[0]) : at(parts[1])[0]), 0];
    case "sub": { const [b, binding] = at(parts[1]); return [row(at(parts[0])[0], operator("−"), binding < 1 ? enclosed(b) : b), 0]; }
    case "mul": return [row(factor(parts[0]), operator("·"), factor(parts[1])), 1];
    case "div": return [math("mfrac", at(parts[0])[0], at(parts[1])[0]), 2];
    case "pow": { const [a, binding] = at(parts[0]); return [math("msup", binding < 2 ? enclosed(a) : a, at(parts[1])[0]), 2]; }
    case "t": { const [i, j] = index.slice(-2); return plugged(parts[0], aligned([...index.slice(0, -2), j, i], shapeOf(parts[0]))); }
    case "as": return at(parts[0]);
    case "mat": {
      const [a, b] = parts, count = shapeOf(b)[0] ?? 1, terms = [];
      for (let k = 0; k < count && terms.length < 3; k++) {
        const [x, y] = [plugged(a, [index[0], k]), plugged(b, [k, index[1]])];
        if (x[0].localName === "mtext" || y[0].localName === "mtext") continue;
        terms.push(row(x[1] < 1 ? enclosed(x[0]) : x[0], operator("·"), y[1] < 1 ? enclosed(y[0]) : y[0]));
      }
      return [sum(terms, count), 0];
    }
    case "fold": {
      const [symbol, part, axes] = parts, shape = shapeOf(part);
      if (symbol !== "Σ") return [row(math("mi", symbol), enclosed(math("mtext", "…"))), 2];
      const count = axes === "columns" ? shape[1] : axes === "rows" ? shape[0] : shape.reduce((a, b) => a * b, 1), terms = [];
      for (let k = 0; k < Math.min(count, 4096) && terms.length < 3; k++) {
        const where = axes === "columns" ? [index[0], k] : axes === "rows" ? [k, index[1]]
          : shape.map((_, axis) => Math.floor(k / shape.slice(axis + 1).reduce((a, b) => a * b, 1)) % shape[axis]);
        const [term, binding] = plugged(part, where);
        if (term.localName !== "mtext") terms.push(binding < 1 ? enclosed(term) : term);
      }
      return [enclosed(sum(terms, count)), 2];
    }
    case "call": {
      const [symbol, ...operands] = parts;
      if (!symbol.includes("$")) {
        return [row(math("mi", symbol), enclosed(row(...operands.flatMap((part, i) => i ? [operator(","), at(part)[0]] : [at(part)[0]])))), 2];
      }
      return [row(...symbol.split(/(\$[0-9])/).map(piece => /^\$/.test(piece) ? at(operands[piece[1]])[0] : operator(piece))), 2];
    }
    case "cases": return [row(operator("{"), at(parts[1])[0], math("mtext", " where "), at(parts[0])[0], math("mtext", " > 0, else "), at(parts[2])[0]), 0];
    default: return [math("mtext", "…"), 2];
  }
}

/** `∂J/∂Z2[0, 17] = (0.9962 − 1)/569 = −6.6e-6` for one element of a step. */
function equation(step, index) {
  const scale = scaleOf(step.name), value = array(step.name)?.at(index);
  const parts = [math("mtext", `${labelOf(step.name)}[${index.join(", ")}]`)];
  if (step.forms.length) {
    const [part, binding] = plugged(step.forms[step.forms.length - 1], index);
    parts.push(operator("="), ...(scale > 1 ? [math("mn", String(scale)), operator("·"), binding < 1 ? enclosed(part) : part] : [part]));
  }
  if (value !== undefined) parts.push(operator("="), number(value * scale));
  return math("math", row(...parts));
}

// ── Color maps ──────────────────────────────────────────────────────────────────────────────────────────────────────

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
  constructor(source, { title, width = 320, height = 200, isLogarithmic = false, isSmall = false, onSelect }) {
    Object.assign(this, { source, title, isLogarithmic, isSmall, onSelect, cursor: null, isBlank: false });
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
    this.element = make("div", { class: "grid" }, this.canvas, this.label);
    this.colors();
    this.draw();
    this.describe();
    Grid.all.add(this);
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
  describe() {
    if (this.isBlank) this.label.textContent = "not computed yet";
    else if (!this.cursor) {
      const range = this.source.rows * this.source.columns === 1 ? text(this.source.value(0, 0)) : `±${text(this.largest, 3)}`;
      if (this.isSmall) this.label.textContent = `${this.title} ${range}`;
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

// ── Selection: net, layer, element ──────────────────────────────────────────────────────────────────────────────────

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
    make("strong", {}, `Element ${index.length ? `[${index.join(", ")}]` : ""} of ${labelOf(name)}`), ...shown.map(step => equation(step, index)));
  $("element").hidden = false;
  const article = step && $(step.id);
  if (article) {
    const line = article.querySelector(".plugged") ?? article.appendChild(make("div", { class: "plugged scroll", role: "region", tabindex: 0, "aria-label": `Numbers of one element of ${name}` }));
    line.replaceChildren(equation(step, index));
  }
}

// ── Stepping ────────────────────────────────────────────────────────────────────────────────────────────────────────

const isComputed = name => {
  if (state.step === null) return true;
  const place = steps.findIndex(step => step.name === name);
  return place <= state.step;
};

function showStep(number, isFocused = false) {
  state.step = number;
  document.body.classList.toggle("stepping", number !== null);
  for (const article of document.querySelectorAll(".step.now")) article.classList.remove("now");
  for (const map of Grid.all) if (map.name) map.blank(!isComputed(map.name));
  $("all").setAttribute("aria-pressed", number === null);
  $("now").textContent = number === null ? `${steps.length} steps` : `Step ${number + 1} of ${steps.length}, ${steps[number].part}: ${labelOf(steps[number].name)}`;
  if (number !== null) {
    $("position").value = number;
    const article = $(steps[number].id);
    article.classList.add("now");
    if (isFocused) article.focus();
  }
  here();
  remember();
}

let timer = null;
function play(isPlaying) {
  clearInterval(timer);
  timer = null;
  $("play").setAttribute("aria-pressed", isPlaying);
  $("play").lastElementChild.textContent = isPlaying ? "pause" : "play";
  if (!isPlaying) return;
  if (state.step === null || state.step === steps.length - 1) showStep(0);
  timer = setInterval(() => state.step < steps.length - 1 ? showStep(state.step + 1) : play(false), $("slow").checked ? 3000 : 900);
}

function move(by) {
  play(false);
  showStep(state.step === null ? (by > 0 ? 0 : steps.length - 1) : Math.max(0, Math.min(steps.length - 1, state.step + by)));
}

/** Goes to the step that defines a name. */
function goTo(name) {
  const place = steps.findIndex(step => step.name === name), step = stepOf.get(name);
  if (!step) return;
  if (state.step !== null && place >= 0) showStep(place, true);
  else if (state.step !== null) showStep(null);
  $(step.id).scrollIntoView({ block: "start" });
}

// ── The address holds what is shown ─────────────────────────────────────────────────────────────────────────────────

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

// ── Table, conventions, plants ──────────────────────────────────────────────────────────────────────────────────────

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

// ── The page comes alive ────────────────────────────────────────────────────────────────────────────────────────────

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

// A symbol lights up wherever it stands, and leads to its step.
const symbolOf = event => event.target.closest?.("[data-symbol]")?.dataset.symbol;
document.addEventListener("pointerover", event => {
  const symbol = symbolOf(event);
  for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
  if (symbol) for (const use of document.querySelectorAll(`[data-symbol="${CSS.escape(symbol)}"]`)) use.classList.add("lit");
});
document.addEventListener("click", event => {
  const symbol = symbolOf(event), link = event.target.closest?.("a[href^='#s']");
  if (symbol) goTo(symbol);
  const step = link && data.steps.find(step => `#${step.id}` === link.getAttribute("href"));
  if (step) {
    event.preventDefault();
    goTo(step.name);
  }
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
  paper.after(make("button", { type: "button", class: "save", onclick: () => {
    const file = URL.createObjectURL(new Blob([paper.querySelector("svg").outerHTML], { type: "image/svg+xml" }));
    make("a", { href: file, download: "tapegrad.svg" }).click();
    URL.revokeObjectURL(file);
  } }, "Save as SVG"));
}
const address = location.hash;
showStep(null);
recall(address);
addEventListener("hashchange", () => recall(location.hash));
})();
