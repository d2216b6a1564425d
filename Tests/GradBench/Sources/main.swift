import Foundation

// Answers each line of standard input until there is no more.

func answer(to line: Data) throws -> Response {
  let message = try JSONDecoder().decode(Message.self, from: line)
  var response = Response(to: message)
  switch message.kind {
  case "start": response.tool = "tapegrad"
  case "define": response.success = message.module.flatMap { modules[$0] } != nil
  case "evaluate":
    guard let function = message.module.flatMap({ modules[$0] })?[message.function ?? ""] else {
      response.success = false
      response.error = "there is no function \(message.function ?? "") in module \(message.module ?? "")"
      break
    }
    do {
      let (output, timings) = try function.evaluate(line)
      (response.success, response.output, response.timings) = (true, output, timings)
    } catch {
      (response.success, response.error) = (false, "\(error)")
    }
  default: break
  }
  return response
}

let encoder = JSONEncoder()
encoder.nonConformingFloatEncodingStrategy = .convertToString(
  positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
while let line = readLine() {
  FileHandle.standardOutput.write(try encoder.encode(answer(to: Data(line.utf8))) + Data("\n".utf8))
}
