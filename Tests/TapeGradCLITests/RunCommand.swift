import Foundation

/// Runs the command that was built beside these tests.
func tapegrad(_ arguments: String...) throws -> (status: Int32, output: String, errors: String) {
  try tapegrad(arguments)
}

func tapegrad(_ arguments: [String]) throws -> (status: Int32, output: String, errors: String) {
  let process = Process()
  let (output, errors) = (Pipe(), Pipe())
  let products = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
  process.executableURL = products.appending(path: "tapegrad")
  process.arguments = arguments
  process.standardOutput = output
  process.standardError = errors
  try process.run()
  let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  return (process.terminationStatus, text, complaint)
}
