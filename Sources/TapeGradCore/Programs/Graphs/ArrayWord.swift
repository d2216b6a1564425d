/// What a primitive that evaluates on arrays computes, in words that other engines have too.
package enum ArrayWord: Sendable {
  /// `w ∗ x`, and its two transposes: of the result and the filters the images, of images and result the filters.
  case convolution(ConvolutionLayout), convolutionImages(ConvolutionLayout), convolutionWeights(ConvolutionLayout)
  /// The largest element of each window of images.
  case maxPool(Pooling)
  /// The first operand put where the second has the largest elements of its windows, in equal parts; and the transpose.
  case maxSpread(Pooling), maxCollect(Pooling)
  /// Zeros, to which the operand is added where a reading with strides finds its elements.
  case stridedSum(start: Int, strides: [Int])
  case loop(LoopWord)
  /// The second operand's indices along an axis, sorted; ties stay in order, NaN is the largest.
  case argSort(axis: Int, isDescending: Bool)
  /// The index of the second operand's first largest or smallest element along an axis; of NaN, where there is one.
  case argMax(axis: Int, isOfMinimum: Bool)
  /// One index in the second operand for each element, along an axis: what stands there; zeros with the elements added there.
  case takeAlong(axis: Int), addAlong(axis: Int)
  /// Slices of the second operand in the place of those at the indices in the third; the last one stays.
  case replace(axis: Int)
  /// The first operand, one number, for each index in the second that does not come again; 0 for the others.
  case lastOccurrence(count: Int)
  /// The lower factor of a positive definite matrix, of which the lower triangle is read.
  case cholesky
  /// `op(T)·X = B`, of one triangle of T.
  case triangularSolve(Triangle)
  /// `A·X = B`, or `Aᵀ·X = B`, by elimination with partial pivoting.
  case solve(isTransposed: Bool)
  /// From the pivots of that: `det A`, `ln |det A|`, and the sign of `det A`.
  case determinant, logDeterminant, determinantSign
}

extension ArrayWord {
  /// Whether it has a result whatever the numbers are. (An index may be out of range. A singular matrix gives ∞ or NaN.)
  var isTotal: Bool {
    switch self {
    case .convolution, .convolutionImages, .convolutionWeights, .maxPool, .maxSpread, .maxCollect, .stridedSum,
      .argSort, .argMax, .cholesky, .triangularSolve, .solve, .determinant, .logDeterminant, .determinantSign:
      true
    case .loop(let word): word.isTotal
    case .takeAlong, .addAlong, .replace, .lastOccurrence: false
    }
  }
}

/// A primitive that exporters find a word for.
package protocol Worded: Primitive {
  /// What it computes.
  var word: ArrayWord { get }
}

/// A loop: its operands are the states, stacked arguments with a row for each step, and what is the same in every step. Its
/// result is one axis, with a block for each state: what it begins with and what it is after each step, row by row, in the
/// order of the arguments' rows (in reverse, it begins with the last row of the block).
package struct LoopWord: Sendable {
  package let count: Int
  /// Whether the last row is the first step's.
  package let isReversed: Bool
  package let states, stacked: Int
  private let step: Trace

  init(_ step: Trace, count: Int, isReversed: Bool, states: Int, stacked: Int) {
    (self.step, self.count, self.isReversed) = (step, count, isReversed)
    (self.states, self.stacked) = (states, stacked)
  }

  /// Whether every step has a result.
  fileprivate var isTotal: Bool { !step.lowered.nodes.contains { $0.operation.mayRefuse } }

  /// What one step does: of states, one row of each stacked argument, and the rest, the next states.
  ///
  /// - Throws: what a checkpoint's function in it throws.
  package func body() throws -> ProgramGraph { try ProgramGraph(step: step) }
}
