import Testing

@testable import TapeGradArrays

struct NDArrayMatrixProductTests {
  /// All four ways of storing the operands of an (m, k)·(k, n) product, with and without a batch, against a
  /// compensated sum for each element.
  private func agreesWithTheReference<S: TensorScalar>(_: S.Type, m: Int, k: Int, n: Int, batch: [Int]) {
    var generator = SeededGenerator(seed: UInt64(m * 10_000 + k * 100 + n))
    let a = NDArray<S>.randomNormal(Shape(batch + [m, k]), using: &generator)
    let b = NDArray<S>.randomNormal(Shape(batch + [k, n]), using: &generator)
    let bound = Double(min(k, 256) + (k + 255) / 256 + 1) * unitRoundoff(S.self)
    for (transposingFirst, transposingSecond) in [(false, false), (false, true), (true, false), (true, true)] {
      let product = matmul(
        transposingFirst ? a.transposed : a, transposingSecond ? b.transposed : b, transposingFirst: transposingFirst,
        transposingSecond: transposingSecond)
      #expect(product.shape == Shape(batch + [m, n]))
      let (a, b, c) = (a.scalars.map(\.doubleValue), b.scalars.map(\.doubleValue), product.scalars.map(\.doubleValue))
      for element in c.indices {
        let (page, row, column) = (element / (m * n), element / n % m, element % n)
        let expected = compensatedSum((0..<k).map { a[(page * m + row) * k + $0] * b[(page * k + $0) * n + column] })
        if !(abs(c[element] - expected.sum) <= bound * expected.magnitude) {
          Issue.record("(\(m), \(k))·(\(k), \(n)) at \(row), \(column): \(c[element]) instead of \(expected.sum)")
          return
        }
      }
    }
  }

  @Test(
    "a product is right to its rounding bound, however its operands are stored",
    arguments: [
      (1, 1, 1), (1, 5, 1), (4, 2, 400), (1, 4, 400), (3, 0, 4), (0, 3, 4), (3, 4, 0), (0, 0, 0), (17, 33, 9),
      (7, 256, 3), (5, 257, 6), (2, 600, 2), (31, 1, 33), (50, 40, 60),
      (6, 258, 37), (15, 300, 45), (15, 300, 30),
      (15, 1024, 130),  // rows whole pages apart, which are packed
    ])
  func products(m: Int, k: Int, n: Int) {
    agreesWithTheReference(Float.self, m: m, k: k, n: n, batch: [])
    agreesWithTheReference(Double.self, m: m, k: k, n: n, batch: [])
  }

  /// Tiles at the right edge of every width, panels of rows of every height.
  @Test(
    "wide products are right at every edge", arguments: [5, 8, 11, 14, 29], 511...546)
  func wideProducts(m: Int, n: Int) {
    agreesWithTheReference(Float.self, m: m, k: 2, n: n, batch: [])
    agreesWithTheReference(Double.self, m: m, k: 2, n: n, batch: [])
  }

  @Test("products of random shapes are right", arguments: UInt64(0)..<20)
  func randomShapes(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let (m, k, n) = (
      Int.random(in: 0...20, using: &generator), Int.random(in: 0...40, using: &generator),
      Int.random(in: 0...20, using: &generator)
    )
    agreesWithTheReference(Float.self, m: m, k: k, n: n, batch: [])
    agreesWithTheReference(Double.self, m: m, k: k, n: n, batch: [])
  }

  @Test("products of batches are those of their matrices", arguments: [[3], [2, 3], [1], [0]])
  func batches(batch: [Int]) {
    agreesWithTheReference(Float.self, m: 3, k: 5, n: 4, batch: batch)
    agreesWithTheReference(Double.self, m: 3, k: 5, n: 4, batch: batch)
  }

  /// Every path of the product: rows by columns, dot products, a strip of a row, tiles, what is computed as its transpose,
  /// columns fewer than a vector, several chunks of k, and no k at all.
  @Test(
    "a number for each row is added to the rounded sums of a product",
    arguments: [
      (1, 1, 1), (1, 5, 1), (1, 40, 400), (3, 300, 50), (17, 33, 9), (40, 10, 2), (31, 1, 33), (2, 1, 5), (16, 30, 569),
      (14, 600, 70), (3, 0, 4), (5, 300, 1), (20, 513, 17), (1, 3, 2500), (7, 1024, 2100),
      (50, 300, 90), (50, 1024, 140),
    ])
  func rowNumbers(m: Int, k: Int, n: Int) {
    func check<S: TensorScalar>(_: S.Type) {
      var generator = SeededGenerator(seed: UInt64(m * 10_000 + k * 100 + n))
      let a = NDArray<S>.randomNormal([m, k], using: &generator)
      let b = NDArray<S>.randomNormal([k, n], using: &generator)
      let numbers = NDArray<S>.randomNormal([m, 1], using: &generator)
      let rows = m / 3..<m, columns = n / 4..<n
      for (isFirst, isSecond) in [(false, false), (false, true), (true, false), (true, true)] {
        let left = isFirst ? a.transposed : a, right = isSecond ? b.transposed : b
        let product = matmul(left, right, transposingFirst: isFirst, transposingSecond: isSecond)
        let part = product.sliced(rows).sliced(columns, axis: 1)
        let size = Kernels.matrixProductWorkspace(S.scalarType, m: m, k: k, n: n, isFirst, isSecond)
        withUnsafeTemporaryAllocation(byteCount: size * MemoryLayout<S>.stride, alignment: 64) { workspace in
          for (step, expected) in [(1, part + numbers.sliced(rows)), (0, part + numbers.sliced(0..<1))] {
            let sum = NDArray<S>(uninitialized: part.shape)
            Kernels.matrixProduct(
              S.scalarType, left.bytes(at: 0), transposed: isFirst, right.bytes(at: 0), transposed: isSecond,
              sum.bytes(at: 0), rowStep: columns.count, m: m, k: k, n: n, rows: rows, columns: columns,
              adding: (UnsafeRawPointer(numbers.bytes(at: 0)), step), workspace: workspace.baseAddress!)
            #expect(sum.bits == expected.bits, "(\(m), \(k))·(\(k), \(n)), \(isFirst), \(isSecond), step \(step)")
          }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("the sum over no element is zero")
  func empty() {
    #expect(matmul(NDArray<Float>.zeros([2, 0]), NDArray.zeros([0, 3])) == .zeros([2, 3]))
  }

  @Test("zero times infinity is NaN, since no zero is skipped")
  func zeros() throws {
    let row = try NDArray<Double>([[0, 1]]), other = try NDArray<Double>([[.infinity, 1]])
    #expect(matmul(row, other, transposingSecond: true).scalars[0].isNaN)
  }

  /// The columns of the second product are packed, some by the first tiles that read them.
  @Test(
    "a row has the same bits alone as among all, in every storage order",
    arguments: [(37, 300, 45), (33, 270, 1700)])
  func oneRow(m: Int, k: Int, n: Int) {
    func check<S: TensorScalar>(_: S.Type) {
      var generator = SeededGenerator(seed: 8)
      let a = NDArray<S>.randomNormal([m, k], using: &generator)
      let b = NDArray<S>.randomNormal([k, n], using: &generator), c = matmul(a, b)
      for row in [0, 1, 20, m - 1] {
        #expect(matmul(a.sliced(row..<row + 1), b).bits == c.sliced(row..<row + 1).bits)
      }
      #expect(matmul(a, b.sliced(7..<8, axis: 1)).bits == c.sliced(7..<8, axis: 1).bits)
      #expect(matmul(a.transposed, b, transposingFirst: true).bits == c.bits)
      #expect(matmul(a, b.transposed, transposingSecond: true).bits == c.bits)
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("shapes that do not fit stop the process, and are named")
  func misfits() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = matmul(NDArray<Float>.zeros([2, 3]), NDArray.zeros([3, 4]), transposingFirst: true)
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("matmul of shapes (2, 3)ᵀ and (3, 4): inner lengths 2 and 3"))
    await #expect(processExitsWith: .failure) { _ = matmul(NDArray<Float>.zeros([3]), NDArray.zeros([3])) }
    await #expect(processExitsWith: .failure) { _ = matmul(NDArray<Float>.zeros([2, 3, 3]), NDArray.zeros([3, 3])) }
    await #expect(processExitsWith: .failure) {
      _ = matmul(NDArray<Float>.zeros([2, 3, 3]), NDArray.zeros([1, 3, 3]))
    }
  }
}
