//   tapegrad compare --hidden 8 --activation relu --threads 1 --json
//
// Options that mean the same in several commands are declared once, so that they also read and fail the same. Where
// only the default or the help differs, the declaration is a function of it. (`train` has its own --hidden, a list.)

import TapeGrad

/// Options that several commands have, with the same name and meaning.
enum CommonOptions {
  /// The names of the activations, for help and errors.
  static let activationNames = Activation.allCases.map(\.description)

  /// The activation of the hidden layers.
  static func activation(default standard: Activation) -> Option<Activation> {
    .choice(
      "--activation", "NAME", default: standard, shown: "\(standard)", of: activationNames,
      "hidden activation: \(activationNames.joined(separator: ", "))"
    ) { Activation($0) }
  }

  /// The activation of the notes' network.
  static let activation = activation(default: .tanh)

  /// How many threads work.
  /// The help does not show the number itself, which differs from machine to machine.
  static let threads = Option.count(
    "--threads", default: threadCount, shown: "all processors, or \(ThreadCount.variable)", in: 1...ThreadCount.limit,
    "how many threads to use")

  /// Output for a program to read.
  /// It stands on standard output alone; notes, progress and errors go to standard error.
  static func json(_ help: String) -> Option<Bool> { .flag("--json", help) }

  /// The number of units in the hidden layer, which `help` describes.
  static func hidden(default standard: Int, _ help: String) -> Option<Int> {
    .count("--hidden", default: standard, in: 1...100_000, help)
  }
}
