import Foundation

// TAPEGRAD_JUDGE=N: how many innocent runs and how many planted faults. TAPEGRAD_SEED=N: others.
let environment = ProcessInfo.processInfo.environment
let suite = try JudgeSuite(
  count: environment["TAPEGRAD_JUDGE"].flatMap(Int.init) ?? 1000,
  seed: environment["TAPEGRAD_SEED"].flatMap(UInt64.init) ?? 1,
  verbose: environment["TAPEGRAD_VERBOSE"] != nil)
print(suite.table)
for failure in suite.failures { print(failure) }
exit(suite.failures.isEmpty ? 0 : 1)
