internal import CTapeGradKernels

/// The lengths of an array's axes, in line: rank 0 (a single number) to rank 8, row-major.
///
/// A shape never traps while it is made. Lengths that no array can have (a negative one, more than eight, a product
/// that overflows) give a shape of rank 0 with a ``defect``, and whatever is asked to use it reports that.
public struct Shape: Hashable, Sendable {
  /// The largest number of axes.
  public static let maximumRank = 8

  /// The largest number of elements: as many of the smallest as this machine's memory holds.
  package static let maximumCount = tg_memory_size() / 4

  /// The lengths; 1 beyond `rank`.
  private var lengths = AxisVector<Int32>(repeating: 1)
  private var storedRank: UInt8 = 0

  /// Why no array can have this shape; nil for a usable shape.
  public private(set) var defect: ShapeDefect?

  /// The shape of a single number: rank 0, one element.
  public init() {}

  /// A shape with these axis lengths.
  public init(_ lengths: some Collection<Int>) {
    var rest = lengths.makeIterator()
    self.init(rank: lengths.count) { _ in rest.next() ?? 0 }
  }

  /// A shape of `rank` axes, with the lengths that `length` gives for axis 0, 1, 2 and so on.
  @inline(__always) package init<E: Error>(rank: Int, length: (Int) throws(E) -> Int) throws(E) {
    guard rank <= Shape.maximumRank else {
      defect = .rank
      return
    }
    var lengths = AxisVector<Int32>(repeating: 1), product = 1
    for axis in 0..<rank {
      let length = try length(axis)
      let (next, overflow) = product.multipliedReportingOverflow(by: max(length, 1))
      guard length >= 0, length <= Int(Int32.max), !overflow, next <= Shape.maximumCount else {
        defect = length < 0 ? .negative : .size
        return
      }
      lengths[axis] = Int32(truncatingIfNeeded: length)
      product = next
    }
    self.lengths = lengths
    storedRank = UInt8(truncatingIfNeeded: rank)
  }

  /// The number of axes.
  public var rank: Int { Int(storedRank) }

  /// The number of elements: the product of the lengths, 1 for rank 0.
  public var count: Int {
    var product = 1
    for axis in 0..<rank { product *= Int(lengths[axis]) }
    return product
  }

  /// The length of an axis; 0 where the shape has a defect. An axis out of range stops the process with a message.
  @inline(__always) public subscript(axis: Int) -> Int {
    guard axis >= 0 && axis < rank else { return lengthOutOfRange(axis) }
    return Int(lengths[axis])
  }

  @inline(never) private func lengthOutOfRange(_ axis: Int) -> Int {
    guard defect != nil else { fatalError("there is no axis \(axis) in shape \(self)") }
    return 0
  }

  /// The shape of what has none, because an error stands in its place.
  package static let unknown: Shape = {
    var shape = Shape()
    shape.defect = .unknown
    return shape
  }()

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

  /// How many elements lie between neighbors along each axis.
  package var strides: AxisVector<Int> {
    var strides = AxisVector(repeating: 0), step = 1
    for axis in (0..<rank).reversed() {
      strides[axis] = step
      step *= max(self[axis], 1)
    }
    return strides
  }

  /// This shape with axis `axis` of another length.
  public func replacing(axis: Int, with length: Int) -> Shape {
    precondition(axis >= 0 && axis < rank, "axis out of range")
    return Shape(rank: rank) { $0 == axis ? length : self[$0] }
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
  /// That of a failed tensor.
  case unknown

  /// What arrays ask of a shape and this one lacks.
  public var description: String {
    switch self {
    case .rank: "a shape has at most \(Shape.maximumRank) axes"
    case .negative: "a shape has no negative lengths"
    case .size: "the shape has more elements than this machine's memory holds (\(tg_memory_size() >> 20) MiB)"
    case .unknown: "a failed tensor has no shape"
    }
  }
}

extension Shape: ExpressibleByArrayLiteral {
  /// `[2, 3]`: two rows, three columns. `[]` is the shape of a single number.
  public init(arrayLiteral lengths: Int...) { self.init(lengths) }
}

extension Shape: CustomStringConvertible {
  /// `(2, 3)`; `()` for a single number.
  public var description: String {
    if let defect { return "(invalid: \(defect))" }
    return "(" + dimensions.map(String.init).joined(separator: ", ") + ")"
  }
}
