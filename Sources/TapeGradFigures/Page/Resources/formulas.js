// Formulas with the numbers of one element: ∂J/∂Z2[0, 17] = (0.9962 − 1)/569 = −6.6e-6, in MathML.

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
