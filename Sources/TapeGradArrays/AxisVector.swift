// An array of Swift lies on the heap, and shapes are made for every operation; a tuple of eight lies where it is used. A
// tuple cannot be indexed, so elements are read and written by their bytes.

/// One integer for each axis, at most eight, in line: lengths or strides without an allocation.
package struct AxisVector<Element: FixedWidthInteger & Sendable>: Sendable {
  // Two tuples of four, since tuples are compared only up to six elements.
  private typealias Half = (Element, Element, Element, Element)
  private var halves: (Half, Half)

  /// `value` for all eight axes.
  @inline(__always) package init(repeating value: Element) {
    halves = ((value, value, value, value), (value, value, value, value))
  }

  /// `element(axis)` for the first `rank` axes, and 0 for the others.
  @inline(__always) package init(rank: Int, _ element: (Int) -> Element) {
    self.init(repeating: 0)
    for axis in 0..<rank { self[axis] = element(axis) }
  }

  /// The integer of an axis, which the caller has checked to be one of eight.
  @inline(__always) package subscript(axis: Int) -> Element {
    get {
      withUnsafeBytes(of: halves) { $0.load(fromByteOffset: axis * MemoryLayout<Element>.stride, as: Element.self) }
    }
    set {
      withUnsafeMutableBytes(of: &halves) {
        $0.storeBytes(of: newValue, toByteOffset: axis * MemoryLayout<Element>.stride, as: Element.self)
      }
    }
  }

  /// The eight integers, as C reads them.
  @inline(__always) package func withUnsafePointer<R>(_ body: (UnsafePointer<Element>) -> R) -> R {
    Swift.withUnsafePointer(to: halves) { halves in
      halves.withMemoryRebound(to: Element.self, capacity: Shape.maximumRank) { body($0) }
    }
  }
}

extension AxisVector: Hashable {
  @inline(__always) package static func == (a: AxisVector, b: AxisVector) -> Bool {
    a.halves.0 == b.halves.0 && a.halves.1 == b.halves.1
  }

  package func hash(into hasher: inout Hasher) { withUnsafeBytes(of: halves) { hasher.combine(bytes: $0) } }
}
