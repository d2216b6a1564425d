import Foundation
import TapeGrad
import Testing

/// The command as a person or a script meets it.
struct CommandTests {
  @Test("without arguments the command compares")
  func comparison() throws {
    let result = try tapegrad()
    #expect(result.status == 0 && result.errors.isEmpty)
    #expect(result.output.contains("569 examples, 30 features"))
    #expect(result.output.hasSuffix("gradients agree in all 8 quantities.\n"))
    #expect(!result.output.contains("\u{1B}"), "no color where output is not a terminal")
  }

  /// The README shows what the command prints. Without fused multiply-add, last digits round differently, and other
  /// elements may be the worst: only words and the names of nodes are compared then.
  @Test("the README shows what the command prints")
  func readme() throws {
    let readme = try String(contentsOf: repository.appending(path: "README.md"), encoding: .utf8)
    let output = try tapegrad("compare").output.split(separator: "\n")
    let lines = readme.split(separator: "\n")
    let start = try #require(lines.firstIndex { $0.hasPrefix("data      ") })
    let end = try #require(lines[start...].firstIndex { $0.hasPrefix("```") })
    #expect(end - start == output.count && output.count > 20)
    let isFused = ["avx2", "avx512"].contains(instructionSet)
    for (line, printed) in zip(lines[start..<end], output) {
      if isFused { #expect(line == printed) } else { #expect(words(line) == words(printed)) }
    }
  }

  /// What begins with a letter, without the indices of an element.
  private func words(_ line: Substring) -> [Substring] {
    line.split(separator: " ").filter { $0.first?.isLetter == true }.map { $0.prefix { $0 != "[" } }
  }

  /// Exclusive or is flat about 0: the four weights of 0.01 do not leave it in 500 epochs.
  @Test("a loss that hardly moves is told, and larger initial weights move it")
  func saddle() throws {
    let table = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).csv")
    defer { try? FileManager.default.removeItem(at: table) }
    try "0,0,0\n0,1,1\n1,0,1\n1,1,0\n".write(to: table, atomically: true, encoding: .utf8)
    let arguments = ["compare", "--data", table.path, "--labels", "3", "--hidden", "4", "--epochs", "500"]
    let still = try tapegrad(arguments)
    #expect(still.errors.contains("J hardly moved in 500 epochs") && still.errors.contains("--initializer xavier"))
    let moved = try tapegrad(arguments + ["--initializer", "xavier"])
    #expect(!moved.errors.contains("hardly") && moved.output.contains("J from 0.7"), "\(moved.output)")
  }

  @Test("gradients are compared on a sample of many examples, aloud")
  func sample() throws {
    let words = try tapegrad("compare", "--epochs", "2", "--examples", "50")
    #expect(words.status == 0 && words.output.contains("compared  on 50 of the 569 examples, drawn by the seed\n"))
    #expect(words.output.contains("X         (30, 50)"))
    let json = try tapegrad("compare", "--epochs", "2", "--examples", "50", "--json").output
    let report = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(report["examples"] as? Int == 569 && report["comparedExamples"] as? Int == 50)
  }

  @Test("a report in JSON holds the options, losses and gradients")
  func json() throws {
    let output = try tapegrad("compare", "--json", "--epochs", "3", "--activation", "relu").output
    let report = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    #expect(report["isRight"] as? Bool == true)
    #expect(report["hidden"] as? Int == 16 && report["seed"] as? Int == 1 && report["epochs"] as? Int == 3)
    #expect(report["activation"] as? String == "relu" && report["plan"] == nil)
    let losses = try ["initialLoss", "loss"].map { try #require(report[$0] as? Double) }
    #expect(losses[1] < losses[0] && abs(losses[0] - log(2)) < 0.01, "weights near 0 give log 2")
    let quantities = try #require(report["quantities"] as? [[String: Any]])
    #expect(quantities.map { $0["name"] as? String } == ["A2", "Z2", "b2", "W2", "A1", "Z1", "b1", "W1"])
    for quantity in quantities {
      let (automatic, hand) = (quantity["automatic"] as? Double, quantity["handDerived"] as? Double)
      #expect(abs(try #require(automatic) - (try #require(hand))) < 1e-12)
    }
  }

  @Test("the plan of a training step is explained on request")
  func plan() throws {
    let output = try tapegrad("compare", "--epochs", "2", "--explain-plan", "--threads", "1").output
    #expect(output.contains("a training step: 7 inputs, 4 results, "))
    #expect(output.contains("product and sum, 1 step on 16 × 569"))
    #expect(output.contains("A1 (16, 569) = tanh Z1"))
    #expect(!output.contains("threads\n"))
    let json = try tapegrad("compare", "--epochs", "1", "--explain-plan", "--json", "--threads", "1").output
    let report = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let plan = try #require(report["plan"] as? String)
    #expect(output.contains("a training step: \(plan)\n"))
  }

  @Test(
    "a table is read from a file",
    arguments: [
      ("no", "yes", "20 examples, 2 features, standardized; answer: 1 is yes"),
      ("0", "1", "20 examples, 2 features, standardized; answer network"),
    ])
  func file(negative: String, positive: String, expected: String) throws {
    let table = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).csv")
    defer { try? FileManager.default.removeItem(at: table) }
    let rows = (0..<20).map { "\($0 % 7),\(Double($0) / 3),\($0 % 3 == 0 ? positive : negative)" }
    try (["a,b,answer"] + rows).joined(separator: "\n").write(to: table, atomically: true, encoding: .utf8)
    let result = try tapegrad("--data", table.path, "--labels", "answer", "--hidden", "3", "--epochs", "1")
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      result.output.unwrapped.contains(expected) && result.output.contains("training  1 epoch of"), "\(result.output)")
  }

  @Test(
    "wrong usage is named, and ends with 2",
    arguments: [
      (["--hiden", "3"], "unknown option '--hiden'; did you mean '--hidden'?"),
      (["compare", "--hidden", "none"], "--hidden is 'none', expected a whole number from 1 to 100000"),
      (["derive", "--hidden", "99999999999"], "--hidden is '99999999999', expected a whole number from 1 to 100000"),
      (["compare", "--threads", "abc"], "--threads is 'abc', expected a whole number from 1 to 256"),
      (["compare", "--threads=1000"], "--threads is '1000', expected a whole number from 1 to 256"),
      (["compare", "--rate", "nan"], "--rate is 'nan', expected a positive number"),
      (["compare", "--data", "x.csv"], "--data wants --labels COLUMN"),
      (["derive", "--inputs", "2", "--inputs", "3"], "--inputs is given twice"),
      (["derive", "x", "y"], "unexpected argument 'y'"),
      (["compare", "--activation", "cosine"], "--activation is 'cosine', expected one of sigmoid, tanh, relu"),
      (["compare", "--hidden"], "--hidden wants a value: --hidden N"),
      (["compare", "--json=yes"], "--json takes no value"),
      (["--labels", "x"], "--labels goes with --data"),
      (["comprae"], "there is no command 'comprae'; did you mean 'compare'?"),
    ])
  func wrongUsage(arguments: [String], message: String) throws {
    let result = try tapegrad(arguments)
    #expect(result.status == 2 && result.output.isEmpty)
    #expect(result.errors.contains("tapegrad: \(message)"), "\(result.errors)")
    #expect(result.errors.contains("--help"))
  }

  @Test("a failure is named, and ends with 1")
  func failure() throws {
    let result = try tapegrad("--data", "/no/such/file.csv", "--labels", "x")
    #expect(result.status == 1 && result.output.isEmpty)
    #expect(result.errors == "tapegrad: /no/such/file.csv: cannot be read: No such file or directory\n")
  }

  /// A script that fills a disk must hear of it.
  @Test(
    "output that cannot be written is a failure",
    arguments: [[], ["derive"], ["--help"], ["--version"], ["benchmark", "--quick", "--only", "program"]])
  func fullDisk(arguments: [String]) throws {
    let full = try #require(FileHandle(forWritingAtPath: "/dev/full"), "Linux only")
    let result = try tapegrad(arguments, output: full)
    #expect(result.status == 1)
    #expect(result.errors == "tapegrad: standard output cannot be written: No space left on device\n")
  }

  @Test(
    "a number of threads that cannot be used is reported",
    arguments: [("abc", true), ("1000", true), ("0", true), ("2", false), ("256", false)])
  func threads(text: String, isReported: Bool) throws {
    let result = try tapegrad(["derive"], environment: ["TAPEGRAD_THREADS": text])
    #expect(result.status == 0)
    let report = "TAPEGRAD_THREADS is '\(text)', which is not a whole number from 1 to 256; "
    #expect(isReported ? result.errors.hasPrefix(report) : result.errors.isEmpty, "\(result.errors)")
  }

  @Test(
    "every command explains itself",
    arguments: [
      "compare", "train", "predict", "evaluate", "inspect", "figures", "export", "derive", "benchmark", "completions",
    ])
  func help(name: String) throws {
    let result = try tapegrad(name, "--help")
    #expect(result.status == 0 && result.output.hasPrefix("tapegrad \(name): "))
    #expect(result.output.hasSuffix("this text\n"))
    #expect(name == "derive" || result.output.contains("\n  tapegrad ") || name == "completions")
    #expect(try tapegrad("help", name).output == result.output)
    #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(result.output)")
    #expect(try tapegrad("--help").output.contains("\n  \(name) "))
  }

  @Test("a shell completes commands and options")
  func completions() throws {
    let script = try tapegrad("completions", "bash").output
    func completed(_ words: String...) throws -> String {
      let process = Process(), pipe = Pipe()
      process.executableURL = URL(filePath: "/usr/bin/env")
      let line = words.map { "'\($0)'" }.joined(separator: " ")
      let call = "COMP_WORDS=(\(line)); COMP_CWORD=\(words.count - 1); _tapegrad; echo \"${COMPREPLY[*]}\""
      process.arguments = ["bash", "-c", script + "\n" + call]
      process.standardOutput = pipe
      try process.run()
      let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      return text
    }
    #expect(try completed("tapegrad", "tr") == "train\n")
    #expect(try completed("tapegrad", "train", "--lab") == "--labels\n")
    #expect(try completed("tapegrad", "derive", "--in") == "--inputs\n")
    #expect(try tapegrad("completions", "fish").output.contains("__fish_seen_subcommand_from train' -l labels -r"))
    #expect(try tapegrad("completions", "tcsh").status == 2)
  }

  @Test("the derivation is printed for the network asked for")
  func derivation() throws {
    let result = try tapegrad("derive", "--activation", "relu", "--examples", "7")
    #expect(result.status == 0)
    #expect(result.output.contains("= (A2 − Y)/m "))
    #expect(result.output.contains("m = 7 is the number of elements"))
  }
}

private let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()
