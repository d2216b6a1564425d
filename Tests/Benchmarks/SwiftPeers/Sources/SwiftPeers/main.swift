import Foundation

// A process that runs one peer, ByHand or Differentiated: requests and answers are those of worker.py.

private struct Request: Decodable {
  let size: [Int]
  let activation: Activation
  let scalar: String
  let runs: Int
  let batch: Double
}

private struct Answer: Encodable {
  let loss: Double
  let seconds: [Double]
}

private func seconds(_ body: () -> Void) -> Double {
  let (whole, fraction) = ContinuousClock().measure(body).components
  return Double(whole) + Double(fraction) * 1e-18
}

private func answer<P: Peer>(_ request: Request, _: P.Type) -> Answer {
  let problem = Problem<P.S>(
    inputs: request.size[0], hidden: request.size[1], examples: request.size[2], activation: request.activation)
  var peer = P(problem)
  let loss = peer.run(20)
  var times: [Double] = [], total = 0.0, count = 1
  while request.runs > 0, seconds({ _ = peer.run(count) }) < request.batch { count *= 2 }
  while times.count < request.runs, times.count < 3 || total < 2 {
    let time = seconds { _ = peer.run(count) }
    times.append(time / Double(count))
    total += time
  }
  return Answer(loss: Double(loss), seconds: times)
}

private func answer(_ request: Request, _ name: String) -> Answer {
  switch (name, request.scalar) {
  case ("ByHand", "Float"): answer(request, ByHand<Float>.self)
  case ("ByHand", _): answer(request, ByHand<Double>.self)
  case (_, "Float"): answer(request, Differentiated<Float>.self)
  default: answer(request, Differentiated<Double>.self)
  }
}

/// The most memory that this process had, in bytes.
private func peakMemory() -> Int {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") }
  return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
}

private func send(_ line: String) {
  print(line)
  fflush(nil)
}

private let name = CommandLine.arguments[1]
if CommandLine.arguments.contains("--once") {
  _ = answer(Request(size: [2, 4, 400], activation: .tanh, scalar: "Float", runs: 0, batch: 0), name)
  print(peakMemory())
} else {
  send(#"{"version": "Swift"}"#)
  while let line = readLine() {
    let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
    send(String(decoding: try JSONEncoder().encode(answer(request, name)), as: UTF8.self))
  }
}
