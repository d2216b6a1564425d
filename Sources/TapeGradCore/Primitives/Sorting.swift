// Sorting, and what is read off a sorted axis.
//
// Only the permutation is an operation of its own; the values are gathered by it, so that cotangents go back to where the
// elements stood.

/// The indices that sort an axis: from the smallest element to the largest, or the other way round. NaN counts as larger
/// than all numbers; elements that tie stay in their order.
struct ArgSort: TakesIndices, Worded, CustomStringConvertible {
  static let name = "argSort"
  static var derivativeRule: DerivativeRule { .zero }
  let axis: Int
  let isDescending: Bool
  var word: ArrayWord { .argSort(axis: axis, isDescending: isDescending) }

  /// The first operand is a number that says in which type the indices are.
  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    _ = try operands[1].validated(axis: axis)
    return operands[1]
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) throws(TensorError) -> NDArray<S> {
    let x = operands.doubles(1), shape = x.shape
    let length = shape[axis], inner = shape.count(of: axis + 1..<shape.rank)
    return x.withUnsafeBufferPointer { x in
      NDArray(shape: shape) { indices in
        for outer in 0..<shape.count(of: 0..<axis) {
          for i in 0..<inner {
            let start = outer * length * inner + i
            let comesBefore = { (a: Int, b: Int) -> Bool in
              let (p, q) = (x[start + a * inner], x[start + b * inner])
              let isLess = q.isNaN ? !p.isNaN : p < q, isGreater = p.isNaN ? !q.isNaN : p > q
              return isLess == isGreater ? a < b : isDescending ? isGreater : isLess
            }
            for (k, index) in (0..<length).sorted(by: comesBefore).enumerated() {
              (indices + start + k * inner).initialize(to: S(index))
            }
          }
        }
      }
    }
  }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> { .zeros(operands.shape(i)) }

  var description: String { "\(Self.name)[axis \(axis)\(isDescending ? ", descending" : "")]" }
}

extension Tensor {
  /// The elements sorted along an axis (by default the last), from the smallest to the largest or the other way round, and
  /// the indices at which they stood.
  ///
  /// Elements that tie stay in their order; NaN counts as larger than all numbers. The derivatives of the values go back to
  /// where the elements stood.
  public func sorted(axis: Int = -1, descending: Bool = false) -> (values: Tensor, indices: Indices) {
    let axis = shape.resolved(axis)
    let indices = Indices(of: self, by: ArgSort(axis: axis, isDescending: descending))
    return (gathered(each: indices, axis: axis), indices)
  }

  /// The `count` largest elements along an axis (by default the last), the largest first, and their indices. More than there
  /// are, or a negative count, give a failed tensor.
  public func topK(_ count: Int, axis: Int = -1) -> (values: Tensor, indices: Indices) {
    let axis = shape.resolved(axis)
    let indices = Indices(of: self, by: ArgSort(axis: axis, isDescending: true))
      .rearranged { $0.sliced(0..<(count < 0 ? .max : count), axis: axis) }
    return (gathered(each: indices, axis: axis), indices)
  }

  /// The middle element, of an even number of them the mean of the two in the middle; over all elements, or along an axis,
  /// which is removed. NaN where there is one.
  public func median(axis: Int? = nil) -> Tensor { quantile(0.5, axis: axis) }

  /// The number below which the fraction `q` of the elements lies; over all elements, or along an axis, which is removed.
  /// NaN where there is one.
  ///
  /// The element at place q·(n − 1) in sorted order, counted from 0; between two of them, on the straight line that joins
  /// them, as NumPy does. The derivative goes to these two. A fraction outside [0, 1], or no element, gives a failed tensor.
  public func quantile(_ q: Double, axis: Int? = nil) -> Tensor {
    guard let axis else { return reshaped(to: [shape.count]).quantile(q, axis: 0) }
    let resolved = shape.resolved(axis), length = shape.axis(axis).map { shape[$0] } ?? 1
    guard (0...1).contains(q), length > 0 else {
      let reason = length > 0 ? "\(q) is not a fraction from 0 to 1" : "there is no element along axis \(axis)"
      return Tensor(failing: TensorError(reason), ArgSort(axis: resolved, isDescending: false), [self])
    }
    let sorted = sorted(axis: resolved).values, place = q * Double(length - 1), lower = Int(place)
    let element = { (k: Int) in sorted.sliced(k..<k + 1, axis: resolved) }
    let fraction = S(place - Double(lower)), isBetween = fraction > 0
    let value = isBetween ? (1 - fraction) * element(lower) + fraction * element(lower + 1) : element(lower)
    let last = element(length - 1)
    let result = select(isNaN(last), last, value)
    return result.reshaped(to: Shape((0..<shape.rank).filter { $0 != resolved }.map { shape[$0] }))
  }

  private typealias S = Scalar

  /// For each place the element at its index along an axis.
  private func gathered(each indices: Indices, axis: Int) -> Tensor {
    let target = indices.shape
    guard target.defect == nil, target.rank == shape.rank else { return Tensor(indices.operand(as: Scalar.self).value) }
    let inner = shape.count(of: axis + 1..<shape.rank), block = shape[axis] * inner
    // The place in memory of element 0 along the axis, for each place of the result.
    let targetBlock = target[axis] * inner
    let starts = (0..<target.count).map { Double($0 / targetBlock * block + $0 % inner) }
    let places = indices.rearranged { inner * $0 + Tensor<Double>(starts, shape: target) }
    return reshaped(to: [shape.count]).gathered(places.rearranged { $0.reshaped(to: [target.count]) })
      .reshaped(to: target)
  }
}
