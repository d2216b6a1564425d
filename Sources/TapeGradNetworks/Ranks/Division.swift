import TapeGradCore

/// How the work of a training is divided among ranks. Every rank holds all examples, and takes its part of each batch: so
/// the batches, and with them the losses to rounding, are the same for any number of ranks.
struct Division {
  /// The others; nil where one rank does everything.
  let communicator: (any Communicator)?

  init(among communicator: (any Communicator)?) {
    self.communicator = (communicator?.size ?? 1) > 1 ? communicator : nil
  }

  /// Which of so many examples are this rank's. The parts differ by one example at most; rank 0 has always one.
  func part(of count: Int) -> Range<Int> {
    guard let communicator else { return 0..<count }
    let (least, others) = count.quotientAndRemainder(dividingBy: communicator.size)
    let start = communicator.rank * least + min(communicator.rank, others)
    return start..<start + least + (communicator.rank < others ? 1 : 0)
  }

  /// The part of a batch's random numbers that belongs to some of its examples.
  ///
  /// - Parameters:
  ///   - noise: the numbers of the whole batch.
  ///   - part: which examples.
  ///   - shapes: the shapes of the numbers for so many examples.
  func noise<S>(_ noise: [Tensor<S>], of part: Range<Int>, shapes: [Shape]) -> [Tensor<S>] {
    guard communicator != nil else { return noise }
    return zip(noise, shapes).map { numbers, shape in
      let axis = (0..<shape.rank).first { shape[$0] != numbers.shape[$0] }
      return axis.map { numbers.sliced(part, axis: $0) } ?? numbers
    }
  }

  /// The mean of a loss over examples that the ranks have evaluated in parts.
  ///
  /// - Parameters:
  ///   - count: how many examples there are.
  ///   - loss: the loss of some of them.
  func mean<S>(of count: Int, _ loss: (Range<Int>) throws -> Tensor<S>) throws -> Double {
    let part = part(of: count)
    guard let communicator else { return try loss(part).item.doubleValue }
    let own = part.isEmpty ? 0 : try loss(part).item.doubleValue * Double(part.count)
    return try communicator.sum(own) / Double(count)
  }

  /// What rank 0 decides, for all ranks.
  ///
  /// - Throws: what `decide` throws, on rank 0; `TrainingError.stopped` on the others.
  func agreed(_ decide: () throws -> Bool) throws -> Bool {
    guard let communicator else { return try decide() }
    var decision: UInt8 = 0, failure: (any Error)?
    if communicator.rank == 0 {
      do { decision = try decide() ? 1 : 0 } catch { (decision, failure) = (2, error) }
    }
    try withUnsafeMutableBytes(of: &decision) { try communicator.broadcast($0) }
    if let failure { throw failure }
    if decision == 2 { throw TrainingError.stopped }
    return decision == 1
  }

  /// Checks that all ranks were given the same.
  ///
  /// - Parameter things: what, with a number that is made of it.
  /// - Throws: `TrainingError.unusable`, on every rank, which says what differs.
  func checkSame(_ things: [(name: String, print: UInt64)]) throws {
    guard let communicator else { return }
    var prints = things.map(\.print)
    try prints.withUnsafeMutableBytes { try communicator.broadcast($0) }
    for (thing, print) in zip(things, prints) {
      let differing = try communicator.sum(thing.print == print ? 0 : 1)
      if differing > 0 {
        throw TrainingError.unusable(
          "\(Int(differing)) of \(communicator.size) ranks have other \(thing.name) than rank 0; all must be given the same"
        )
      }
    }
  }
}

/// A number made of bytes, the same on every machine: 64-bit FNV-1a, taken over words of 8 bytes.
///
/// Glenn Fowler, Landon Curt Noll, Kiem-Phong Vo: The FNV non-cryptographic hash algorithm.
struct Fingerprint {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func combine(_ word: UInt64) { value = (value ^ word) &* 0x100_0000_01B3 }

  mutating func combine(_ text: String) {
    for byte in text.utf8 { combine(UInt64(byte)) }
    combine(UInt64(text.utf8.count))
  }

  mutating func combine<S>(_ array: NDArray<S>) {
    combine("\(array.shape)")
    array.withUnsafeBufferPointer { numbers in
      let bytes = UnsafeRawBufferPointer(numbers)
      let words = bytes.count / 8
      for i in 0..<words { combine(bytes.loadUnaligned(fromByteOffset: 8 * i, as: UInt64.self)) }
      for byte in bytes[(8 * words)...] { combine(UInt64(byte)) }
    }
  }
}
