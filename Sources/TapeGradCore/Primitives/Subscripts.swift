// Subscripts as slices, views and gathers, each along its axis. Of x (4, 5, 6),
//
//   x[1, .ellipsis, .every(2)]     slice axis 0 → (1, 5, 6);  steps along axis 2 → (1, 5, 3);  axis 0 dropped → (5, 3)
//
// Every subscript is worked on axis by axis, from the first: `axis` counts the axes of y that are done. Numbers slice first
// and drop their axis at the end, so that the count stays right meanwhile; lists of indices are gathered last, together.
//
//   x[.every(-2)] of (5)        elements 4, 2, 0: start at offset 4, stride −2, 3 elements
//   x[[0, 1], [2, 0]]           axes 0 and 1 become one of 20, of which places 0·5 + 2 and 1·5 + 0 are gathered

extension Tensor {
  /// The slice at an index of the first axis, which is removed: row i of a matrix, number i of a vector. A negative index
  /// counts from the end; one out of bounds gives a failed tensor.
  public subscript(index: Int) -> Tensor {
    guard shape.rank > 0, -shape[0]..<shape[0] ~= index else { return subscripted(by: [index.axisIndex]) }
    // The commonest subscript, without the list that others need.
    let start = index < 0 ? index + shape[0] : index
    return sliced(start..<start + 1).reshaped(to: shape.removing(0))
  }

  /// The part that these subscripts choose, one for each axis from the first on: `x[1..., .all, 2]`, `x[.every(2), -1]`,
  /// `x[.ellipsis, 0]`. Axes behind the last one are taken whole. See ``AxisSubscript`` for what may be written.
  ///
  /// Several arrays of numbers go together, as in NumPy: `x[[0, 1], [2, 0]]` are the elements (0, 2) and (1, 0). Where they
  /// are not neighbors, their axis comes first. What is chosen twice has the sum of both derivatives; what is not chosen has
  /// exactly 0. Subscripts that do not fit give a failed tensor.
  public subscript<each Index: AxisSubscript>(_ indices: repeat each Index) -> Tensor {
    var list: [AxisIndex] = []
    for index in repeat each indices { list.append(index.axisIndex) }
    return subscripted(by: list)
  }

  /// The elements where a mask is not 0, as one axis: in the place of the first axes of the tensor, which the mask has. Their
  /// number is that of the mask, whose numbers must be there: while a function is traced, a mask that depends on its
  /// arguments gives a failed tensor.
  public subscript(where mask: Tensor) -> Tensor {
    attempt("subscript", with: [mask]) { () throws(TensorError) in
      guard shape.dimensions.starts(with: mask.shape.dimensions) else {
        throw TensorError("a mask of shape \(mask.shape) does not fit the first axes")
      }
      guard !mask.isTraced else {
        throw TensorError(
          "how many elements a traced mask chooses is not known", suggestion: "select(mask, x, 0) keeps the shape")
      }
      // The axes that the mask has become one, of which the chosen places are gathered: [1, 0, 1] chooses 0 and 2.
      let chosen = try mask.scalars.enumerated().filter { $0.element != 0 }.map(\.offset)
      return reshaped(to: Shape([mask.shape.count] + shape.dimensions[mask.shape.rank...])).gathered(chosen)
    }
  }

  private func subscripted(by indices: [AxisIndex]) -> Tensor {
    attempt("subscript") { () throws(TensorError) in
      // `y` is what was chosen so far; `dropped` are axes of it with length 1 that a number left.
      var y = self, axis = 0, dropped: [Int] = [], lists: [(axis: Int, [Int])] = [], lookup: (axis: Int, Indices)?
      for index in try indices.spelledOut(rank: shape.rank) {
        switch index.choice {
        case .all, .ellipsis: break
        case .newAxis: y = y.expandedDimensions(axis: axis)
        case .number(let number):
          let start = try y.shape.position(number, axis)
          y = y.sliced(start..<start + 1, axis: axis)
          dropped.append(axis)
        case .range(let start, let end): y = y.sliced(try y.shape.range(start, end, axis), axis: axis)
        case .steps(let step, let start, let end): y = try y.stepped(step, start, end, axis)
        case .list(let list):
          let shape = y.shape
          lists.append((axis, try list.map { (i: Int) throws(TensorError) in try shape.position(i, axis) }))
        case .lookup(let indices): lookup = (axis, indices)
        }
        axis += 1
      }
      // `Indices` may be an argument of a program: known when it runs, so they stay one operand of one gather.
      if let lookup {
        guard lists.isEmpty else { throw TensorError("Indices do not go together with arrays of numbers") }
        let isDropped = dropped
        y = y.withoutAxes(isDropped)
        return y.gathered(lookup.1, axis: lookup.axis - isDropped.count { $0 < lookup.axis })
      }
      // Where the axes of the lists lie once the dropped ones are gone.
      let kept = lists.map { list in (axis: list.axis - dropped.count { $0 < list.axis }, list.1) }
      return try y.withoutAxes(dropped).gathered(together: kept)
    }
  }

  private func withoutAxes(_ axes: [Int]) -> Tensor {
    if axes.isEmpty { return self }
    return reshaped(to: Shape((0..<shape.rank).filter { !axes.contains($0) }.map { shape[$0] }))
  }

  /// Every `step`th element along an axis.
  private func stepped(_ step: Int, _ start: Int?, _ end: Int?, _ axis: Int) throws(TensorError) -> Tensor {
    guard step != 0 else { throw TensorError("a step of 0 leads nowhere") }
    let length = shape[axis]
    let range: Range<Int>
    if step > 0 {
      range = try shape.range(start, end, axis)
    } else {
      // Backwards from `start`, which is included, to `end`, which is not.
      let last = try end.map { (i: Int) throws(TensorError) in try shape.position(i, axis) } ?? -1
      let first = try start.map { (i: Int) throws(TensorError) in try shape.position(i, axis) } ?? length - 1
      range = last + 1..<Swift.max(first, last) + 1
    }
    if step == 1 { return sliced(range, axis: axis) }
    // Steps longer than any axis are cut, so that no product overflows. ⌈length/step⌉ elements are taken.
    let size = step.magnitude > UInt(Int32.max) ? Int(Int32.max) : abs(step), count = (range.count + size - 1) / size
    var strides = (0..<shape.rank).map { shape.strides[$0] }
    let offset = range.isEmpty ? 0 : (step > 0 ? range.lowerBound : range.upperBound - 1) * strides[axis]
    strides[axis] *= step > 0 ? size : -size
    let layout = StridedLayout(
      "steps[\(step), axis \(axis)]", of: shape, shape.replacing(axis: axis, with: count), start: offset,
      strides: strides)
    return rearranged(by: View(layout: layout))
  }

  /// The slices at places that several lists of indices give together: element k of each.
  private func gathered(together lists: [(axis: Int, [Int])]) throws(TensorError) -> Tensor {
    guard let first = lists.first else { return self }
    if lists.count == 1 { return gathered(first.1, axis: first.axis) }
    // Lists of one index go with any others, as in broadcasting.
    let count = lists.map(\.1.count).first { $0 != 1 } ?? 1
    var places = [Int](repeating: 0, count: count)
    for (axis, list) in lists {
      guard list.count == count || list.count == 1 else {
        throw TensorError("lists of \(count) and \(list.count) indices do not go together")
      }
      // Row-major, one axis more with each list: place ← place·length + index.
      for k in 0..<count { places[k] = places[k] * shape[axis] + list[list.count == 1 ? 0 : k] }
    }
    let axes = lists.map(\.axis), others = (0..<shape.rank).filter { !axes.contains($0) }
    // NumPy's rule: neighbors are replaced where they are; axes that are apart are moved to the front.
    let areNeighbors = axes[axes.count - 1] - axes[0] == axes.count - 1
    let place = areNeighbors ? axes[0] : 0
    let order = Array(others[..<place]) + axes + Array(others[place...])
    let merged = axes.reduce(1) { $0 * shape[$1] }
    let lengths = others[..<place].map { shape[$0] } + [merged] + others[place...].map { shape[$0] }
    let y = order == Array(0..<shape.rank) ? self : permuted(order)
    return y.reshaped(to: Shape(lengths)).gathered(places, axis: place)
  }
}

extension [AxisIndex] {
  /// With `.all` in the place of an ellipsis, as often as the others leave axes of a tensor.
  fileprivate func spelledOut(rank: Int) throws(TensorError) -> [AxisIndex] {
    var taken = 0, ellipsis: Int?
    for (position, index) in enumerated() {
      switch index.choice {
      case .ellipsis:
        if ellipsis != nil { throw TensorError("an ellipsis stands at most once in a subscript") }
        ellipsis = position
      case .newAxis: break
      default: taken += 1
      }
    }
    guard taken <= rank else { throw TensorError("\(taken) subscripts for a tensor of rank \(rank)") }
    guard let ellipsis else { return self }
    return self[..<ellipsis] + [AxisIndex](repeating: .all, count: rank - taken) + self[(ellipsis + 1)...]
  }
}

extension Shape {
  /// An index along an axis, counted from the beginning.
  fileprivate func position(_ index: Int, _ axis: Int) throws(TensorError) -> Int {
    guard -self[axis]..<self[axis] ~= index else {
      throw TensorError("index \(index) is out of bounds along axis \(axis), which has length \(self[axis])")
    }
    return index < 0 ? index + self[axis] : index
  }

  /// A range along an axis, counted from the beginning.
  fileprivate func range(_ start: Int?, _ end: Int?, _ axis: Int) throws(TensorError) -> Range<Int> {
    let length = self[axis], (low, high) = (start ?? 0, end ?? length)
    let (first, last) = (low < 0 ? low + length : low, high < 0 ? high + length : high)
    guard 0...last ~= first, last <= length else {
      throw TensorError(
        "the range \(start.map(String.init) ?? "")..<\(end.map(String.init) ?? "") is out of bounds along axis \(axis), "
          + "which has length \(length)")
    }
    return first..<last
  }
}
