/// The bytes that pairs of hexadecimal digits stand for.
func bytes(hexadecimal text: String) -> [UInt8] {
  let digits = text.compactMap(\.hexDigitValue)
  return stride(from: 0, to: digits.count, by: 2).map { UInt8(16 * digits[$0] + digits[$0 + 1]) }
}

/// A file of `goldenFiles`.
func golden(_ name: String) -> [UInt8] { bytes(hexadecimal: goldenFiles[name] ?? "") }
