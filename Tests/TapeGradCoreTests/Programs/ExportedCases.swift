import TapeGradAudit
import TapeGradFormats
import TapeGradGraphs

@testable import TapeGradCore

/// Programs written for other engines, with arguments and this library's results, in one file that scripts read
/// (Tests/Engines): of case 17 the tensors `17.name`, `17.model` (bytes), `17.input0`, `17.result0` and so on; of a random graph
/// also `17.spread0`, how far the elements of `17.result0` may be off beside what any operation may.
struct ExportedCases<S: TensorScalar> {
  private(set) var file = ModelFile()
  private(set) var count = 0
  /// The types of the primitives that are not written: they evaluate on arrays.
  private(set) var refused: Set<String> = []
  /// Writes a program for arguments of these shapes.
  private let write: (Program<[Tensor<S>], [Tensor<S>]>, [Tensor<S>]) throws -> [UInt8]
  /// By how many units of the last place an operation of the engine may be off, as the scripts say.
  private let tolerance: Double

  init(
    tolerance: Double, _ write: @escaping (Program<[Tensor<S>], [Tensor<S>]>, [Tensor<S>]) throws -> [UInt8]
  ) { (self.tolerance, self.write) = (tolerance, write) }

  /// Adds a program, its arguments and its results on them.
  mutating func add(_ name: String, _ program: Program<[Tensor<S>], [Tensor<S>]>, _ inputs: [Tensor<S>]) throws {
    try add(name, model: write(program, inputs), inputs: inputs, results: program(inputs))
  }

  /// Adds what an engine is to compute, with arguments (indices last) and results.
  mutating func add(
    _ name: String, model: [UInt8], inputs: [Tensor<S>], indices: StoredArray? = nil, results: [Tensor<S>],
    spreads: [Tensor<Double>] = []
  ) throws {
    var arrays = [("name", try bytes(Array(name.utf8))), ("model", try bytes(model))]
    for (number, tensor) in inputs.enumerated() { arrays.append(("input\(number)", try StoredArray(tensor))) }
    if let indices { arrays.append(("input\(inputs.count)", indices)) }
    for (number, tensor) in results.enumerated() { arrays.append(("result\(number)", try StoredArray(tensor))) }
    for (number, tensor) in spreads.enumerated() { arrays.append(("spread\(number)", try StoredArray(tensor))) }
    for (part, array) in arrays { try file.add(array, named: "\(count).\(part)") }
    count += 1
  }

  private func bytes(_ bytes: [UInt8]) throws -> StoredArray {
    try StoredArray(bytes.map(Int.init), shape: [bytes.count], type: .uint8)
  }

  /// Every row of the table of samples: value and cotangents; or only the value, where cotangents consist of what is refused.
  mutating func addSamples() throws {
    var generator = SeededGenerator(seed: 7)
    for sample in PrimitiveSample.all {
      let operands = try sample.draw(using: &generator).map { Tensor<S>(try $0.array.converted()) }
      do {
        do {
          try add("sample: \(sample)", compiled { (x: [Tensor<S>]) in try valueAndCotangents(sample, x) }, operands)
        } catch is ExportError {
          try add("sample: \(sample), value", compiled { (x: [Tensor<S>]) in [sample(x)] }, operands)
        }
      } catch is ExportError {
        refused.insert("\(type(of: sample.primitive))")
      }
    }
  }

  /// Functions of elements where they are hard: zeros of both signs, infinities, NaN, far from 0 and close to it.
  ///
  /// (Not the derivatives of ln Γ: XLA gives NaN at their poles and at infinity.)
  mutating func addHardElements() throws {
    let numbers: [S] =
      [0, -0.0, 1, -1, 0.5, -2.5, 3, .infinity, -.infinity, .nan, 1e-30, -1e-30, 88, -88, 25, -25, 1e10, -1e10]
      + [1e37, -1e37]
    let n = numbers.count
    for sample in PrimitiveSample.all
    where sample.isElementwise && sample.operands[0].shape == [5]
      && !(sample.primitive is any Checked || sample.primitive is Polygamma)
    {
      let x: [Tensor<S>]
      switch sample.operands.count {
      case 1: x = [Tensor(numbers)]
      case 2: x = [Tensor((0..<n * n).map { numbers[$0 / n] }), Tensor((0..<n * n).map { numbers[$0 % n] })]
      default: continue
      }
      do {
        try add("hard: \(sample.primitive)", compiled { (x: [Tensor<S>]) in [sample(x)] }, x)
      } catch is ExportError {
        refused.insert("\(type(of: sample.primitive))")
      }
    }
  }

  /// So many random graphs of what is not refused, their last value and its gradient: those that are finite, and stay known to two
  /// digits where each operation is as far off as the engine's may be.
  mutating func addRandomGraphs(_ number: Int) throws {
    let last = count + number
    for seed in 0..<UInt64(20 * number) where count < last {
      var generator = SeededGenerator(seed: seed)
      let graph = RandomGraph(limit: 30, using: &generator)
      let inputs = try graph.inputs.map {
        Tensor<S>(try Tensor<Double>.randomNormal($0, using: &generator).array.converted())
      }
      let program: Program<[Tensor<S>], [Tensor<S>]> = graph.derived(), model: [UInt8]
      do { model = try write(program, inputs) } catch is ExportError { continue }
      let results = try program(inputs)
      guard let spreads = try spreads(of: results, graph.derived(), inputs, using: &generator) else { continue }
      try add("graph: seed \(seed)", model: model, inputs: inputs, results: results, spreads: spreads)
    }
    if count < last { throw TensorError("only \(count + number - last) random graphs are written") }
  }

  /// How far results lie from those of inexact runs of the same program, at most; nil where that is more than a hundredth of the
  /// larger of 1 and the result, or something is not finite.
  private func spreads(
    of results: [Tensor<S>], _ program: Program<[Tensor<Double>], [Tensor<Double>]>, _ inputs: [Tensor<S>],
    using generator: inout SeededGenerator
  ) throws -> [Tensor<Double>]? {
    let inputs = try inputs.map { Tensor<Double>(try $0.array.converted()) }
    let results = try results.map { Tensor<Double>(try $0.array.converted()) }
    let run = InexactRun(graph: try program.graph(for: inputs), error: tolerance * Double(S.ulpOfOne))
    var spreads = try results.map { try $0.array * 0 }
    for _ in 0..<10 {
      for (k, other) in try run(inputs.map { try $0.array }, using: &generator).enumerated() {
        let distance = try abs(Tensor(other) - results[k]).array
        // NaN is larger than all numbers.
        spreads[k] = NDArray.elementwise(.maximum, spreads[k], distance)
      }
    }
    let isKnown = try zip(spreads, results).allSatisfy { spread, result in
      try zip(spread.scalars, result.scalars).allSatisfy { $0 <= max(1, Swift.abs($1)) / 100 }
    }
    return isKnown ? spreads.map { Tensor($0) } : nil
  }
}

extension RandomGraph {
  /// The sum of the last value, and its gradient by the inputs.
  fileprivate func derived<T: TensorScalar>() -> Program<[Tensor<T>], [Tensor<T>]> {
    compiled { (inputs: [Tensor<T>]) in
      let (value, gradient) = try valueWithGradient(at: inputs) { values($0).last?.sum() ?? Tensor(0) }
      return [value] + gradient
    }
  }
}
