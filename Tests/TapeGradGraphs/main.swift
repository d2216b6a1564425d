import Foundation
import TapeGradCore

// TAPEGRAD_GRAPHS=N: how many graphs each check looks at. TAPEGRAD_SEED=N: others.
let environment = ProcessInfo.processInfo.environment
let count = environment["TAPEGRAD_GRAPHS"].flatMap(Int.init) ?? 10_000
let seed = environment["TAPEGRAD_SEED"].flatMap(UInt64.init) ?? 1
let size = 100, parts = max(1, count / size)
var fails = false
for check in GraphCheck.all {
  var failures: [String] = []
  await withTaskGroup(of: String?.self) { group in
    for part in 0..<parts { group.addTask { check.failure(of: size, part: part, seed: seed) } }
    for await case let failure? in group { failures.append(failure) }
  }
  print("\(failures.isEmpty ? "right" : "wrong"): \(check), of \(size * parts) graphs of seed \(seed)")
  for failure in failures { print(failure) }
  if !failures.isEmpty { fails = true }
}
exit(fails ? 1 : 0)
