import TapeGradCore

/// The determinant by expansion by minors. The minors of the lower k rows are computed together, one for every choice of
/// k columns, from those of the lower k − 1 rows; so each is computed once, where the recursion of the eval's own
/// implementation computes it again for every order of the rows above.
let determinant = [
  "primal": Function(
    prepare: { (input: DeterminantInput) in
      let a = Tensor(input.a), expansion = Expansion(input.size)
      let program = compiled { (a: Tensor<Double>) in expansion.determinant(a) }
      return { try program(a) }
    }, report: { try $0.item }),
  "gradient": Function(
    prepare: { (input: DeterminantInput) in
      let a = Tensor(input.a), expansion = Expansion(input.size)
      let program = compiled { (a: Tensor<Double>) in try gradient(at: a, of: expansion.determinant) }
      return { try program(a) }
    }, report: { try $0.scalars }),
]

struct DeterminantInput: Decodable {
  let a: [Double]
  let size: Int

  private enum CodingKeys: String, CodingKey {
    case a = "A"
    case size = "ell"
  }
}

/// Which elements and which smaller minors a minor is made of.
private struct Expansion {
  /// For k = 1, 2, …: the minor of columns S is Σⱼ (−1)ʲ a[row, Sⱼ] · minor of S without Sⱼ.
  private struct Level {
    var elements: [Int] = []
    var minors: [Int] = []
    var count = 0
  }
  private var levels: [Level] = []

  init(_ size: Int) {
    // A set of columns is an integer with their bits; within a level, sets stand in the order of these integers.
    var positions: [Int: Int] = [0: 0]
    for k in 1...size {
      var level = Level(), found: [Int: Int] = [:]
      for set in 0..<1 << size where set.nonzeroBitCount == k {
        for column in 0..<size where set & 1 << column != 0 {
          level.elements.append((size - k) * size + column)
          level.minors.append(positions[set & ~(1 << column)] ?? 0)
        }
        found[set] = level.count
        level.count += 1
      }
      levels.append(level)
      positions = found
    }
  }

  @Sendable func determinant(_ a: Tensor<Double>) -> Tensor<Double> {
    var minors = Tensor<Double>([1])
    for (level, k) in zip(levels, 1...) {
      let signs = Tensor<Double>((0..<k).map { $0.isMultiple(of: 2) ? 1 : -1 })
      let products = a.gathered(level.elements) * minors.gathered(level.minors)
      minors = (signs * products.reshaped(to: [level.count, k])).sum(axis: 1)
    }
    return minors.sum()
  }
}
