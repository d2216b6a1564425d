import Testing

@testable import TapeGradArrays

struct ArrayStorageTests {
  @Test(
    "memory is aligned to 64 bytes and as large as its numbers",
    arguments: [[], [0], [1], [16], [17], [1000, 3]] as [Shape], [ScalarType.float, .double])
  func alignment(shape: Shape, type: ScalarType) {
    let storage = ArrayStorage(shape: shape, scalarType: type)
    #expect(UInt(bitPattern: storage.bytes).isMultiple(of: 64))
    #expect(storage.byteCount == shape.count * type.byteCount)
    #expect(UnsafeMutableRawPointer(storage.pointer(to: Double.self)) == storage.bytes)
    storage.bytes.initializeMemory(as: UInt8.self, repeating: 7, count: storage.byteCount)
  }

  @Test("released memory is used again")
  func reuse() {
    var storage = ArrayStorage(shape: [999], scalarType: .double)
    let bytes = storage.bytes
    storage = ArrayStorage(shape: [1], scalarType: .float)
    #expect(ArrayStorage(shape: [999], scalarType: .double).bytes == bytes)
  }

  @Test("another shape of the same memory keeps it alive")
  func views() {
    var storage: ArrayStorage? = ArrayStorage(shape: [998], scalarType: .double)
    let view = storage.map { ArrayStorage(reading: ArrayStorage(reading: $0, as: [2, 499]), as: [499, 2]) }
    let bytes = storage?.bytes
    storage = nil
    #expect(view?.bytes == bytes)
    #expect(view?.shape == [499, 2])
    #expect(ArrayStorage(shape: [998], scalarType: .double).bytes != bytes)
  }

  @Test("memory that a view or a copy reads too is not uniquely owned")
  func uniqueOwner() {
    var storage = ArrayStorage(shape: [2], scalarType: .float)
    #expect(ArrayStorage.isUniquelyOwned(&storage))
    var view = ArrayStorage(reading: storage, as: [2, 1])
    #expect(!ArrayStorage.isUniquelyOwned(&storage))
    #expect(!ArrayStorage.isUniquelyOwned(&view))
    let other = storage
    #expect(!ArrayStorage.isUniquelyOwned(&storage))
    withExtendedLifetime((other, view)) {}
  }
}
