// Training over MPI, for `Tests/Ranks/check.py` and `Tests/Benchmarks/ranks.py`, which start it under `mpirun`:
//
//   TapeGradRanks train FILE EPOCHS   the page's training, with its checkpoints
//   TapeGradRanks losses              losses of small trainings, the same on any number of ranks
//   TapeGradRanks calls               chunks, and errors that MPI gives
//   TapeGradRanks fail                rank 1 throws
//   TapeGradRanks sums                seconds for sums over the ranks
//   TapeGradRanks orders              seconds to draw an order of examples
//   TapeGradRanks steps LAYERS BATCH  seconds for a step

#if MPI
  import Foundation
  import TapeGradMPI

  let words = CommandLine.arguments.dropFirst()
  switch words.first {
  case "train":
    let rank = ["OMPI_COMM_WORLD_RANK", "PMI_RANK"].compactMap { ProcessInfo.processInfo.environment[$0] }.first ?? "0"
    FileHandle.standardError.write(Data("rank \(rank) is process \(getpid())\n".utf8))
    try train(to: words[2], epochs: Int(words[3]) ?? 0)
  case "losses": try printLosses()
  case "calls": try checkCalls()
  case "fail": try withMPI { if $0.rank == 1 { throw Failure() } else { _ = try $0.sum(1) } }
  case "sums": try measureSums()
  case "orders": measureOrders()
  case "steps":
    try measureSteps(layers: words[2].split(separator: ",").compactMap { Int($0) }, batch: Int(words[3]) ?? 0)
  default: throw Failure()
  }

  struct Failure: Error {}
#else
  print("built without the trait MPI")
#endif
