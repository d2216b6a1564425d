import Foundation
import TapeGradCore

/// Numbers that another library computed, from a file beside the script that wrote it.
func golden<T: Decodable>(_ file: String, as _: T.Type = T.self) throws -> T {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Golden")
  return try JSONDecoder().decode(T.self, from: Data(contentsOf: folder.appending(path: file)))
}

/// `((7k + start) mod 11 − 5)/4` for k = 0, 1, 2, …: the numbers that the scripts begin with.
func grid(_ shape: Shape, _ start: Int) -> Tensor<Double> {
  Tensor((0..<shape.count).map { Double((7 * $0 + start) % 11 - 5) / 4 }, shape: shape)
}

/// `max |a − b| / max(1, |b|)` over two lists; infinite where they differ in length, and NaN where a number is.
func relativeDistance(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).map { abs($0 - $1) / max(1, abs($1)) }.reduce(0) { $0.isNaN || $1.isNaN ? .nan : max($0, $1) }
}
