import Foundation

/// Runs the command that was built beside these tests.
func tapegrad(_ arguments: String...) throws -> (status: Int32, output: String, errors: String) {
  try tapegrad(arguments)
}

/// Runs the command.
///
/// - Parameters:
///   - handle: takes standard output; nil collects it.
///   - environment: variables that are set beside those of the tests; `TAPEGRAD_THREADS` of these is left out.
func tapegrad(
  _ arguments: [String], output handle: FileHandle? = nil, environment: [String: String] = [:]
) throws -> (status: Int32, output: String, errors: String) {
  let process = Process()
  let (output, errors) = (Pipe(), Pipe())
  let products = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
  process.executableURL = products.appending(path: "tapegrad")
  process.arguments = arguments
  process.environment = ProcessInfo.processInfo.environment
    .filter { $0.key != "TAPEGRAD_THREADS" }.merging(environment) { $1 }
  process.standardOutput = handle ?? output
  process.standardError = errors
  try process.run()
  let text = handle == nil ? String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) : ""
  let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  return (process.terminationStatus, text, complaint)
}

extension String {
  /// The words with one space between them, however the lines were divided.
  var unwrapped: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
