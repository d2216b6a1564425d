// Where in one block of memory each value is. Four values, and the items during which they are needed:
//
//          bytes  items    0    1    2    3
//   a      128    0 – 1    ■■   ■■                at 0
//   b       64    1 – 3         ■    ■    ■       at 128: a is alive
//   c       64    2 – 2              ■            at 0, where a was
//   d       64    3 – 3                   ■       at 0, where c was
//
// take 192 bytes instead of 320.

/// Places in one block of memory for values, such that two which are needed at the same time never share a byte.
///
/// A walk through time: what ended is free again, and each new value goes to the lowest place where it fits. One walk, and
/// a list of the free places, which neighbors join: time in proportion to the values, however many are alive at once.
struct Arena {
  /// A value, or several that follow each other in the same place.
  struct Lifetime {
    let byteCount: Int
    let birth: Int
    var death: Int
  }

  /// The first byte of each value.
  private(set) var offsets: [Int]
  /// How long the block is.
  private(set) var byteCount = 0
  /// How many free places were looked at: the work that was done.
  private(set) var looks = 0

  /// The free places below `byteCount`, in the order of their offsets; no two touch.
  private var free: [Range<Int>] = []

  init(_ values: [Lifetime]) {
    offsets = Array(repeating: 0, count: values.count)
    // Of values born together the larger is placed first: there are more places for the smaller one.
    let births = values.indices.sorted {
      (values[$0].birth, -values[$0].byteCount, $0) < (values[$1].birth, -values[$1].byteCount, $1)
    }
    var deaths = values.indices.sorted { values[$0].death < values[$1].death }[...]
    for index in births {
      while let first = deaths.first, values[first].death < values[index].birth {
        release(offsets[first]..<offsets[first] + values[first].byteCount)
        deaths.removeFirst()
      }
      offsets[index] = take(values[index].byteCount)
    }
  }

  /// The lowest free place of so many bytes; at the end of the block, which grows, where there is none.
  private mutating func take(_ size: Int) -> Int {
    for position in free.indices {
      looks += 1
      guard free[position].count >= size else { continue }
      let place = free[position]
      if place.count == size {
        free.remove(at: position)
      } else {
        free[position] = place.lowerBound + size..<place.upperBound
      }
      return place.lowerBound
    }
    if let last = free.last, last.upperBound == byteCount {
      free.removeLast()
      byteCount = last.lowerBound + size
      return last.lowerBound
    }
    byteCount += size
    return byteCount - size
  }

  /// Makes a place free, joined with the free ones that it touches.
  private mutating func release(_ place: Range<Int>) {
    var low = 0, high = free.count  // binary search for the first free place behind
    while low < high {
      let middle = (low + high) / 2
      looks += 1
      if free[middle].lowerBound < place.lowerBound { low = middle + 1 } else { high = middle }
    }
    var place = place
    if low < free.count, free[low].lowerBound == place.upperBound {
      place = place.lowerBound..<free.remove(at: low).upperBound
    }
    if low > 0, free[low - 1].upperBound == place.lowerBound {
      free[low - 1] = free[low - 1].lowerBound..<place.upperBound
    } else {
      free.insert(place, at: low)
    }
  }
}
