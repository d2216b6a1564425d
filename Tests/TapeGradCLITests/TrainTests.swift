import Foundation
import TapeGrad
import Testing

/// From a file to a model and to predictions, as a person does it who has no Swift.
struct TrainTests {
  /// Three kinds, told apart by a number, a text, and a column with holes.
  private static let animals =
    ["id,size,color,weight,kind"]
    + (0..<120).map { i in
      let kind = i % 3, size = Double(kind) + Double(i * 7 % 10) / 10
      return
        "x\(i),\(size),\(kind == 1 ? "red" : "blue"),\(i % 11 == 0 ? "" : "\(i % 5)"),\(["ant", "bee", "cow"][kind])"
    }

  /// y = 100000 + 20000·a − 5000·b, with decimal commas.
  private static let prices =
    ["a;b;price"]
    + (0..<100).map { i in
      let (a, b) = (Double(i % 9) + 0.5, Double(i % 5) + 0.25)
      return [a, b, 100000 + 20000 * a - 5000 * b].map { "\($0)".replacing(".", with: ",") }.joined(separator: ";")
    }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("three classes with text and holes are trained, evaluated and predicted")
  func classes() throws {
    let folder = try Folder(), data = try folder.file("animals.csv", Self.animals), model = folder.path + "/m"
    let trained = try tapegrad("train", data, "--labels", "kind", "--output", model)
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(trained.output.contains("96 to learn from and, by turns, to validate, in 5 folds, 24 held out"))
    #expect(trained.output.contains("as bee") && trained.output.contains("accuracy"))
    #expect(trained.errors.contains("column \"id\" is left out"))
    #expect(trained.errors.contains("missing values are written as nothing (11 times)"))
    for name in ["model.safetensors", "last.safetensors", "metrics.jsonl", "run.json", "figures/confusion-matrix.svg"] {
      #expect(FileManager.default.fileExists(atPath: "\(model)/\(name)"), "\(name)")
    }
    let run = try json(String(contentsOfFile: model + "/run.json", encoding: .utf8))
    let evaluation = try #require(run["evaluation"] as? [String: Any])
    #expect(try #require(evaluation["accuracy"] as? Double) > 0.9)
    let lines = try String(contentsOfFile: model + "/metrics.jsonl", encoding: .utf8).split(separator: "\n")
    #expect(lines.count == run["epochs"] as? Int)

    // The file of all rows, in another order of columns and without labels.
    let new = try folder.file("new.csv", ["color,weight,size,id", "red,1,1.5,p", "green,,0.1,q"])
    let predicted = try tapegrad("predict", new, "--model", model)
    #expect(predicted.status == 0, "\(predicted.errors)")
    let rows = predicted.output.split(separator: "\n").map { $0.split(separator: ",") }
    #expect(rows[0] == ["id", "kind", "p(ant)", "p(bee)", "p(cow)"] && rows.count == 3)
    #expect(rows[1].starts(with: ["p", "bee"]) && rows[2][0] == "q")
    #expect(abs(rows[1].dropFirst(2).reduce(0) { $0 + (Double($1) ?? .nan) } - 1) < 1e-5)

    let evaluated = try tapegrad("evaluate", data, "--model", model, "--json")
    #expect(try json(evaluated.output)["count"] as? Int == 120)
    let wrong = try folder.file("wrong.csv", ["length,kind", "1,ant", "2,bee"])
    let refused = try tapegrad("predict", wrong, "--model", model)
    #expect(refused.status == 1)
    for name in ["size", "color", "weight"] { #expect(refused.errors.contains("no column \"\(name)\"")) }
  }

  @Test("a table to predict has policies of its own, and columns that do not match are listed")
  func prediction() throws {
    let folder = try Folder(), data = try folder.file("animals.csv", Self.animals), model = folder.path + "/m"
    #expect(try tapegrad("train", data, "--labels", "kind", "--output", model, "--epochs", "2").status == 0)
    let new = try folder.file(
      "new.csv", ["id,size,color,weight,legs,age", "p,1.5,red,1,4,1", "q,0.1,green,2,4,1", "r,0.2,blue,,4,1"])
    let predicted = try tapegrad("predict", new, "--model", model)
    #expect(predicted.status == 0 && predicted.output.split(separator: "\n").count == 4)
    #expect(predicted.errors.contains("columns that the model does not use: \"legs\" and \"age\""))
    let refused = try tapegrad("predict", new, "--model", model, "--missing", "error", "--unseen", "error")
    #expect(refused.status == 1 && refused.errors.contains("line 3, column \"color\": found \"green\""))
    #expect(refused.errors.contains("line 4, column \"weight\": found nothing, expected a number; --missing mean"))
    let dropped = try tapegrad("predict", new, "--model", model, "--missing", "drop")
    #expect(dropped.status == 0 && dropped.errors.contains("2 rows left out: a feature has no value there"))
    #expect(dropped.output.split(separator: "\n").map { $0.prefix(2) } == ["id", "p,"])
    let misspelled = try folder.file("other.csv", ["sizes,color,weight", "1.5,red,1"])
    let help = try tapegrad("predict", misspelled, "--model", model).errors
    #expect(help.contains("found no column \"size\", expected each of 3 columns by its name; there is \"sizes\""))
  }

  @Test("a category that only rows held out have is told, and a folder's figures are of these rows")
  func figures() throws {
    let folder = try Folder(), model = folder.path + "/m"
    let rows =
      ["size,color,kind"] + (0..<60).map { "\($0 % 2).\($0 % 7),c\($0 % 4 == 0 ? $0 : 1),\($0 % 2 == 0 ? "a" : "b")" }
    let data = try folder.file("t.csv", rows)
    let trained = try tapegrad("train", data, "--labels", "kind", "--output", model, "--epochs", "3", "--keep", "color")
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(trained.errors.contains("in no row to learn from;") && trained.errors.contains("taken as missing"))
    let drawn = try tapegrad("figures", model)
    #expect(
      drawn.status == 0 && drawn.output.contains("rows      the 12 of \(data) that were held out"), "\(drawn.errors)")
    let names = [
      "loss", "activations", "weights-1", "weights-2", "decision-boundary", "confusion-matrix", "roc",
      "precision-recall",
      "calibration", "activation-histograms", "gradient-histograms", "gradient-comparison",
    ]
    for name in names {
      let svg = try String(contentsOfFile: "\(model)/figures/\(name).svg", encoding: .utf8)
      #expect(svg.hasPrefix("<svg") && drawn.output.contains("\n\(name)"), "\(name)")
    }
    #expect(drawn.output.contains("written   \(model)/figures/: 12 figures"))
    let comparison = try String(contentsOfFile: "\(model)/figures/gradient-comparison.svg", encoding: .utf8)
    #expect(comparison.contains("are within the bounds of the numerical ones."), "none is beyond, or undecided")
    // The same of another table's rows, of a file alone, and of a table.
    let other = try tapegrad("figures", model, "--data", data, "--output", folder.path + "/o")
    #expect(other.status == 0 && other.output.contains("rows      all 60 rows of \(data)"), "\(other.errors)")
    let alone = try tapegrad("figures", model + "/model.safetensors", "--output", folder.path + "/p")
    #expect(alone.status == 0 && alone.output.contains("4 figures") && alone.errors.contains("--data FILE gives some"))
    let columns = try tapegrad("figures", data, "--output", folder.path + "/q")
    #expect(columns.status == 0 && columns.output.contains("columns-1  values of size to kind"), "\(columns.errors)")
    // Rows that are not what they were would be held out wrongly.
    _ = try folder.file("t.csv", rows.dropLast())
    let changed = try tapegrad("figures", model)
    #expect(changed.status == 1 && changed.errors.contains("is not what it was"))
  }

  @Test("semicolons and decimal commas are found, and labels around 10⁵ are predicted in their unit")
  func regression() throws {
    let folder = try Folder(), data = try folder.file("prices.csv", Self.prices), model = folder.path + "/m"
    let trained = try tapegrad("train", data, "--labels", "price", "--output", model, "--json", "--hidden", "none")
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(trained.errors.contains("read with --delimiter semicolon --decimal comma"))
    let evaluation = try #require(try json(trained.output)["evaluation"] as? [String: Any])
    #expect(try #require(evaluation["R²"] as? Double) > 0.99)
    let new = try folder.file("new.csv", ["a;b", "1,5;1,25"])
    let predicted = try tapegrad("predict", new, "--model", model, "--json")
    #expect(abs(try #require(try json(predicted.output)["price"] as? Double) - 123_750) < 5000)
    #expect(FileManager.default.fileExists(atPath: model + "/figures/residuals.svg"))
  }

  @Test("a folder is not overwritten, and a training goes on where it stood")
  func folders() throws {
    let folder = try Folder(), data = try folder.file("animals.csv", Self.animals)
    func train(_ name: String, _ options: String...) throws -> (status: Int32, output: String, errors: String) {
      try tapegrad(
        ["train"] + options + (options.contains("--resume") ? [] : [data, "--labels", "kind", "--output", name]))
    }
    let (a, b) = (folder.path + "/a", folder.path + "/b")
    #expect(try train(a, "--epochs", "4").status == 0)
    let again = try train(a, "--epochs", "4")
    #expect(again.status == 1 && again.errors.contains("--resume") && again.errors.contains("--force"))
    #expect(try train(a, "--epochs", "4", "--force").status == 0)
    let resumed = try train(a, "--resume", a, "--epochs", "9")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try train(b, "--epochs", "9").status == 0)
    // A single network, where a share of the rows is kept to validate with.
    let single = try train(folder.path + "/c", "--epochs", "4", "--validation", "0.2")
    #expect(single.status == 0 && single.output.contains("77 to learn from, 19 to validate, 24 held out"))
    let layers = try train(folder.path + "/d", "--folds", "3", "--normalization", "layer")
    #expect(layers.status == 2 && layers.errors.contains("does not go with layer normalization"))
    // 4 epochs and 5 more have the bits of 9.
    func numbers(_ path: String) throws -> [StoredArray] {
      let file = try ModelFile(contentsOf: path + "/last.safetensors")
      return file.names.compactMap { file[$0] }
    }
    #expect(try numbers(a) == numbers(b))
    _ = try folder.file("animals.csv", Self.animals.dropLast())
    let changed = try train(a, "--resume", a, "--epochs", "12")
    #expect(changed.status == 1 && changed.errors.contains("is not what it was"))
    let other = try train(a, "--resume", a, "--hidden", "3")
    #expect(other.status == 2 && other.errors.contains("--hidden does not go with --resume"))
  }

  @Test("weights decay by one over the number of examples, unless another decay is given")
  func weightDecay() throws {
    let folder = try Folder(), data = try folder.file("animals.csv", Self.animals)
    func train(_ name: String, _ options: String...) throws -> (decay: Double?, weights: [StoredArray]) {
      let path = "\(folder.path)/\(name)"
      let result = try tapegrad(
        ["train", data, "--labels", "kind", "--epochs", "2", "--json", "--output", path] + options)
      let file = try ModelFile(contentsOf: path + "/last.safetensors")
      let weights = file.names.filter { $0.hasPrefix("model.members") }.compactMap { file[$0] }
      #expect(weights.count == 20, "\(result.errors)")
      return (try json(result.output)["weightDecay"] as? Double, weights)
    }
    // The table has 120 rows, 96 of them to learn from.
    let usual = try train("usual"), same = try train("same", "--weight-decay", "\(1.0 / 96)")
    let none = try train("none", "--weight-decay", "0")
    #expect(usual.decay == 1 / 96 && same.decay == 1 / 96 && none.decay == 0)
    #expect(usual.weights == same.weights && usual.weights != none.weights)
    // With AdamW, weights shrink beside the gradient, which a decay of the loss would not do alike.
    let apart = try train("apart", "--optimizer", "adamW")
    let given = try train("given", "--optimizer", "adamW", "--weight-decay", "0.01")
    let added = try train("added", "--weight-decay", "0.01")
    #expect(apart.decay == 0.01 && apart.weights == given.weights && apart.weights != added.weights)
    // A decay of 1 over the rate leaves of weights the last step, which is no longer than the rate, and of biases all steps.
    _ = try train("last", "--optimizer", "adamW", "--rate", "0.01", "--weight-decay", "100")
    let file = try ModelFile(contentsOf: folder.path + "/last/last.safetensors")
    for name in file.names where name.hasPrefix("model.members") {
      let largest = try #require(file[name]).tensor(Float.self).scalars.map(abs).max() ?? 0
      #expect(name.hasSuffix("bias") == (largest > 0.0105), "\(name) \(largest)")
    }
    let negative = try tapegrad("train", data, "--weight-decay", "-1", "--output", "\(folder.path)/negative")
    #expect(negative.status == 2 && negative.errors.contains("expected a number from 0 on"), "\(negative.errors)")
  }

  @Test("a training that diverges says so, keeps the best, and ends with 1")
  func divergence() throws {
    let folder = try Folder(), data = try folder.file("prices.csv", Self.prices)
    let result = try tapegrad(
      "train", data, "--labels", "price", "--output", folder.path + "/m", "--optimizer", "gradientDescent", "--rate",
      "1e6")
    #expect(result.status == 1 && result.output.contains("training diverged in epoch"), "\(result.output)")
  }

  @Test("what is in a table and in a model is shown")
  func inspection() throws {
    let folder = try Folder(), data = try folder.file("animals.csv", Self.animals), model = folder.path + "/m"
    let table = try tapegrad("inspect", data, "--labels", "kind")
    #expect(table.status == 0 && table.output.contains("120 rows, 5 columns"), "\(table.errors)")
    #expect(table.output.contains("2 different: blue, red") && table.output.contains("task classes"))
    let columns = try #require(try json(tapegrad("inspect", data, "--json").output)["columns"] as? [[String: Any]])
    #expect(columns[3]["missing"] as? Int == 11 && columns[3]["highest"] as? Double == 4)
    #expect(try tapegrad("train", data, "--labels", "kind", "--output", model, "--epochs", "2").status == 0)
    let shown = try tapegrad("inspect", model).output
    #expect(shown.contains("predicts  kind, classes: ant, bee, cow") && shown.contains("one-hot  2: blue, red"))
    #expect(shown.contains("layers.0.weight  F32   [160, 4]"))
  }

  @Test(
    "options of the data reach the table",
    arguments: [
      (["--task", "regression"], ["1", "2", "3", "4"], "R²"),
      (["--task", "classes"], ["1", "2", "3", "4"], "as 4"),
      (["--positive", "no"], ["yes", "no"], "1 is no"),
      (["--delimiter", "|", "--header", "no", "--labels", "2"], ["1", "2"], "as 2"),
      (["--missing-tokens", "none,-"], ["-", "1", "2"], "as 2"),
      (["--irregular-rows", "drop"], ["1,7", "1", "2"], "as 2"),
    ])
  func options(options: [String], labels: [String], expected: String) throws {
    let folder = try Folder(), separator = options.contains("|") ? "|" : ","
    let header = options.contains("--header") ? [] : ["x,y"]
    let rows = (0..<60).map { "\(Double($0 % 13) / 4)\(separator)\(labels[$0 % labels.count])" }
    let data = try folder.file("t.csv", header + rows)
    let labelOption = options.contains("--labels") ? [] : ["--labels", "y"]
    let result = try tapegrad(
      ["train", data, "--output", folder.path + "/m", "--epochs", "2"] + labelOption + options)
    #expect(result.status == 0 && result.output.contains(expected), "\(result.errors)\n\(result.output)")
  }

  @Test("the hash of the data is that of sha256sum")
  func hash() throws {
    let folder = try Folder(), data = try folder.file("prices.csv", Self.prices), model = folder.path + "/m"
    #expect(try tapegrad("train", data, "--labels", "price", "--output", model, "--epochs", "1").status == 0)
    let process = Process(), pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["sha256sum", data]
    process.standardOutput = pipe
    try process.run()
    let line = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let run = try json(String(contentsOfFile: model + "/run.json", encoding: .utf8))
    #expect(run["dataHash"] as? String == String(line.prefix(64)))
  }

  @Test("Ctrl-C ends a training, and keeps the best network so far")
  func interruption() throws {
    let folder = try Folder(), data = try folder.file("animals.csv", Self.animals), model = folder.path + "/m"
    let process = Process(), output = Pipe(), errors = Pipe()
    process.executableURL = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appending(path: "tapegrad")
    process.arguments = [
      "train", data, "--labels", "kind", "--output", model, "--epochs", "100000000", "--patience", "100000000",
    ]
    (process.standardOutput, process.standardError) = (output, errors)
    try process.run()
    // The first line of progress says that training has begun.
    var text = ""
    while !text.contains("epoch 1 of at most") {
      let piece = errors.fileHandleForReading.availableData
      if piece.isEmpty { break }
      text += String(decoding: piece, as: UTF8.self)
    }
    process.interrupt()
    let result = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130 && result.contains("stopped   by Ctrl-C after"), "\(text)\n\(result)")
    #expect(try Model<Float>(contentsOf: model + "/model.safetensors").classNames.count == 3)
  }
}
