// Which list a number counts in. The third node of a graph has nothing to do with the third buffer of its plan, and the
// compiler keeps them apart:
//
//   graph[NodeIndex(2)]           a node
//   plan.buffers[BufferIndex(2)]  a buffer
//   plan.buffers[NodeIndex(2)]    does not compile
//
// An index is one `Int` at run time. "None" is an optional, never −1.

/// The index of a thing in the list of its kind.
struct TypedIndex<Thing>: Hashable, Comparable, Sendable {
  /// How many things stand before it in the list.
  let position: Int

  init(_ position: Int) { self.position = position }

  static func < (a: Self, b: Self) -> Bool { a.position < b.position }
}

/// A node of a graph.
typealias NodeIndex = TypedIndex<Graph.Node>
/// A buffer of a plan.
typealias BufferIndex = TypedIndex<Buffer>

extension Array {
  /// The element at a typed index.
  subscript(index: TypedIndex<Element>) -> Element {
    get { self[index.position] }
    _modify { yield &self[index.position] }
  }
}

/// One value for each thing of a list, found by the thing's index: an array's look-up where a dictionary would hash.
struct Table<Thing, Value> {
  private var values: [Value]

  /// The same value for each of `count` things.
  init(repeating value: Value, count: Int) { values = Array(repeating: value, count: count) }

  subscript(index: TypedIndex<Thing>) -> Value {
    get { values[index.position] }
    _modify { yield &values[index.position] }
  }
}

extension Table: Sendable where Value: Sendable {}
