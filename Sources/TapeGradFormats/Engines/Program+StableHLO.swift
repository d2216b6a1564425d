public import TapeGradCore

// A module has one function, whose arguments and results are the program's tensors, flat. Of
// compiled { (w: Tensor<Float>, x: Tensor<Float>) in tanh(matmul(w, x)) }:
//
//   module @program {
//     func.func public @main(%input0: tensor<4x3xf32>, %input1: tensor<3x50xf32>) -> tensor<4x50xf32> {
//       %2 = stablehlo.dot_general %input0, %input1, contracting_dims = [1] x [0], …
//       %3 = stablehlo.tanh %2 : tensor<4x50xf32>
//       return %3 : tensor<4x50xf32>
//     }
//   }
//
// A loop is a `stablehlo.while` over the number of the round, the states, and the last round's other results.

extension Program {
  /// What the program computes for arguments of these shapes, as text in StableHLO: the language of XLA (CPU, GPU, TPU,
  /// many hosts), IREE, and whatever loads PJRT plugins.
  ///
  /// The module's function `main` takes the arguments' tensors one after the other, in visiting order, and returns the
  /// results'. `Indices` are 32-bit integers there. A program that `repeated` made is a loop in the text, gradients inside
  /// are operations like all others. What the function captured is constant.
  ///
  /// Engines round in their own ways: sums in another order, functions to another last digit. An index that is out of
  /// bounds, which is an error here, is none there. The text uses operations that readers have known since 2024.
  ///
  /// - Throws: ``ExportError`` that names a primitive which evaluates on arrays, and so has no words; and what a call throws
  ///   while it traces the function.
  public func stableHLO(for input: repeat each Input) throws -> String {
    try graph(for: repeat each input).stableHLO()
  }
}

extension ProgramGraph {
  /// The module's text.
  func stableHLO() throws(ExportError) -> String {
    let indexInputs = indexInputs
    var taken: Set<String> = []
    let arguments = inputs.enumerated().map { number, input in
      var name = StableHLOWriter.identifier(input.name)
      while !taken.insert(name).inserted { name += "_" }
      return StableHLOValue(
        name: "%" + name,
        type: StableHLOType(input.shape, indexInputs.contains(number) ? .index : .init(input.scalarType)))
    }
    let types = results.map { StableHLOType(nodes[$0].shape, .init(nodes[$0].scalarType)) }
    let (lines, values) =
      try rounds == nil
      ? body(arguments, taken, depth: 2) : loop(arguments, types, taken)
    let parameters = arguments.map { "\($0): \($0.type)" }.joined(separator: ", ")
    let names = values.map(\.name).joined(separator: ", "), list = types.map { "\($0)" }.joined(separator: ", ")
    // A name may hold anything, the end of a line too.
    let title = [inputs.map(\.name), resultNames].map { $0.joined(separator: ", ") }.joined(separator: " → ")
      .replacing(/\R/, with: " ")
    return """
      // \(title)
      module @program {
        func.func public @main(\(parameters)) -> (\(list)) {
      \(lines.joined(separator: "\n"))
          return \(values.isEmpty ? "" : "\(names) : \(list)")
        }
      }

      """
  }

  private func body(
    _ arguments: [StableHLOValue], _ taken: Set<String>, depth: Int
  ) throws(ExportError) -> (lines: [String], results: [StableHLOValue]) {
    var writer = StableHLOWriter(self, taken: taken, depth: depth)
    let results = try writer.write(inputs: arguments)
    return (writer.lines, results)
  }

  /// The body so many times, its first results the next arguments. What else it returns is 0 before the first round.
  private func loop(
    _ arguments: [StableHLOValue], _ types: [StableHLOType], _ taken: Set<String>
  ) throws(ExportError) -> (lines: [String], results: [StableHLOValue]) {
    var outside = StableHLOWriter(self, taken: taken, depth: 2)
    let counter = StableHLOType([], .index)
    let start = outside.number(0, counter), one = outside.number(1, counter)
    let end = outside.number(Double(rounds ?? 1), counter)
    let before = Array(arguments.prefix(states)) + types.dropFirst(states).map { outside.number(0, $0) }
    let carried = types.indices.map { StableHLOValue(name: "%loop.value\($0)", type: types[$0]) }
    let inside = try body(Array(carried.prefix(states)) + arguments.dropFirst(states), outside.taken, depth: 3)
    let pairs = zip(carried, before).map { ", \($0) = \($1)" }.joined()
    let list = ([counter] + types).map { "\($0)" }.joined(separator: ", ")
    outside.line("%loop.results:\(types.count + 1) = stablehlo.while(%loop.round = \(start)\(pairs)) : \(list)")
    outside.line("cond {")
    outside.line(
      "  %loop.goesOn = stablehlo.compare LT, %loop.round, \(end), SIGNED : (\(counter), \(counter)) -> tensor<i1>")
    outside.line("  stablehlo.return %loop.goesOn : tensor<i1>")
    outside.line("} do {")
    let values = inside.results.map { ", \($0)" }.joined()
    let lines =
      outside.lines + inside.lines + [
        "      %loop.next = stablehlo.add %loop.round, \(one) : \(counter)",
        "      stablehlo.return %loop.next\(values) : \(list)",
        "    }",
      ]
    return (lines, types.indices.map { StableHLOValue(name: "%loop.results#\($0 + 1)", type: types[$0]) })
  }
}
