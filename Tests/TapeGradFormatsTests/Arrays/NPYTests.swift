import TapeGradCore
import TapeGradFormats
import Testing

@testable import TapeGradFiles

/// The golden files are NumPy's own (Golden/golden.py).
struct NPYTests {
  static let fractions: [Double] = [1, -2.5, 3e-5, 4, 0.1, -0.0]

  @Test(
    "fractions are read in each version, order of axes and order of bytes",
    arguments: ["f8", "f8 column-major", "f8 highest byte first", "f8 version 2", "f8 version 3"])
  func doubles(_ name: String) throws {
    let array = try StoredArray(npy: golden(name), named: name)
    #expect(array.shape == [2, 3])
    #expect(try array.tensor(Double.self).scalars.map(\.bitPattern) == Self.fractions.map(\.bitPattern))
  }

  @Test("shorter fractions are read as they are")
  func floats() throws {
    #expect(
      try StoredArray(npy: golden("f4"), named: "f4").tensor(Float.self).scalars == Self.fractions.map { Float($0) })
    // The halves nearest to 3e-5 and 0.1, as NumPy prints them.
    let halves = try StoredArray(npy: golden("f2"), named: "f2").tensor(Double.self).scalars
    #expect(halves == [1, -2.5, 2.9981136322021484e-05, 4, 0.0999755859375, 0])
  }

  @Test("whole numbers are read", arguments: ["i1", "i2", "i4 highest byte first, column-major", "i8"])
  func integers(_ name: String) throws {
    #expect(try StoredArray(npy: golden(name), named: name).integers() == [1, -2, 3, 4, 5, -6])
  }

  @Test("arrays of other shapes and types are read")
  func others() throws {
    #expect(try StoredArray(npy: golden("u2"), named: "u2").integers() == [1, 2, 3, 4, 5, 65535])
    #expect(try StoredArray(npy: golden("b1"), named: "b1").tensor(Float.self).scalars == [1, 0, 1])
    let scalar = try StoredArray(npy: golden("scalar"), named: "scalar")
    #expect(scalar.shape.isEmpty)
    #expect(try scalar.tensor(Double.self).item == 7.5)
    #expect(try StoredArray(npy: golden("empty"), named: "empty").tensor(Float.self).shape == [0, 3])
  }

  @Test(
    "what is written is what NumPy writes, byte by byte",
    arguments: ["f8", "f4", "i1", "i2", "i8", "u2", "b1", "scalar", "empty"])
  func written(_ name: String) throws {
    let array = try StoredArray(npy: golden(name), named: name)
    try withTemporaryFile([]) { path in
      try array.write(npy: path)
      #expect(try readFile(path) == golden(name))
      #expect(try StoredArray(npy: path) == array)
    }
  }

  @Test("a file that is no array is an error, and never a trap")
  func hostile() throws {
    #expect(
      errorMessage { _ = try StoredArray(npy: golden("text"), named: "t.npy") }
        == "t.npy: type \"<U1\", expected numbers of 1 to 8 bytes")
    #expect(errorMessage { _ = try StoredArray(npy: [], named: "t.npy") } == "t.npy: not an array of NumPy's")
    let huge = "{'descr': '<f8', 'fortran_order': True, 'shape': (9223372036854775807, 9223372036854775807, 4), }"
    let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(huge.utf8.count), 0] + Array(huge.utf8)
    #expect(errorMessage { _ = try StoredArray(npy: bytes, named: "t.npy") }?.contains("do not fill") == true)
    var generator = SeededGenerator(seed: 11)
    for name in goldenFiles.keys.sorted() {
      for _ in 0..<100 {
        _ = try? StoredArray(npy: golden(name).mutated(using: &generator), named: name)
        _ = try? StoredArray(idx: golden(name).mutated(using: &generator), named: name)
      }
    }
  }
}

struct IDXTests {
  @Test("an array is read, the highest byte of each number first")
  func array() throws {
    let array = try StoredArray(idx: bytes(hexadecimal: "00000b02000000020000000200010002fffe0300"), named: "t")
    #expect(array.shape == [2, 2])
    #expect(try array.integers() == [1, 2, -2, 768])
    let floats = try StoredArray(idx: bytes(hexadecimal: "00000d01000000023fc00000c0000000"), named: "t")
    #expect(try floats.tensor(Float.self).scalars == [1.5, -2])
  }

  @Test("images and labels become a data set: pixels are features, examples columns")
  func dataSet() throws {
    let images = bytes(hexadecimal: "00000803000000030000000100000002" + "00ff" + "3300" + "ff66")
    try withTemporaryFile(images) { imagePath in
      try withTemporaryFile(bytes(hexadecimal: "0000080100000003" + "000201")) { labelPath in
        let data = try DataSet<Double>(idxImages: imagePath, labels: labelPath)
        #expect(data.features.shape == [2, 3])
        #expect(try data.features.scalars == [0, 0.2, 1, 1, 0, 0.4])
        #expect(try data.classIndices() == [0, 2, 1])
        #expect(data.classNames == ["0", "1", "2"])
        #expect(data.featureNames == ["row 0 column 0", "row 0 column 1"])
        #expect(throws: FormatError.self) { try DataSet<Double>(idxImages: labelPath, labels: imagePath) }
      }
    }
  }

  @Test(
    "a file that is no array is an error",
    arguments: [
      ("", "t: not an array of the IDX format"), ("00000703", "t: not an array of the IDX format"),
      ("00000803", "t: 3 axes, whose lengths the file does not have"),
      ("0000080100000002ff", "t: 1 bytes of numbers, which do not fill shape [2] of type U8"),
      (
        "00000e03ffffffffffffffffffffffff",
        "t: 0 bytes of numbers, which do not fill shape [4294967295, 4294967295, 4294967295] of type F64"
      ),
      ("1f8b0800", "t: a file compressed by gzip, expected an array; gunzip unpacks it"),
    ])
  func errors(_ text: String, message: String) {
    #expect(errorMessage { _ = try StoredArray(idx: bytes(hexadecimal: text), named: "t") } == message)
  }
}
