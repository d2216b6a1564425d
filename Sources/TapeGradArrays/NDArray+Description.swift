extension NDArray: CustomStringConvertible {
  /// The elements in nested brackets and aligned columns; of a number alone, its own description.
  ///
  /// The largest number is given 8 digits, if it needs so many, and the others as many places. Numbers are written with
  /// exponents where some that are not 0 differ by more than a factor of 1000, are below 10⁻⁴, or reach 10⁸ (10⁶ for
  /// Float), as in NumPy; whole numbers below that limit never are. Arrays of more than 1000 elements show three at each
  /// end of a long axis, and only those are formatted.
  public var description: String { formatted() }

  /// The elements as in the description, with other limits.
  ///
  /// - Parameters:
  ///   - precision: how many digits the largest number is given, if it needs so many.
  ///   - threshold: of arrays of more elements, three are shown at each end of a long axis.
  public func formatted(precision: Int = 8, threshold: Int = 1000) -> String {
    let precision = max(precision, 1)
    if shape.rank == 0 { return precision < 8 ? formattedCells([scalars[0]], precision)[0] : scalars[0].description }
    if count == 0 { return shape.rank == 1 ? "[]" : "[] of shape \(shape)" }
    return Layout(self, precision, threshold).text
  }
}

/// Which elements are shown, and how they are arranged.
private struct Layout<Scalar: TensorScalar> {
  private static var lineWidth: Int { 75 }
  private let shape: Shape
  /// The indices shown along each axis; nil stands for those left out.
  private let indices: [[Int?]]
  /// The formatted elements, in row-major order.
  private let cells: [String]

  init(_ array: NDArray<Scalar>, _ precision: Int, _ threshold: Int) {
    shape = array.shape
    let isSummarized = array.count > threshold
    indices = shape.dimensions.map { length in
      isSummarized && length > 6 ? [0, 1, 2, nil, length - 3, length - 2, length - 1] : Array(0..<length)
    }
    var offsets = [0]
    for axis in 0..<shape.rank {
      let shown = indices[axis].compactMap(\.self), length = shape[axis]
      offsets = offsets.flatMap { offset in shown.map { offset * length + $0 } }
    }
    cells = array.withUnsafeBufferPointer { scalars in formattedCells(offsets.map { scalars[$0] }, precision) }
  }

  var text: String {
    var rest = cells[...]
    return text(axis: 0, &rest)
  }

  /// The part of the array along `axis` and those after it, which uses up the first of the cells.
  private func text(axis: Int, _ cells: inout ArraySlice<String>) -> String {
    let axesAfter = shape.rank - 1 - axis, indentation = String(repeating: " ", count: axis + 1)
    if axesAfter > 0 {
      let parts = indices[axis].map { $0 == nil ? "…" : text(axis: axis + 1, &cells) }
      return "[" + parts.joined(separator: "," + String(repeating: "\n", count: axesAfter) + indentation) + "]"
    }
    // The last axis fills lines.
    var lines: [String] = []
    for index in indices[axis] {
      let word = index == nil ? "…" : cells.removeFirst()
      if let line = lines.last, indentation.count + line.count + word.count + 3 <= Layout.lineWidth {
        lines[lines.count - 1] = line + ", " + word
      } else {
        lines.append(word)
      }
    }
    return "[" + lines.joined(separator: ",\n" + indentation) + "]"
  }
}

/// The numbers with as many digits as tell them apart, at most `precision` in the largest, all of one width.
private func formattedCells<Scalar: TensorScalar>(_ numbers: [Scalar], _ precision: Int) -> [String] {
  let finite = numbers.filter(\.isFinite), magnitudes = finite.map(\.magnitude).filter { $0 != 0 }
  let smallest = magnitudes.min() ?? 1, largest = magnitudes.max() ?? 1
  let limit: Scalar = Scalar.scalarType == .float ? 1e6 : 1e8
  let isWhole = finite.allSatisfy { $0 == $0.rounded() }
  let isScientific = largest >= limit || !isWhole && (smallest < 1e-4 || largest / smallest > 1000)

  let places = precision - 1 - Decimal(largest).exponent
  let decimals = numbers.map { number -> Decimal? in
    guard number.isFinite else { return nil }
    let decimal = Decimal(number)
    return decimal.rounded(places: isScientific ? precision - 1 - decimal.exponent : places)
  }
  let shownPlaces = decimals.compactMap { isScientific ? $0?.scientificPlaces : $0?.fixedPlaces }.max() ?? 0
  let cells = zip(numbers, decimals).map { number, decimal in
    guard let decimal else { return number.isNaN ? "nan" : number.description }
    return isScientific ? decimal.scientific(places: shownPlaces) : decimal.fixed(places: shownPlaces)
  }
  let width = cells.map(\.count).max() ?? 0
  return cells.map { $0.rightAligned(in: width) }
}
