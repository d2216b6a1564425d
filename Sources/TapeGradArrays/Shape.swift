/// The lengths of an array's axes, in line: rank 0 (a single number) to rank 8, row-major.
///
/// A shape never traps while it is made. Lengths that no array can have (a negative one, more than eight, a product
/// that overflows) give a shape with a ``defect``, and whatever is asked to use it reports that.
public struct Shape: Hashable, Sendable {
  /// The largest number of axes.
  public static let maximumRank = 8

  private typealias Lengths = (Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32)

  /// The lengths; 1 beyond `rank`.
  private var lengths: Lengths = (1, 1, 1, 1, 1, 1, 1, 1)
  private var storedRank: UInt8 = 0

  /// Why no array can have this shape; nil for a usable shape.
  public private(set) var defect: ShapeDefect?

  /// The shape of a single number: rank 0, one element.
  public init() {}

  /// A shape with these axis lengths.
  public init(_ lengths: some Collection<Int>) {
    guard lengths.count <= Shape.maximumRank else {
      defect = .rank
      return
    }
    var product = 1
    for (axis, length) in lengths.enumerated() {
      guard length >= 0 else {
        defect = .negative
        return
      }
      let (next, overflow) = product.multipliedReportingOverflow(by: max(length, 1))
      guard !overflow, next < Int.max / 16, length <= Int(Int32.max) else {
        defect = .size
        return
      }
      product = next
      storedRank += 1
      self[axis] = length
    }
  }

  /// The number of axes.
  public var rank: Int { Int(storedRank) }

  /// The number of elements: the product of the lengths, 1 for rank 0.
  public var count: Int {
    var product = 1
    for axis in 0..<rank { product *= self[axis] }
    return product
  }

  /// The length of an axis.
  public internal(set) subscript(axis: Int) -> Int {
    get {
      precondition(axis >= 0 && axis < rank, "axis out of range")
      return withUnsafeBytes(of: lengths) { Int($0.load(fromByteOffset: axis * 4, as: Int32.self)) }
    }
    set {
      withUnsafeMutableBytes(of: &lengths) {
        $0.storeBytes(of: Int32(truncatingIfNeeded: newValue), toByteOffset: axis * 4, as: Int32.self)
      }
    }
  }

  /// The lengths as an array.
  public var dimensions: [Int] { (0..<rank).map { self[$0] } }

  /// The axis that `axis` names, counting from the end where it is negative; nil where there is none.
  public func axis(_ axis: Int) -> Int? {
    let resolved = axis < 0 ? axis + rank : axis
    return resolved >= 0 && resolved < rank ? resolved : nil
  }

  /// The product of the lengths of the axes in `range`.
  package func count(of range: Range<Int>) -> Int {
    var product = 1
    for axis in range { product *= self[axis] }
    return product
  }

  /// How many elements lie between neighbours along each axis.
  package var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) { strides[axis] = strides[axis + 1] * max(self[axis + 1], 1) }
    return strides
  }

  /// This shape with axis `axis` of another length.
  public func replacing(axis: Int, with length: Int) -> Shape {
    var lengths = dimensions
    lengths[axis] = length
    return Shape(lengths)
  }

  public static func == (a: Shape, b: Shape) -> Bool {
    a.storedRank == b.storedRank && a.defect == b.defect && a.lengths.0 == b.lengths.0 && a.lengths.1 == b.lengths.1
      && (a.storedRank <= 2 || (2..<a.rank).allSatisfy { a[$0] == b[$0] })
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(storedRank)
    for axis in 0..<rank { hasher.combine(self[axis]) }
  }
}

/// Why no array can have a shape.
public enum ShapeDefect: UInt8, Sendable, CustomStringConvertible {
  /// More than eight axes.
  case rank
  /// A negative length.
  case negative
  /// A length beyond 2³¹ − 1, or too many elements for memory.
  case size

  public var description: String {
    switch self {
    case .rank: "a shape has at most \(Shape.maximumRank) axes"
    case .negative: "a shape has no negative lengths"
    case .size: "the shape has more elements than memory can hold"
    }
  }
}

extension Shape: ExpressibleByArrayLiteral {
  public init(arrayLiteral lengths: Int...) { self.init(lengths) }
}

extension Shape: CustomStringConvertible {
  /// `(2, 3)`; `()` for a single number.
  public var description: String {
    if let defect { return "(invalid: \(defect))" }
    return "(" + dimensions.map(String.init).joined(separator: ", ") + ")"
  }
}
