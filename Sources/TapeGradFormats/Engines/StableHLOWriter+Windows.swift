import TapeGradCore

// A convolution and its transposes are convolutions. With stride s, padding p and dilation d, along an axis of lengths H (images),
// h (filters) and H′ (results):
//
//                  operand    filters                        stride   dilated     zeros in front, behind
//   result         images     filters                        s        filters d   p, p
//   images         results    filters, turned, O for C       1        results s   d(h − 1) − p, …
//   filters        images     results, examples for C        d        results s   p, …
//
// What stands behind makes the result as long as it is to be. A negative number takes elements away.
//
// The largest elements of windows: the engine has them. Where they are is found offset by offset, each of which sees one element of
// every window: of window 2 × 2 with stride 2, offset (0, 1) sees the second column, the fourth, ….

extension StableHLOWriter {
  mutating func convolution(
    _ x: StableHLOValue, _ filters: StableHLOValue, _ layout: ConvolutionLayout, to type: StableHLOType
  ) -> StableHLOValue {
    let geometry = layout.geometry, padding = geometry.padding
    return convolution(
      x, filters, "[b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1]", stride: geometry.stride,
      padding: (padding, padding), filterDilation: geometry.dilation, groups: geometry.groups, to: type)
  }

  /// The cotangent of the images from that of the results.
  mutating func convolutionImages(
    _ z: StableHLOValue, _ filters: StableHLOValue, _ layout: ConvolutionLayout, to type: StableHLOType
  ) -> StableHLOValue {
    let (geometry, w) = (layout.geometry, layout.filters)
    let turned = add("stablehlo.reverse \(filters), dims = [2, 3] : \(filters.type)", filters.type)
    // (groups · O, C, h, w) as (groups · C, O, h, w).
    let parts = [geometry.groups, w[0] / geometry.groups, w[1], w[2], w[3]], element = type.element
    let split = reshape(turned, to: StableHLOType(Shape(parts), element))
    let swapped = StableHLOType(Shape([parts[0], parts[2], parts[1], w[2], w[3]]), element)
    let kernel = reshape(
      add("stablehlo.transpose \(split), dims = [0, 2, 1, 3, 4] : (\(split.type)) -> \(swapped)", swapped),
      to: StableHLOType(Shape([parts[0] * parts[2], parts[1], w[2], w[3]]), element))
    func padding(_ axis: Int, _ side: KeyPath<ConvolutionGeometry.Pair, Int>) -> (Int, Int) {
      let reach = geometry.dilation[keyPath: side] * (w[axis] - 1), p = geometry.padding[keyPath: side]
      let seen = (layout.results[axis] - 1) * geometry.stride[keyPath: side] + 1
      return (reach - p, layout.images[axis] - seen + p)
    }
    let (rows, columns) = (padding(2, \.rows), padding(3, \.columns))
    return convolution(
      z, kernel, "[b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1]",
      padding: (.init(rows.0, columns.0), .init(rows.1, columns.1)),
      dilation: geometry.stride, filterDilation: geometry.dilation, groups: geometry.groups, to: type)
  }

  /// The cotangent of the filters from that of the results.
  mutating func convolutionWeights(
    _ x: StableHLOValue, _ z: StableHLOValue, _ layout: ConvolutionLayout, to type: StableHLOType
  ) -> StableHLOValue {
    let geometry = layout.geometry
    func behind(_ axis: Int, _ side: KeyPath<ConvolutionGeometry.Pair, Int>) -> Int {
      let seen = (layout.results[axis] - 1) * geometry.stride[keyPath: side] + 1
      let reach = geometry.dilation[keyPath: side] * (layout.filters[axis] - 1)
      return reach + seen - layout.images[axis] - geometry.padding[keyPath: side]
    }
    // The channels come first, since StableHLO's own interpreter ends where the result's axes have another order.
    let shape = type.shape, swapped = StableHLOType(Shape([shape[1], shape[0], shape[2], shape[3]]), type.element)
    let y = convolution(
      x, z, "[f, b, 0, 1]x[i, o, 0, 1]->[b, f, 0, 1]", stride: geometry.dilation,
      padding: (geometry.padding, .init(behind(2, \.rows), behind(3, \.columns))), filterDilation: geometry.stride,
      batchGroups: geometry.groups, to: swapped)
    return add("stablehlo.transpose \(y), dims = [1, 0, 2, 3] : (\(swapped)) -> \(type)", type)
  }

  private mutating func convolution(
    _ x: StableHLOValue, _ filters: StableHLOValue, _ axes: String, stride: ConvolutionGeometry.Pair = .init(1, 1),
    padding: (before: ConvolutionGeometry.Pair, after: ConvolutionGeometry.Pair),
    dilation: ConvolutionGeometry.Pair = .init(1, 1), filterDilation: ConvolutionGeometry.Pair, groups: Int = 1,
    batchGroups: Int = 1, to type: StableHLOType
  ) -> StableHLOValue {
    func list(_ pair: ConvolutionGeometry.Pair) -> String { "[\(pair.rows), \(pair.columns)]" }
    let (before, after) = padding
    return add(
      "stablehlo.convolution(\(x), \(filters)) dim_numbers = \(axes), window = {stride = \(list(stride)), "
        + "pad = [[\(before.rows), \(after.rows)], [\(before.columns), \(after.columns)]], "
        + "lhs_dilate = \(list(dilation)), rhs_dilate = \(list(filterDilation))} "
        + "{batch_group_count = \(batchGroups) : i64, feature_group_count = \(groups) : i64, "
        + "precision_config = [#stablehlo<precision HIGHEST>, #stablehlo<precision HIGHEST>]} : "
        + "(\(x.type), \(filters.type)) -> \(type)", type)
  }

  /// The largest element of each window; NaN wins.
  mutating func maxPool(_ x: StableHLOValue, _ pooling: Pooling, to type: StableHLOType) -> StableHLOValue {
    let (window, stride, padding) = (pooling.window, pooling.stride, pooling.padding)
    let lowest = number(-.infinity, StableHLOType([], type.element))
    return add(
      "\"stablehlo.reduce_window\"(\(x), \(lowest)) <{"
        + "window_dimensions = array<i64: 1, 1, \(window.rows), \(window.columns)>, "
        + "window_strides = array<i64: 1, 1, \(stride.rows), \(stride.columns)>, padding = dense<[[0, 0], [0, 0], "
        + "[\(padding.rows), \(padding.rows)], [\(padding.columns), \(padding.columns)]]> : tensor<4x2xi64>}> "
        + "\(Self.region("stablehlo.maximum", lowest.type)) : (\(x.type), \(lowest.type)) -> \(type)", type)
  }

  /// Each element of z in equal parts where its window of x has its largest elements.
  mutating func maxSpread(
    _ z: StableHLOValue, _ x: StableHLOValue, _ pooling: Pooling, to type: StableHLOType
  ) -> StableHLOValue {
    let largest = maxPool(x, pooling, to: z.type)
    let weights = weights(x, largest, pooling), count = sum(weights.map(\.weight))
    let share = formula(
      ElementFormula.operand(0).choosing(.equal, .operand(0), .operand(1) / .operand(2), else: .nan),
      [largest, z, count], 0, z.type)
    let zeros = number(0, z.type), zero = number(0, StableHLOType([], type.element))
    let parts = weights.map { offset, isLargest, _ in
      let part = select(isLargest, share, zeros)
      // Where the offset sees its elements; what the padding would get is left out.
      func room(_ axis: Int, _ side: KeyPath<ConvolutionGeometry.Pair, Int>) -> (Int, Int) {
        let first = offset[keyPath: side] - pooling.padding[keyPath: side]
        let seen = (pooling.results[axis] - 1) * pooling.stride[keyPath: side] + 1
        return (first, pooling.images[axis] - first - seen)
      }
      let (rows, columns) = (room(2, \.rows), room(3, \.columns))
      return add(
        "stablehlo.pad \(part), \(zero), low = [0, 0, \(rows.0), \(columns.0)], high = [0, 0, \(rows.1), \(columns.1)], "
          + "interior = [0, 0, \(pooling.stride.rows - 1), \(pooling.stride.columns - 1)] : "
          + "(\(z.type), \(zero.type)) -> \(type)", type)
    }
    return sum(parts)
  }

  /// For each window the mean of u where x has the largest elements.
  mutating func maxCollect(
    _ u: StableHLOValue, _ x: StableHLOValue, _ pooling: Pooling, to type: StableHLOType
  ) -> StableHLOValue {
    let largest = maxPool(x, pooling, to: type), weights = weights(x, largest, pooling)
    let padded = padded(u, pooling, with: 0), zeros = number(0, type)
    let parts = weights.map { offset, isLargest, _ in
      select(isLargest, seen(padded, offset, pooling, to: type), zeros)
    }
    return formula(
      ElementFormula.operand(0).choosing(.equal, .operand(0), .operand(1) / .operand(2), else: .nan),
      [largest, sum(parts), sum(weights.map(\.weight))], 0, type)
  }

  private typealias Weight = (offset: ConvolutionGeometry.Pair, isLargest: StableHLOValue, weight: StableHLOValue)

  /// For each offset in a window, whether the element there is the largest, and 1 or 0 for it. (Whatever is not smaller, so that
  /// all are in a window with NaN.)
  private mutating func weights(_ x: StableHLOValue, _ largest: StableHLOValue, _ pooling: Pooling) -> [Weight] {
    let type = largest.type, padded = padded(x, pooling, with: -.infinity)
    let inside = self.padded(number(1, x.type), pooling, with: 0), zeros = number(0, type)
    var weights: [Weight] = []
    for row in 0..<pooling.window.rows {
      for column in 0..<pooling.window.columns {
        let offset = ConvolutionGeometry.Pair(row, column)
        let isSmaller = compare(.less, seen(padded, offset, pooling, to: type), largest)
        let weight = select(isSmaller, zeros, seen(inside, offset, pooling, to: type))
        weights.append((offset, compare(.greater, weight, zeros), weight))
      }
    }
    return weights
  }

  private mutating func sum(_ parts: [StableHLOValue]) -> StableHLOValue {
    parts.dropFirst().reduce(parts[0]) { add("stablehlo.add \($0), \($1) : \($0.type)", $0.type) }
  }

  /// Images with what stands around them.
  private mutating func padded(_ x: StableHLOValue, _ pooling: Pooling, with number: Double) -> StableHLOValue {
    let (rows, columns) = (pooling.padding.rows, pooling.padding.columns), shape = x.type.shape
    if rows == 0, columns == 0 { return x }
    let type = StableHLOType(
      Shape([shape[0], shape[1], shape[2] + 2 * rows, shape[3] + 2 * columns]), x.type.element)
    let outside = self.number(number, StableHLOType([], x.type.element))
    return add(
      "stablehlo.pad \(x), \(outside), low = [0, 0, \(rows), \(columns)], high = [0, 0, \(rows), \(columns)], "
        + "interior = [0, 0, 0, 0] : (\(x.type), \(outside.type)) -> \(type)", type)
  }

  /// The element of each window at this offset.
  private mutating func seen(
    _ padded: StableHLOValue, _ offset: ConvolutionGeometry.Pair, _ pooling: Pooling, to type: StableHLOType
  ) -> StableHLOValue {
    func range(_ first: Int, _ axis: Int, _ step: Int) -> String {
      "\(first):\(first + (pooling.results[axis] - 1) * step + 1):\(step)"
    }
    let rows = range(offset.rows, 2, pooling.stride.rows), columns = range(offset.columns, 3, pooling.stride.columns)
    return add(
      "stablehlo.slice \(padded) [0:\(pooling.images[0]), 0:\(pooling.images[1]), \(rows), \(columns)] : "
        + "(\(padded.type)) -> \(type)", type)
  }
}
