// The labels and the images of MNIST, byte by byte:
//
//     00 00 08 01   two zeros, type 08 (bytes without a sign), 1 axis
//     00 00 EA 60   its length, 60,000, highest byte first
//     05 00 04 …    the labels 5, 0, 4, …
//
//     00 00 08 03   3 axes
//     00 00 EA 60   60,000 images
//     00 00 00 1C   of 28 rows
//     00 00 00 1C   and 28 columns
//     00 00 …       the pixels, row by row, image after image
//
// An image is contiguous in the file; in a data set it is a column. So pixel p of image i goes from i · 784 + p to
// p · m + i.

import TapeGradCore

extension StoredArray {
  /// Reads an array of the IDX format, in which the digits of MNIST come.
  ///
  /// The format: two zero bytes, a code of the type, the number of axes, their lengths in 32 bits each and the numbers, all
  /// with the highest byte first. (Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits.)
  ///
  /// - Throws: ``FileError`` where the file cannot be read, ``FormatError`` where it is no such array.
  public init(idx path: String) throws { try self.init(idx: readFile(path), named: path) }

  /// The format's codes of types.
  private static let idxTypes: [UInt8: ElementType] = [
    0x08: .uint8, 0x09: .int8, 0x0B: .int16, 0x0C: .int32, 0x0D: .float, 0x0E: .double,
  ]

  package init(idx bytes: [UInt8], named name: String) throws(FormatError) {
    if bytes.starts(with: [0x1F, 0x8B]) {
      throw FormatError(name, "a file compressed by gzip, expected an array; gunzip unpacks it")
    }
    guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0, let type = Self.idxTypes[bytes[2]] else {
      throw FormatError(name, "not an array of the IDX format")
    }
    let start = 4 + 4 * Int(bytes[3])
    guard bytes.count >= start else {
      throw FormatError(name, "\(bytes[3]) axes, whose lengths the file does not have")
    }
    let shape = stride(from: 4, to: start, by: 4).map { bytes[$0..<$0 + 4].reduce(0) { $0 << 8 | Int($1) } }
    let size = Self.count(of: shape)?.multipliedReportingOverflow(by: type.byteCount)
    guard let size, !size.overflow, size.partialValue == bytes.count - start else {
      throw FormatError(
        name, "\(bytes.count - start) bytes of numbers, which do not fill shape \(shape) of type \(type.rawValue)")
    }
    self.init(type: type, shape: shape, bytes: Array(bytes[start...]).reversedWithin(type.byteCount))
  }
}

extension DataSet {
  /// Images and their classes from two files of the IDX format, as MNIST has them: the features are brightnesses from 0 to 1,
  /// row by row, shape (height · width, m).
  ///
  /// - Throws: ``FileError`` where a file cannot be read, ``FormatError`` where one is not in the format, or the images are
  ///   not bytes, or the labels not one whole number for each image.
  public init(idxImages images: String, labels: String) throws {
    let pixels = try StoredArray(idx: images), classes = try StoredArray(idx: labels)
    guard pixels.type == .uint8, pixels.shape.count == 3 else {
      throw FormatError(images, "\(pixels.type.rawValue) of shape \(pixels.shape), expected images of bytes")
    }
    guard classes.shape == [pixels.shape[0]], let indices = try? classes.integers(), indices.allSatisfy({ $0 >= 0 })
    else {
      throw FormatError(
        labels, "labels of shape \(classes.shape), expected one class for each of \(pixels.shape[0]) images")
    }
    let count = pixels.shape[0], size = pixels.shape[1] * pixels.shape[2], columns = pixels.shape[2]
    let features = NDArray<Scalar>(shape: [size, count]) { target in
      for image in 0..<count {
        for pixel in 0..<size {
          target[pixel * count + image] = Scalar(Double(pixels.bytes[image * size + pixel]) / 255)
        }
      }
    }
    let highest = max(1, indices.max() ?? 1)
    guard highest < 1 << 16 else { throw FormatError(labels, "class \(highest), expected fewer than 65536 classes") }
    try self.init(
      features: Tensor(features), labels: Tensor(indices.map { Scalar(Double($0)) }, shape: [1, count]),
      featureNames: (0..<size).map { "row \($0 / columns) column \($0 % columns)" }, labelName: "class",
      classNames: (0...highest).map(String.init))
  }
}
