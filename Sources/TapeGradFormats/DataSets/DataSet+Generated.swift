// Example e belongs to class e mod C, and is the (e / C)-th of its class. Of 5 examples in 2 classes, class 0 has
// the examples 0, 2 and 4, at the steps 0, 1/2 and 1 along its curve, and class 1 has 1 and 3, at the steps 0 and
// 1. In sets of classes only the noise is random, so that without it the points lie on the curves or at the centers.

import TapeGradCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Sets to try a network on, drawn from a seed: the same numbers for the same seed, on every platform up to the rounding of
/// its sine. The classes take turns, so that any first part of the examples has about as many of each.
extension DataSet {
  /// The planar flower of the first course on neural networks: two classes in alternating petals, which no line separates.
  ///
  /// Point: `r·(sin t, cos t)` with `r = 4·sin 4t`, `t` in two ranges of angles, one for each class; `noise` is the deviation
  /// of both `r` and `t`.
  public static func planarFlower(count: Int = 400, noise: Double = 0.2, seed: UInt64) -> DataSet {
    generated(count, classes: 2, seed: seed) { example, label, generator in
      // As there: even steps over 3.12 radians for each class.
      let t = Double(label) * 3.12 + 3.12 * step(example, count, 2) + noise * normal(&generator)
      let r = 4 * sin(4 * t) + noise * normal(&generator)
      return (r * sin(t), r * cos(t))
    }
  }

  /// Two half circles that reach into each other. `noise` is the deviation of both coordinates.
  public static func moons(count: Int = 400, noise: Double = 0.1, seed: UInt64) -> DataSet {
    generated(count, classes: 2, seed: seed) { example, label, generator in
      // Class 0 is the upper half of a circle around (0, 0), class 1 the lower half of one around (1, 0.5).
      let t = Double.pi * step(example, count, 2)
      let (x, y) = label == 0 ? (cos(t), sin(t)) : (1 - cos(t), 0.5 - sin(t))
      return (x + noise * normal(&generator), y + noise * normal(&generator))
    }
  }

  /// A circle of radius 1, class 0, around one of radius `inner`, class 1.
  public static func circles(count: Int = 400, noise: Double = 0.1, inner: Double = 0.5, seed: UInt64) -> DataSet {
    generated(count, classes: 2, seed: seed) { example, label, generator in
      let t = 2 * Double.pi * step(example, count, 2), r = label == 0 ? 1 : inner
      return (r * cos(t) + noise * normal(&generator), r * sin(t) + noise * normal(&generator))
    }
  }

  /// Clouds around the corners of a square, class 1 where the coordinates have different signs. No line separates them.
  public static func exclusiveOr(count: Int = 400, noise: Double = 0.3, seed: UInt64) -> DataSet {
    generated(count, classes: 2, seed: seed) { example, label, generator in
      // Four corners in turn: (1, 1) is class 0, (1, −1) class 1, (−1, −1) class 0, (−1, 1) class 1.
      let x: Double = example / 2 % 2 == 0 ? 1 : -1
      return (x + noise * normal(&generator), (label == 0 ? x : -x) + noise * normal(&generator))
    }
  }

  /// A cloud for each class, around points of a circle of radius 4. `noise` is the deviation of both coordinates.
  public static func blobs(count: Int = 300, classes: Int = 3, noise: Double = 1, seed: UInt64) -> DataSet {
    generated(count, classes: classes, seed: seed) { _, label, generator in
      let t = 2 * Double.pi * Double(label) / Double(max(2, classes))
      return (4 * cos(t) + noise * normal(&generator), 4 * sin(t) + noise * normal(&generator))
    }
  }

  /// An arm of a spiral for each class, each one and a half turns long.
  public static func spirals(count: Int = 400, classes: Int = 2, noise: Double = 0.1, seed: UInt64) -> DataSet {
    generated(count, classes: classes, seed: seed) { example, label, generator in
      // From the center outwards: the radius grows from 0.2 to 3.2 while the angle grows by 3π; arms are turned against
      // each other.
      let s = step(example, count, classes)
      let t = 3 * Double.pi * s + 2 * Double.pi * Double(label) / Double(max(2, classes)), r = 0.2 + 3 * s
      return (r * cos(t) + noise * normal(&generator), r * sin(t) + noise * normal(&generator))
    }
  }

  /// Numbers `y = Σᵢ wᵢ xᵢ + 1` with `wᵢ = i` for i = 1, 2, …, of features from the normal distribution; `noise` is the deviation
  /// of y.
  public static func linear(count: Int = 200, features: Int = 1, noise: Double = 0.1, seed: UInt64) -> DataSet {
    curve(count, max(1, features), seed: seed) { x, generator in
      x.enumerated().reduce(1) { $0 + Double($1.offset + 1) * $1.element } + noise * normal(&generator)
    } draw: {
      normal(&$0)
    }
  }

  /// Numbers `y = sin x` with x drawn evenly from −π to π; `noise` is the deviation of y.
  public static func sine(count: Int = 200, noise: Double = 0.1, seed: UInt64) -> DataSet {
    curve(count, 1, seed: seed) { x, generator in
      sin(x[0]) + noise * normal(&generator)
    } draw: {
      Double.random(in: -Double.pi...Double.pi, using: &$0)
    }
  }
}

extension DataSet {
  /// Points of the plane in classes that take turns.
  private static func generated(
    _ count: Int, classes: Int, seed: UInt64,
    _ point: (_ example: Int, _ label: Int, inout SeededGenerator) -> (x: Double, y: Double)
  ) -> DataSet {
    let count = max(0, count), classes = max(2, classes)
    var generator = SeededGenerator(seed: seed)
    var features = [Scalar](repeating: 0, count: 2 * count)
    for example in 0..<count {
      let (x, y) = point(example, example % classes, &generator)
      // Row-major (2, count): all first coordinates, then all second ones.
      features[example] = Scalar(x)
      features[count + example] = Scalar(y)
    }
    return DataSet(
      checkedFeatures: Tensor(features, shape: [2, count]),
      labels: Tensor((0..<count).map { Scalar(Double($0 % classes)) }, shape: [1, count]),
      encoding: TableEncoding(
        features: ["x1", "x2"].map { FeatureColumn($0, .number(mean: 0)) }, labelNames: ["class"],
        classNames: (0..<classes).map(String.init), task: classes == 2 ? .binary : .classes))
  }

  /// Numbers of features that are drawn one by one.
  private static func curve(
    _ count: Int, _ features: Int, seed: UInt64, _ value: ([Double], inout SeededGenerator) -> Double,
    draw: (inout SeededGenerator) -> Double
  ) -> DataSet {
    let count = max(0, count)
    var generator = SeededGenerator(seed: seed)
    var scalars = [Scalar](repeating: 0, count: features * count), labels: [Scalar] = []
    for example in 0..<count {
      let x = (0..<features).map { _ in draw(&generator) }
      for (feature, x) in x.enumerated() { scalars[feature * count + example] = Scalar(x) }
      labels.append(Scalar(value(x, &generator)))
    }
    let names = features == 1 ? ["x"] : (1...features).map { "x\($0)" }
    return DataSet(
      checkedFeatures: Tensor(scalars, shape: [features, count]), labels: Tensor(labels, shape: [1, count]),
      encoding: TableEncoding(
        features: names.map { FeatureColumn($0, .number(mean: 0)) }, labelNames: ["y"], classNames: [],
        task: .regression))
  }

  /// How far an example stands in its class, from 0 to 1.
  private static func step(_ example: Int, _ count: Int, _ classes: Int) -> Double {
    let classes = max(2, classes), last = (count - 1 - example % classes) / classes
    return last > 0 ? Double(example / classes) / Double(last) : 0
  }

  /// A number from the normal distribution, by Box and Muller's transform.
  private static func normal(_ generator: inout SeededGenerator) -> Double {
    // 1 − u is in (0, 1], so that its logarithm is finite.
    let u = Double.random(in: 0..<1, using: &generator), v = Double.random(in: 0..<1, using: &generator)
    return (-2 * log(1 - u)).squareRoot() * cos(2 * Double.pi * v)
  }
}
