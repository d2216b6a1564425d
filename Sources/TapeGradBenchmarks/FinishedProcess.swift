#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A run of this program that does some work once: how long it took, and the most memory that it had.
///
/// The program is started by `posix_spawn`, and not by Foundation's `Process`, which would add its own milliseconds to the
/// time that is measured.
struct FinishedProcess {
  /// From before its start until its output was read and it had ended.
  let seconds: Double
  /// As the process itself says.
  let peakBytes: Int

  /// Runs the program, which is to print its peak memory and nothing else.
  ///
  /// - Throws: ``ProcessError`` where it does not start, fails, or prints something else.
  init(_ arguments: [String]) throws {
    let program = CommandLine.arguments[0]
    var words = ([program] + arguments).map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    var output: String?
    seconds = TapeGradBenchmarks.seconds { output = Self.output(of: program, &words) }
    guard let output, let bytes = Int(output.split(separator: "\n").joined()) else {
      throw ProcessError(command: program + " " + arguments.joined(separator: " "))
    }
    peakBytes = bytes
  }

  /// What a program prints until it ends; nil where it does not end well.
  private static func output(of program: String, _ arguments: inout [UnsafeMutablePointer<CChar>?]) -> String? {
    // `ends` of the pipe: the program writes into the second, this process reads from the first.
    var ends: [Int32] = [0, 0], process: pid_t = 0, status: Int32 = 0
    guard pipe(&ends) == 0 else { return nil }
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    // In the program the pipe becomes standard output, and its two descriptors are closed.
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_addclose(&actions, ends[0])
    posix_spawn_file_actions_addclose(&actions, ends[1])
    let failure = posix_spawnp(&process, program, &actions, nil, arguments, environ)
    posix_spawn_file_actions_destroy(&actions)
    // With this end open, reading would not end with the program.
    close(ends[1])
    defer { close(ends[0]) }
    guard failure == 0 else { return nil }
    // One number is expected, which a pipe delivers in one piece.
    var buffer = [UInt8](repeating: 0, count: 100)
    let count = read(ends[0], &buffer, buffer.count)
    guard waitpid(process, &status, 0) == process, status == 0, count > 0 else { return nil }
    return String(decoding: buffer[..<count], as: UTF8.self)
  }
}

/// A program that could not be measured.
struct ProcessError: Error, CustomStringConvertible {
  /// The command line.
  let command: String

  var description: String { "\(command): could not be run" }
}

/// The most memory that this process had, in bytes; 0 where the system does not tell.
///
/// On Linux `getrusage` would count what the parent process had when it started this one, so the kernel's own record of
/// the peak (`VmHWM`) is read.
package func peakMemory() -> Int {
  #if os(Linux)
    guard let status = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(status) }
    // Its lines read `VmHWM:      15700 kB`.
    var line = [CChar](repeating: 0, count: 200)
    while fgets(&line, Int32(line.count), status) != nil {
      let words = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        .split { $0.isWhitespace }
      if words.count == 3, words[0] == "VmHWM:" { return (Int(words[1]) ?? 0) * 1024 }
    }
    return 0
  #else
    var usage = rusage()
    getrusage(RUSAGE_SELF, &usage)
    return usage.ru_maxrss
  #endif
}
