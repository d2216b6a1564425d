public import CTapeGradKernels

// What the kernels' list (FunctionList.h) says of each function, beside how it is computed.

/// A function of one element that has a kernel: `.exp`, `.tanh`, `.scale`.
public typealias UnaryFunction = CTapeGradKernels.UnaryFunction
/// A function of two elements that has a kernel: `.add`, `.maximum`.
public typealias BinaryFunction = CTapeGradKernels.BinaryFunction
/// What combines the elements along an axis: `.sum`, `.maximum`.
public typealias Reduction = CTapeGradKernels.Reduction

extension UnaryFunction {
  /// About how many nanoseconds an element takes.
  package var cost: Double { tg_unary_cost(self) }

  /// How the function of `x`, with the number `c`, reads in a plan.
  package func reading(_ x: String, _ c: Double) -> String {
    filled(tg_unary_reading(self), ["x": x, "c": "\(c)"])
  }
}

extension BinaryFunction {
  /// About how many nanoseconds an element takes.
  package var cost: Double { tg_binary_cost(self) }

  /// How the function of `a` and `b` reads in a plan.
  package func reading(_ a: String, _ b: String) -> String { filled(tg_binary_reading(self), ["a": a, "b": b]) }
}

extension Reduction {
  /// Its name: `sum`.
  package var name: String { String(cString: tg_reduction_reading(self)) }
}

/// A template such as `$a + $b` with its operands in place.
private func filled(_ template: UnsafePointer<CChar>, _ operands: [Character: String]) -> String {
  let parts = String(cString: template).split(separator: "$", omittingEmptySubsequences: false)
  return parts.dropFirst().reduce(into: String(parts[0])) { text, part in
    text += part.first.flatMap { operands[$0] } ?? ""
    text += part.dropFirst()
  }
}
