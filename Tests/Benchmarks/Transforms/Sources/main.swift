// transforms CASE: prints the seconds of the first call, of these what tracing and planning took, those of the fastest
// later one, and a sum of the results' squares, as
// transforms.py does for JAX. Numbers come from one formula, so that both compute the same.

import TapeGradCore

typealias T = Tensor<Float>

/// A saw-tooth between −scale and scale.
func wave(_ shape: Shape, _ seed: Int, _ scale: Float) -> T {
  let numbers = (0..<shape.count).map { position -> Float in
    let turns = Double(position * 7 + seed * 13) / 97
    return scale * Float(turns - turns.rounded()) * 2
  }
  return T(numbers, shape: shape)
}

let arguments = CommandLine.arguments
let name = arguments.count > 1 ? arguments[1] : "rnn-64"
let size = Int(name.split(separator: "-")[1]) ?? 64
let steps = 4096

/// The program's plan for the arguments, and the timed call, which gives the results' tensors.
func call() throws -> (plan: () throws -> ProgramPlan, run: () throws -> [T]) {
  switch name.split(separator: "-")[0] {
  case "rnn", "rnnbatch":
    let batch = name.hasPrefix("rnnbatch") ? 32 : 1
    let w = wave([size, size], 1, 0.5 / Float(size).squareRoot()), u = wave([size, 8], 2, 0.3),
      b = wave([size, 1], 3, 0.1)
    let x = wave([steps, 8, batch], 4, 1), s = T.zeros([size, batch])
    let program = compiled { (w: T, u: T, b: T, x: T, s: T) in
      try gradient(at: w, u, b) { w, u, b in
        let (last, outputs) = try scan(over: x, from: s) { s, x in
          let next = tanh(matmul(w, s) + matmul(u, x) + b)
          return (next, next)
        }
        return (outputs * outputs).mean() + last.sum()
      }
    }
    return (
      { try program.plan(for: w, u, b, x, s) },
      {
        let (a, b, c) = try program(w, u, b, x, s); return [a, b, c]
      }
    )
  case "lstm":
    let w = wave([4 * size, size], 1, 0.5 / Float(size).squareRoot()), u = wave([4 * size, 8], 2, 0.3)
    let b = wave([4 * size, 1], 3, 0.1), x = wave([steps, 8, 1], 4, 1), zeros = T.zeros([size, 1])
    let program = compiled { (w: T, u: T, b: T, x: T, zeros: T) in
      try gradient(at: w, u, b) { w, u, b in
        let (last, outputs) = try scan(over: x, from: [zeros, zeros]) { (state: [T], x: T) in
          let gates = matmul(w, state[0]) + matmul(u, x) + b
          let i = sigmoid(gates.sliced(0..<size)), f = sigmoid(gates.sliced(size..<2 * size))
          let o = sigmoid(gates.sliced(2 * size..<3 * size)), g = tanh(gates.sliced(3 * size..<4 * size))
          let c = f * state[1] + i * g, h = o * tanh(c)
          return ([h, c], h)
        }
        return (outputs * outputs).mean() + last[1].sum()
      }
    }
    return (
      { try program.plan(for: w, u, b, x, zeros) },
      {
        let (a, b, c) = try program(w, u, b, x, zeros); return [a, b, c]
      }
    )
  case "decay":
    let a = wave([size], 1, 0.4), b = wave([size], 2, 1), x = wave([steps, size], 3, 1), s = T.zeros([size])
    let program = compiled { (a: T, b: T, x: T, s: T) in
      try gradient(at: a, b) { a, b in
        try scan(over: x, from: s) { (s: T, x: T) in
          let next = a * s + b * x
          return (next, next)
        }.outputs.mean()
      }
    }
    return (
      { try program.plan(for: a, b, x, s) },
      {
        let (x, y) = try program(a, b, x, s); return [x, y]
      }
    )
  case "jacobian":
    let w = wave([size, size], 1, 1 / Float(size).squareRoot()),
      v = wave([size, size], 2, 1 / Float(size).squareRoot())
    let x = wave([size], 3, 1)
    let program = compiled { (x: T, w: T, v: T) in
      try jacobian(at: x) { x in tanh(matmul(v, tanh(matmul(w, x.reshaped(to: [size, 1]))))).reshaped(to: [size]) }
    }
    return ({ try program.plan(for: x, w, v) }, { [try program(x, w, v)] })
  case "hessian":
    let w = wave([size, size], 1, 1 / Float(size).squareRoot()), x = wave([size], 3, 1)
    let program = compiled { (x: T, w: T) in
      try hessian(at: x) { x in
        let y = tanh(matmul(w, x.reshaped(to: [size, 1])))
        return (y * y).sum()
      }
    }
    return ({ try program.plan(for: x, w) }, { [try program(x, w)] })
  default: fatalError("no case is called \(name)")
  }
}

let clock = ContinuousClock()
func seconds(_ duration: Duration) -> Double {
  Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
}

let (plan, run) = try call()
var results: [T] = []
let planning = try clock.measure { _ = try plan() }
let first = planning + (try clock.measure { results = try run() })
var fastest = Double.infinity
let end = clock.now + .milliseconds(500)
var calls = 0
while clock.now < end || calls < 3 {
  fastest = min(fastest, seconds(try clock.measure { results = try run() }))
  calls += 1
}
let sum = try results.reduce(0.0) { try $0 + Double(($1 * $1).sum().item) }
print("{\"first\": \(seconds(first)), \"plan\": \(seconds(planning)), \"fastest\": \(fastest), \"sum\": \(sum)}")
