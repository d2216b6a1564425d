import Testing

@testable import TapeGradArrays

struct NDArrayShapeChangesTests {
  /// A random array, with the generator that made it, for the choices that a test has to make.
  private func sample<S: TensorScalar>(_ seed: UInt64) -> (NDArray<S>, SeededGenerator) {
    var generator = SeededGenerator(seed: seed)
    let shape = Shape.random(rank: 1...4, using: &generator)
    return (NDArray<S>.randomNormal(shape, using: &generator), generator)
  }

  private func permutes<S: TensorScalar>(_: S.Type, _ seed: UInt64) throws {
    var (x, generator): (NDArray<S>, SeededGenerator) = sample(seed)
    let order = Array(0..<x.shape.rank).shuffled(using: &generator)
    let y = x.permuted(order)
    let expected = try NDArray(Shape(order.map { x.shape[$0] })) { index in
      var source = index
      for (axis, from) in order.enumerated() { source[from] = index[axis] }
      return x[broadcast: source]
    }
    #expect(y == expected, "\(x.shape) permuted by \(order)")
    #expect(x.transposed.transposed == x)
    let rank = x.shape.rank
    #expect(x.transposed == x.permuted(Array(0..<max(0, rank - 2)) + (rank < 2 ? [0] : [rank - 1, rank - 2])))
  }

  @Test("a permuted array has its elements at the permuted indices", arguments: UInt64(0)..<50)
  func permuting(seed: UInt64) throws {
    try permutes(Float.self, seed)
    try permutes(Double.self, seed)
  }

  private func broadcasts<S: TensorScalar>(_: S.Type, _ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let target = Shape.random(rank: 0...4, using: &generator)
    let x = NDArray<S>.randomNormal(target.shrunk(using: &generator), using: &generator)
    #expect(try x.broadcast(to: target) == NDArray(target) { x[broadcast: $0] }, "\(x.shape) to \(target)")
  }

  @Test("a broadcast array repeats the elements along axes of length 1", arguments: UInt64(0)..<50)
  func broadcasting(seed: UInt64) throws {
    try broadcasts(Float.self, seed)
    try broadcasts(Double.self, seed)
  }

  private func slicesAndPads<S: TensorScalar>(_: S.Type, _ seed: UInt64) throws {
    var (x, generator): (NDArray<S>, SeededGenerator) = sample(seed)
    let axis = Int.random(in: 0..<x.shape.rank, using: &generator), length = x.shape[axis]
    let start = Int.random(in: 0...length, using: &generator), end = Int.random(in: start...length, using: &generator)
    let y = x.sliced(start..<end, axis: axis)
    let expected = try NDArray(x.shape.replacing(axis: axis, with: end - start)) { index in
      var source = index
      source[axis] += length == 1 ? 0 : start
      return x[broadcast: source]
    }
    #expect(y == expected, "\(x.shape) sliced to \(start)..<\(end) along axis \(axis)")
    #expect(x.sliced(start..<end, axis: axis - x.shape.rank) == y)

    let padded = y.padded(axis: axis, start: start, length: length)
    #expect(padded.shape == x.shape)
    #expect(padded.sliced(start..<end, axis: axis) == y)
    #expect(padded.sliced(0..<start, axis: axis) == .zeros(x.shape.replacing(axis: axis, with: start)))
    #expect(padded.sliced(end..<length, axis: axis) == .zeros(x.shape.replacing(axis: axis, with: length - end)))

    let parts = [0..<start, start..<end, end..<length].map { x.sliced($0, axis: axis) }
    #expect(NDArray.concatenated(parts, axis: axis) == x)
    #expect(NDArray.concatenated(parts, axis: axis - x.shape.rank) == x)
  }

  @Test("slices, padded slices and joined slices have the elements in their positions", arguments: UInt64(0)..<50)
  func parts(seed: UInt64) throws {
    try slicesAndPads(Float.self, seed)
    try slicesAndPads(Double.self, seed)
  }

  @Test("several axes are sliced at once")
  func severalAxes() throws {
    let x = try NDArray<Float>([3, 4, 5]) { Float($0[0] * 100 + $0[1] * 10 + $0[2]) }
    let block: NDArray<Float> = x[1..<3, 2..<3]
    #expect(block.shape == [2, 1, 5])
    #expect(block.scalars == [120, 121, 122, 123, 124, 220, 221, 222, 223, 224])
  }

  private func gathersAndScatters<S: TensorScalar>(_: S.Type, _ seed: UInt64) throws {
    var (x, generator): (NDArray<S>, SeededGenerator) = sample(seed)
    let axis = Int.random(in: 0..<x.shape.rank, using: &generator), length = x.shape[axis]
    let chosen = length == 0 ? [] : (0..<6).map { _ in Int.random(in: 0..<length, using: &generator) }
    let y = x.gathered(chosen, axis: axis)
    let expected = NDArray.concatenated(
      chosen.map { x.sliced($0..<$0 + 1, axis: axis) } + [x.sliced(0..<0, axis: axis)], axis: axis)
    #expect(y == expected, "\(x.shape) at \(chosen) along axis \(axis)")
    #expect(x.gathered(chosen, axis: axis - x.shape.rank) == y)

    var sum = NDArray<S>.zeros(x.shape)
    for (k, index) in chosen.enumerated() {
      sum = sum + y.sliced(k..<k + 1, axis: axis).padded(axis: axis, start: index, length: length)
    }
    #expect(y.scatterAdded(chosen, axis: axis, length: length) == sum)
  }

  @Test("gathering takes the slices at the indices, and scattering adds them back", arguments: UInt64(0)..<50)
  func gathering(seed: UInt64) throws {
    try gathersAndScatters(Float.self, seed)
    try gathersAndScatters(Double.self, seed)
  }

  @Test("slices at an index that repeats add up")
  func repeats() {
    #expect(NDArray<Double>([1, 1, 1]).scatterAdded([0, 0, 1], axis: 0, length: 3).scalars == [2, 1, 0])
  }

  @Test("an array that is reshaped shares its elements")
  func reshaping() {
    let x = NDArray<Float>([1, 2, 3, 4, 5, 6])
    #expect(x.reshaped(to: [2, 3]).bytes == x.bytes)
    #expect(NDArray<Float>(2).reshaped(to: [1, 1]).shape == [1, 1])
    #expect(NDArray<Float>.zeros([0, 3]).reshaped(to: [5, 0]).shape == [5, 0])
  }

  @Test("shapes, axes, ranges and indices that do not fit stop the process")
  func misfits() async {
    await #expect(processExitsWith: .failure) { _ = NDArray<Float>.zeros([2, 3]).reshaped(to: [4]) }
    await #expect(processExitsWith: .failure) { _ = NDArray<Float>.zeros([2, 3]).permuted([0, 0]) }
    await #expect(processExitsWith: .failure) { _ = NDArray<Float>.zeros([2, 3]).broadcast(to: [3]) }
    await #expect(processExitsWith: .failure) { _ = NDArray<Float>.zeros([2, 3]).sliced(-1..<1) }
    await #expect(processExitsWith: .failure) { _ = NDArray<Float>.zeros([2, 3]).sliced(0..<4, axis: 1) }
    await #expect(processExitsWith: .failure) { _ = NDArray<Float>.zeros([2, 3]).padded(axis: 0, start: 1, length: 2) }
    await #expect(processExitsWith: .failure) { _ = NDArray<Float>.concatenated([], axis: 0) }
    await #expect(processExitsWith: .failure) {
      _ = NDArray<Float>.concatenated([.zeros([2, 3]), .zeros([2, 4])], axis: 0)
    }
    await #expect(processExitsWith: .failure) { _ = NDArray<Float>.zeros([2]).gathered([2], axis: 0) }
    await #expect(processExitsWith: .failure) { _ = NDArray<Float>.zeros([2]).gathered([-1], axis: 0) }
    await #expect(processExitsWith: .failure) {
      _ = NDArray<Float>.zeros([2]).scatterAdded([0, 3], axis: 0, length: 3)
    }
    await #expect(processExitsWith: .failure) {
      _ = NDArray<Float>.zeros([2]).scatterAdded([0], axis: 0, length: 3)
    }
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = NDArray<Float>.zeros([2, 3]).sliced(0..<1, axis: -3)
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("shape (2, 3) has no axis -3"))
  }
}
