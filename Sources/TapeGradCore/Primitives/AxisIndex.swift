// What may stand in a subscript, one for each axis from the first on:
//
//   x[0]          a number: the slice there, without the axis          x[-1]          counted from the end
//   x[1..<3]      a range; also 1..., ..<3, 1...2                      x[.all, 2]     everything of the first axis
//   x[.every(2)]  steps; .every(-1) is backwards                       x[[0, 0, 2]]   these, in this order
//   x[.ellipsis, 0]    the last axis, whatever the rank                x[.newAxis]    a new axis of length 1

/// What a subscript takes along one axis.
public struct AxisIndex: Sendable {
  enum Choice {
    case all, ellipsis, newAxis
    case number(Int)
    /// From one index up to but not including another, nil for the ends; negative ones count from the end.
    case range(Int?, Int?)
    case steps(Int, from: Int?, to: Int?)
    case list([Int])
    case lookup(Indices)
  }
  let choice: Choice
}

/// What can be written in a subscript of a tensor: numbers, ranges, arrays of numbers, ``Indices``, and the words `.all`,
/// `.every(2)`, `.newAxis`, `.ellipsis`.
public protocol AxisSubscript: Sendable {
  /// The choice that it stands for.
  var axisIndex: AxisIndex { get }
}

extension AxisIndex: AxisSubscript {
  /// Itself.
  public var axisIndex: AxisIndex { self }
}

extension AxisSubscript where Self == AxisIndex {
  /// Everything along an axis.
  public static var all: AxisIndex { AxisIndex(choice: .all) }

  /// Everything along as many axes as the other subscripts leave. At most once.
  public static var ellipsis: AxisIndex { AxisIndex(choice: .ellipsis) }

  /// A new axis of length 1.
  public static var newAxis: AxisIndex { AxisIndex(choice: .newAxis) }

  /// Every `step`th element, from one index up to but not including another; backwards where the step is negative. What is
  /// left out is the end, or the beginning: `.every(-1)` is all elements backwards.
  public static func every(_ step: Int, from start: Int? = nil, to end: Int? = nil) -> AxisIndex {
    AxisIndex(choice: .steps(step, from: start, to: end))
  }
}

extension Int: AxisSubscript {
  /// The slice at this index, without the axis.
  public var axisIndex: AxisIndex { AxisIndex(choice: .number(self)) }
}

extension Range: AxisSubscript where Bound == Int {
  /// The part with indices in the range.
  public var axisIndex: AxisIndex { AxisIndex(choice: .range(lowerBound, upperBound)) }
}

extension ClosedRange: AxisSubscript where Bound == Int {
  /// The part with indices in the range.
  public var axisIndex: AxisIndex {
    AxisIndex(choice: .range(lowerBound, upperBound == -1 ? nil : upperBound &+ 1))
  }
}

extension PartialRangeFrom: AxisSubscript where Bound == Int {
  /// The part from an index on; `(-2)...` are the last two.
  public var axisIndex: AxisIndex { AxisIndex(choice: .range(lowerBound, nil)) }
}

extension PartialRangeUpTo: AxisSubscript where Bound == Int {
  /// The part before an index; `..<(-1)` is all but the last.
  public var axisIndex: AxisIndex { AxisIndex(choice: .range(nil, upperBound)) }
}

extension PartialRangeThrough: AxisSubscript where Bound == Int {
  /// The part up to an index, which is included.
  public var axisIndex: AxisIndex { AxisIndex(choice: .range(nil, upperBound == -1 ? nil : upperBound &+ 1)) }
}

extension [Int]: AxisSubscript {
  /// The slices at these indices, in this order.
  public var axisIndex: AxisIndex { AxisIndex(choice: .list(self)) }
}

extension Indices: AxisSubscript {
  /// The slices at these indices, in this order; the axis is replaced by those of the indices.
  public var axisIndex: AxisIndex { AxisIndex(choice: .lookup(self)) }
}
