/// Where a value was recorded: a recorder, the generation in which it served, and the node's index. Three numbers and
/// no reference, so a tensor cannot keep a graph alive.
///
/// `@unchecked Sendable`: recorders are never freed, and are reached only through their lock and their atomic.
struct Place: @unchecked Sendable {
  private let address: UnsafeMutablePointer<Recorder>?
  /// The serial number of the tape; younger tapes have larger ones. 0 for no tape.
  let generation: UInt64
  var index: Int32 = -1

  /// Nowhere.
  init() {
    address = nil
    generation = 0
  }

  init(recorder: UnsafeMutablePointer<Recorder>, generation: UInt64) {
    address = recorder
    self.generation = generation
  }

  /// The recorder, for a place that is somewhere.
  var recorder: UnsafeMutablePointer<Recorder> {
    @inline(__always) get { address.unsafelyUnwrapped }
  }

  /// Whether the tape still records.
  @inline(__always) var isAlive: Bool {
    generation != 0 && recorder.pointee.generation.load(ordering: .acquiring) == generation
  }

  /// The place of node `index` on the same tape.
  func at(_ index: Int) -> Place {
    var place = self
    place.index = Int32(truncatingIfNeeded: index)
    return place
  }
}

/// The places of a value on the tapes below its youngest, youngest first. As deep as gradients nest.
final class Below: Sendable {
  let place: Place
  let below: Below?

  init(_ place: Place, _ below: Below?) {
    self.place = place
    self.below = below
  }
}

extension Value {
  /// Steps down to the value one tape below.
  mutating func descend() {
    place = below?.place ?? Place()
    below = below?.below
  }

  /// Steps down past tapes that are gone.
  mutating func settle() {
    while place.generation != 0, !place.isAlive { descend() }
  }

  /// The value as the tapes that are still there see it.
  var settled: Value {
    var value = self
    value.settle()
    return value
  }

  /// Records that the value is also node `index` of a tape younger than those it stands on.
  mutating func stand(on place: Place) {
    if self.place.generation != 0 { below = Below(self.place, below) }
    self.place = place
  }

  /// The node on the tape of this generation, wherever in the stack of tapes it lies.
  func index(onTape generation: UInt64) -> Int? {
    if place.generation == generation { return Int(place.index) }
    var level = below
    while let current = level {
      if current.place.generation == generation { return Int(current.place.index) }
      level = current.below
    }
    return nil
  }
}
