/// Places in one block of memory for the values inside a program, such that values which are needed at the same time
/// never share a byte.
struct Arena {
  /// The first byte of each value.
  private(set) var offsets: [Int: Int] = [:]
  /// How long the block is.
  private(set) var byteCount = 0

  /// The memory of one value, or of several that follow each other in place.
  private struct Slab {
    let byteCount: Int
    let birth: Int
    var death: Int
    var offset = 0

    func overlaps(_ other: Slab) -> Bool { birth <= other.death && other.birth <= death }
  }

  /// Places values of `sizes` bytes, the largest first, each at the lowest place that is free all its life.
  ///
  /// - Parameter successors: values that take over the memory of one that they are the last to read.
  init(_ values: [Int], sizes: [Int: Int], _ liveness: Liveness, successors: [Int: Int]) {
    var slabs: [Slab] = []
    var slabOf: [Int: Int] = [:]
    for value in values {
      guard let birth = liveness.birth[value], let death = liveness.death[value] else { continue }
      if let predecessor = successors[value], let slab = slabOf[predecessor] {
        slabs[slab].death = death
        slabOf[value] = slab
      } else {
        slabOf[value] = slabs.count
        slabs.append(Slab(byteCount: sizes[value] ?? 0, birth: birth, death: death))
      }
    }
    var placed: [Int] = []  // in the order of their offsets
    for index in slabs.indices.sorted(by: { slabs[$0].byteCount > slabs[$1].byteCount }) {
      var offset = 0
      for other in placed where slabs[index].overlaps(slabs[other]) {
        if slabs[other].offset >= offset + slabs[index].byteCount { break }
        offset = max(offset, slabs[other].offset + slabs[other].byteCount)
      }
      slabs[index].offset = offset
      byteCount = max(byteCount, offset + slabs[index].byteCount)
      placed.insert(index, at: placed.firstIndex { slabs[$0].offset > offset } ?? placed.count)
    }
    offsets = slabOf.mapValues { slabs[$0].offset }
  }
}

/// Which values may be written over an operand that is read for the last time: element by element, after its last
/// reader inside the cluster.
func successors(in schedule: Schedule, _ liveness: Liveness, among values: Set<Int>, sizes: [Int: Int]) -> [Int: Int] {
  var successors: [Int: Int] = [:]
  for (position, item) in schedule.items.enumerated() {
    guard case .cluster(let cluster) = item else { continue }
    var lastReader: [Int: Int] = [:]
    for operand in cluster.productOperands(in: schedule.graph) { lastReader[operand] = Int.max }
    for (step, member) in cluster.members.enumerated() {
      for operand in schedule.graph[member].operands.map(schedule.root) {
        let isFull = cluster.readings[operand] == nil
        if let source = cluster.source(of: operand, in: schedule.graph) {
          lastReader[source] = isFull && lastReader[source] != Int.max ? step : Int.max
        }
      }
    }
    var dying = lastReader.keys.filter {
      values.contains($0) && liveness.death[$0] == position && liveness.birth[$0] != position
    }
    .sorted()
    for (step, member) in cluster.members.enumerated()
    where values.contains(member) && schedule.graph[member].operation.isElementwise {
      guard
        let match = dying.firstIndex(where: { sizes[$0] == sizes[member] && lastReader[$0, default: Int.max] <= step })
      else { continue }
      successors[member] = dying.remove(at: match)
    }
  }
  return successors
}
