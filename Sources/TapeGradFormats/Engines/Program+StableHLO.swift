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
  /// The module's text, with integers for the inputs that are indices.
  func stableHLO() throws(ExportError) -> String { try stableHLO(integers: indexInputs, donating: []) }

  /// The module's text for an engine that gets all inputs as they are here, and takes over the memory of some.
  package func stableHLO(donating donated: Set<Int>) throws(ExportError) -> String {
    try stableHLO(integers: [], donating: donated)
  }

  private func stableHLO(integers indexInputs: Set<Int>, donating donated: Set<Int>) throws(ExportError) -> String {
    var taken: Set<String> = []
    let arguments = inputs.enumerated().map { number, input in
      var name = StableHLOWriter.identifier(input.name)
      while !taken.insert(name).inserted { name += "_" }
      return StableHLOValue(
        name: "%" + name,
        type: StableHLOType(input.shape, indexInputs.contains(number) ? .index : .init(input.scalarType)))
    }
    let types = results.map { StableHLOType(nodes[$0].shape, .init(nodes[$0].scalarType)) }
    var writer = StableHLOWriter(self, taken: taken, depth: 2)
    let values: [StableHLOValue]
    if let rounds {
      values = try loop(rounds, arguments, types, &writer)
    } else {
      values = try writer.write(inputs: arguments)
    }
    let aliases = aliases(arguments.map(\.type), donated, types)
    let parameters = arguments.indices.map {
      "\(arguments[$0]): \(arguments[$0].type)\(aliases[$0].map { " {tf.aliasing_output = \($0) : i32}" } ?? "")"
    }.joined(separator: ", ")
    let names = values.map(\.name).joined(separator: ", "), list = types.map { "\($0)" }.joined(separator: ", ")
    // A name may hold anything, the end of a line too.
    let title = [inputs.map(\.name), resultNames].map { $0.joined(separator: ", ") }.joined(separator: " → ")
      .replacing(/\R/, with: " ")
    return """
      // \(title)
      module @program {
        func.func public @main(\(parameters)) -> (\(list)) {
      \(writer.lines.joined(separator: "\n"))
          return \(values.isEmpty ? "" : "\(names) : \(list)")
        }
      }

      """
  }

  /// For each argument that is donated the result that takes over its memory, the first of its type that is left.
  private func aliases(_ arguments: [StableHLOType], _ donated: Set<Int>, _ results: [StableHLOType]) -> [Int: Int] {
    var aliases: [Int: Int] = [:], taken: Set<Int> = []
    for argument in donated.sorted() {
      guard let result = results.indices.first(where: { results[$0] == arguments[argument] && !taken.contains($0) })
      else { continue }
      aliases[argument] = result
      taken.insert(result)
    }
    return aliases
  }

  /// The body so many times, its first results the next arguments. What else it returns is 0 before the first round.
  private func loop(
    _ rounds: Int, _ arguments: [StableHLOValue], _ types: [StableHLOType], _ outside: inout StableHLOWriter
  ) throws(ExportError) -> [StableHLOValue] {
    let before = Array(arguments.prefix(states)) + types.dropFirst(states).map { outside.number(0, $0) }
    return try outside.loop(rounds, over: self, from: before) { inside, _, carried throws(ExportError) in
      try inside.write(inputs: Array(carried.prefix(states)) + arguments.dropFirst(states))
    }
  }
}
