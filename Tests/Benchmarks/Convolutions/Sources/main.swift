// What convolutions.py asks: a line for each layer and direction, answered by the seconds of the fastest of some runs, and by
// a sum of the result that tells whether both computed the same.
//
//   conv N C H W O h w stride padding groups forward 3      →     0.00123 17.25
import Foundation
import TapeGradCore

/// The processor's time that this process had, in seconds: what else runs on the machine does not count.
func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// ((7k + start) mod 11 − 5)/4 for k = 0, 1, 2, …
func grid(_ shape: Shape, _ start: Int) -> Tensor<Float> {
  Tensor((0..<shape.count).map { Float((7 * $0 + start) % 11 - 5) / 4 }, shape: shape)
}

func answer(_ words: [String]) throws -> String {
  let n = words.dropFirst().compactMap(Int.init), runs = n.last ?? 1, direction = words[words.count - 2]
  let x = grid([n[0], n[1], n[2], n[3]], 1)
  let operation: @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float>
  var w = Tensor<Float>(0)
  switch words[0] {
  case "conv":
    let (stride, padding, groups) = (n[7], n[8], n[9])
    w = grid([n[4], n[1] / groups, n[5], n[6]], 4)
    operation = { convolution2D($0, $1, stride: (stride, stride), padding: (padding, padding), groups: groups) }
  case "max":
    let (window, stride, padding) = (n[4], n[5], n[6])
    operation = { x, _ in
      maxPool2D(x, window: (window, window), stride: (stride, stride), padding: (padding, padding))
    }
  default:
    let (window, stride, padding) = (n[4], n[5], n[6])
    operation = { x, _ in
      averagePool2D(x, window: (window, window), stride: (stride, stride), padding: (padding, padding))
    }
  }
  var best = Double.infinity, sum = 0.0
  for _ in 0..<runs {
    let start: Double, time: Double, result: Tensor<Float>
    if direction == "forward" {
      start = now()
      result = operation(x, w)
      time = now() - start
    } else {
      let (y, pullback) = try valueWithPullback(at: [x, w]) { operation($0[0], $0[1]) }
      let cotangent = grid(y.shape, 2)
      start = now()
      let cotangents = try pullback(cotangent)
      time = now() - start
      result = words[0] == "conv" ? cotangents[1] : cotangents[0]
    }
    best = min(best, time)
    sum = try abs(result.converted(to: Double.self)).sum().item
  }
  return "\(best) \(sum)"
}

while let line = readLine() {
  print(try answer(line.split(separator: " ").map(String.init)))
  flush()
}

func flush() { fflush(nil) }
