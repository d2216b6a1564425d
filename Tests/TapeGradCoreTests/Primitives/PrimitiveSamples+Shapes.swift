import TapeGradArrays
import TapeGradAudit

@testable import TapeGradCore

extension PrimitiveSample {
  /// Rows for views, indexing along axes, convolutions and linear algebra.
  static let shapeWords = views + alongAxes + convolutions + poolings + systems

  private static let layouts: [StridedLayout] = [
    StridedLayout("flip", of: [2, 3], [2, 3], start: 5, strides: [-3, -1]),
    StridedLayout("steps", of: [5], [3], strides: [2]),
    StridedLayout("diagonal", of: [3, 3], [3], strides: [4]),
    StridedLayout("windows", of: [6], [3, 4], strides: [1, 1]),
    StridedLayout("windows", of: [2, 4, 4], [2, 2, 2, 3, 3], strides: [4, 1, 16, 4, 1]),
    StridedLayout("number", of: [2, 2], [], start: 3, strides: []),
    StridedLayout("empty", of: [3], [0], strides: [1]), StridedLayout("empty", of: [0, 2], [0], strides: [1]),
  ]

  private static let views = layouts.flatMap { layout in
    [
      PrimitiveSample(View(layout: layout), layout.source),
      PrimitiveSample(ViewTranspose(layout: layout), layout.shape),
    ]
  }

  private static func at(
    _ indices: [Int], _ shape: Shape, _ primitive: any Primitive, _ operands: Shape..., order: Int = 2
  ) -> PrimitiveSample {
    var sample = PrimitiveSample(primitive, operands: operands.map { SampleOperand(shape: $0) }, order: order)
    sample.indices = Indices(indices, shape: shape)
    return sample
  }

  private static let alongAxes = [
    at([2, 0, 0, 1], [2, 2], TakeAlong(axis: 1), [2, 3]), at([1, 1, 0], [1, 3], TakeAlong(axis: 0), [2, 3]),
    at([], [2, 0], TakeAlong(axis: 1), [2, 3]), at([2, 0, 0, 0], [2, 2], AddAlong(axis: 1, length: 3), [2, 2]),
    at([], [0, 2], AddAlong(axis: 0, length: 3), [0, 2]), at([1, 3, 1], [3], Replace(axis: 0), [4, 2], [3, 2]),
    at([2, 2], [2], Replace(axis: 1), [2, 3], [2, 2]), at([], [0], Replace(axis: 0), [2], [0]),
    at([1, 3, 1], [3], LastOccurrence(count: 4), [], order: 0),
  ]

  private static let convolutions: [PrimitiveSample] = [
    layout([2, 2, 4, 5], [3, 2, 3, 2]), layout([1, 1, 5, 5], [2, 1, 3, 3], stride: (2, 1), padding: (1, 2)),
    layout([2, 4, 3, 3], [2, 2, 2, 2], padding: (1, 1), groups: 2),
    layout([1, 2, 5, 6], [1, 2, 2, 2], dilation: (2, 3)),
    layout([3, 2, 2, 2], [2, 2, 1, 1]), layout([0, 2, 3, 3], [2, 2, 2, 2]), layout([2, 0, 3, 3], [2, 0, 2, 2]),
    layout([2, 1, 5, 4], [1, 1, 2, 2], stride: (3, 3)),
  ].compactMap(\.self).flatMap { layout in
    [
      PrimitiveSample(Convolution(layout: layout), layout.images, layout.filters),
      PrimitiveSample(ConvolutionImages(layout: layout), layout.results, layout.filters),
      PrimitiveSample(ConvolutionWeights(layout: layout), layout.images, layout.results),
    ]
  }

  private static func layout(
    _ images: Shape, _ filters: Shape, stride: (Int, Int) = (1, 1), padding: (Int, Int) = (0, 0),
    dilation: (Int, Int) = (1, 1), groups: Int = 1
  ) -> ConvolutionLayout? {
    let geometry = ConvolutionGeometry(
      stride: .init(stride.0, stride.1), padding: .init(padding.0, padding.1), dilation: .init(dilation.0, dilation.1),
      groups: groups)
    return try? ConvolutionLayout(images, filters, geometry)
  }

  private typealias Window = (images: Shape, size: (Int, Int), stride: (Int, Int), padding: (Int, Int))
  private static let windows: [Window] = [
    ([1, 2, 4, 4], (2, 2), (2, 2), (0, 0)), ([2, 1, 5, 4], (3, 2), (2, 1), (1, 1)),
    ([1, 1, 1, 3], (1, 2), (1, 1), (0, 0)), ([0, 2, 3, 3], (2, 2), (1, 1), (0, 0)),
  ]

  private static let poolings = windows.flatMap { (window: Window) -> [PrimitiveSample] in
    let images = window.images
    guard let pooling = try? Pooling(images, window.size, window.stride, window.padding) else { return [] }
    // Where the maxima are stays the same while the numbers that are moved change.
    let image = SampleOperand(shape: images) { _ in
      let numbers = (0..<images.count).map { (k: Int) -> Double in Double(7 * k % 11) + Double(k) / 64 }
      return Tensor(numbers, shape: images)
    }
    return [
      PrimitiveSample(MaxPool(pooling: pooling), images, isSpaced: true),
      PrimitiveSample(MaxSpread(pooling: pooling), operands: [SampleOperand(shape: pooling.results), image]),
      PrimitiveSample(MaxCollect(pooling: pooling), operands: [SampleOperand(shape: images), image]),
    ]
  }

  /// Matrices far from singular: 3 on the diagonal, small numbers elsewhere, other ones in each.
  private static func matrices(_ shape: Shape, isSymmetric: Bool = false) -> SampleOperand {
    SampleOperand(shape: shape) { _ in
      let n = shape[shape.rank - 1]
      return Tensor(
        (0..<shape.count).map { (place: Int) -> Double in
          let (row, column) = (place / n % n, place % n), matrix = place / (n * n)
          if row == column { return 3 + 0.25 * Double(row + matrix) }
          let isMirrored = isSymmetric && row > column, low = isMirrored ? column : row,
            high = isMirrored ? row : column
          let number: Int = 5 * low + 3 * high + 2 * matrix
          return Double(number % 7 - 3) / 4
        }, shape: shape)
    }
  }

  private static let triangles = [true, false].flatMap { isLower in
    [true, false].flatMap { isTransposed in
      [true, false].map { Triangle(isLower: isLower, isTransposed: isTransposed, hasUnitDiagonal: $0) }
    }
  }

  private static let systemShapes: [(Shape, Shape)] = [
    ([3, 3], [3, 2]), ([2, 2, 2], [2, 2, 1]), ([1, 1], [1, 3]), ([0, 0], [0, 2]), ([2, 2], [2, 0]),
  ]
  private static let solvers: [any Primitive] =
    [Solve(), Solve(isTransposed: true)] + triangles.map { TriangularSolve(triangle: $0) }
  private static let squares: [Shape] = [[3, 3], [2, 2, 2], [1, 1], [0, 0], [0, 2, 2]]

  private static let systems: [PrimitiveSample] =
    systemShapes.flatMap { (a: Shape, b: Shape) in
      solvers.map { PrimitiveSample($0, operands: [matrices(a), SampleOperand(shape: b)]) }
    }
    + squares.flatMap { (a: Shape) -> [PrimitiveSample] in
      let functions: [any Primitive] = [Determinant(), LogDeterminant(), DeterminantSign()]
      return functions.map { PrimitiveSample($0, operands: [matrices(a)]) }
        + [PrimitiveSample(Cholesky(), operands: [matrices(a, isSymmetric: true)])]
    }
}
