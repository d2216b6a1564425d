#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A run of this command's own program with `--once`: how long it took, and the most memory that it had.
struct FinishedProcess {
  let seconds: Double
  let peakBytes: Int

  init(_ options: [String]) throws {
    let program = CommandLine.arguments[0]
    var arguments = ([program, BenchmarkCommand.name] + options).map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    var output = ""
    seconds = try TapeGradCLI.seconds {
      guard let text = Self.output(of: program, &arguments) else {
        throw CommandError("\(program) \(options.joined(separator: " ")): could not be run")
      }
      output = text
    }
    peakBytes = Int(output.split(separator: "\n").joined()) ?? 0
  }

  /// What a program prints until it ends; nil where it does not end well.
  private static func output(of program: String, _ arguments: inout [UnsafeMutablePointer<CChar>?]) -> String? {
    var ends: [Int32] = [0, 0], process: pid_t = 0, status: Int32 = 0
    guard pipe(&ends) == 0 else { return nil }
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_addclose(&actions, ends[0])
    posix_spawn_file_actions_addclose(&actions, ends[1])
    let failure = posix_spawnp(&process, program, &actions, nil, arguments, environ)
    posix_spawn_file_actions_destroy(&actions)
    close(ends[1])
    defer { close(ends[0]) }
    guard failure == 0 else { return nil }
    var buffer = [UInt8](repeating: 0, count: 100)
    let count = read(ends[0], &buffer, buffer.count)
    guard waitpid(process, &status, 0) == process, status == 0, count > 0 else { return nil }
    return String(decoding: buffer[..<count], as: UTF8.self)
  }
}

/// The most memory that this process had, in bytes.
///
/// `getrusage` would count, on Linux, what the parent process had when it started this one.
func peakMemory() -> Int {
  #if os(Linux)
    guard let status = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(status) }
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
