//   tapegrad train big.csv --labels y          Ctrl-C after a while:
//
//     stopped   by Ctrl-C after 1684 epochs: the network of epoch 1259 is kept, the best so far, validation loss 0.1731
//
// A training of hours must not be lost because it was ended by hand. So the signal does not end the process: the
// training looks at `hasCome` after each epoch, ends by itself, and writes the folder as always. The exit code is 130.
// Who cannot wait presses Ctrl-C again; the folder then has what was saved last.
//
// Only a training catches the signals. Before it begins, while data are read and a rate is searched, and in all other
// commands, Ctrl-C ends the process at once: there is nothing to save.

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Ctrl-C, and the signal that asks a process to end: the first one only says that work should stop at the next good place;
/// a second one ends the process.
enum Interruption {
  // A handler may only set a number; nothing else writes it.
  nonisolated(unsafe) private static var count: sig_atomic_t = 0

  /// Whether a signal has come.
  static var hasCome: Bool { count > 0 }

  /// Catches the signals from now on.
  static func `catch`() {
    // A process inherits which signals are blocked; one that was started by a thread of another program may have all.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    for number in [SIGINT, SIGTERM] {
      // The handler gives the signal its usual meaning back, so that a second one ends the process.
      signal(number) { number in
        Interruption.count = 1
        signal(number, SIG_DFL)
      }
    }
  }
}
