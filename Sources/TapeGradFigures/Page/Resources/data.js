// What the page's script works on: the arrays in the element #data, and their numbers as text. The files of this folder are
// one script (PageScript.swift says in which order). The page can be read without it; it adds stepping, numbers under the
// cursor, sorting, and what is drawn from the arrays. Texts of the user enter the page as text nodes only, never as markup.
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

// ── What is shown ───────────────────────────────────────────────────────────────────────────────────────────────────

const state = { step: null, selection: null, notes: false, plant: 0 };
const steps = data.steps.filter(step => step.part !== "given");
// A formula spells marks that cannot be seen by their numbers: such a name is known by that spelling too.
const stepOf = new Map(data.steps.flatMap(step => [[step.symbol ?? step.name, step], [step.name, step]]));
const scaleOf = name => state.notes ? stepOf.get(name)?.scale ?? 1 : 1;
/** `∂J/∂Z2`, or `dZ2` in the notes' convention. */
const labelOf = name => state.notes && name.startsWith("∂" + data.result + "/∂") && stepOf.get(name)?.node
  ? "d" + stepOf.get(name).node : name;
