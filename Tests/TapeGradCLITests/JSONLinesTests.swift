import Foundation
import TapeGrad
import Testing

/// The command on lines of JSON.
struct JSONLinesTests {
  /// The same rows as CSV and as JSON.
  private static let rows = (0..<90).map { i in
    let kind = i % 3, size = Double(kind) + Double(i * 7 % 10) / 10
    return (
      id: "x\(i)", size: size, color: kind == 1 ? "red" : "blue", weight: i % 11 == 0 ? nil : i % 5, isOld: i % 4 == 0,
      kind: ["ant", "bee", "cow"][kind]
    )
  }
  private static let csv =
    ["id,size,color,weight,old,kind"]
    + rows.map { "\($0.id),\($0.size),\($0.color),\($0.weight.map(String.init) ?? ""),\($0.isOld),\($0.kind)" }
  // Names in another order than the columns of the CSV file, and weights that are missing in two ways.
  private static let json = rows.enumerated().map { index, row in
    let weight = row.weight.map { "\"weight\": \($0), " } ?? (index % 2 == 0 ? "\"weight\": null, " : "")
    return
      "{\"kind\": \"\(row.kind)\", \(weight)\"old\": \(row.isOld), \"size\": \(row.size), \"color\": \"\(row.color)\", "
      + "\"id\": \"\(row.id)\"}"
  }

  private func train(_ data: String, _ output: String) throws {
    let trained = try tapegrad(
      "train", data, "--labels", "kind", "--output", output, "--folds", "1", "--epochs", "20", "--hidden", "4")
    #expect(trained.status == 0, "\(trained.errors)")
  }

  @Test("a model of one format predicts and evaluates rows of the other")
  func models() throws {
    let folder = try Folder()
    let csv = try folder.file("rows.csv", Self.csv), json = try folder.file("rows.ndjson", Self.json)
    for (name, data) in [("c", csv), ("j", json)] {
      let model = "\(folder.path)/\(name)"
      try train(data, model)
      let both = try [csv, json].map { try tapegrad("predict", $0, "--model", model, "--id", "id") }
      #expect(both.allSatisfy { $0.status == 0 } && both[0].output == both[1].output, "\(both)")
      #expect(both[0].output.split(separator: "\n").count == 91)
      let metrics = try [csv, json].map { try tapegrad("evaluate", $0, "--model", model, "--json").output }
      #expect(metrics[0] == metrics[1] && !metrics[0].isEmpty)
      #expect(
        both[1].errors.contains("column \"weight\" is missing in the 4 rows without that name, of which line 12 is"))
    }
    let drawn = try tapegrad("figures", "\(folder.path)/c", "--data", json, "--output", "\(folder.path)/figures")
    #expect(drawn.status == 0 && drawn.output.contains("all 90 rows"), "\(drawn.errors)")
    let resumed = try tapegrad("train", "--resume", "\(folder.path)/j", "--epochs", "25")
    #expect(resumed.status == 0, "\(resumed.errors)")
  }

  @Test("inspect and compare read lines of JSON, and the help says so")
  func others() throws {
    let folder = try Folder(), json = try folder.file("rows.JSONL", Self.json)
    let inspected = try tapegrad("inspect", json, "--labels", "kind")
    #expect(inspected.status == 0 && inspected.output.contains("JSON lines, read with --missing-tokens"))
    #expect(inspected.output.contains("rows.JSONL: 90 rows, 6 columns") && inspected.output.contains("task classes"))
    let contents = try tapegrad("inspect", json, "--json").output
    #expect(contents.contains("\"format\":\"jsonLines\""))
    let compared = try tapegrad(
      "compare", "--data", json, "--labels", "old", "--epochs", "5", "--ignore", "id,kind", "--missing", "mean")
    #expect(compared.status == 0, "\(compared.errors)")
    for command in ["train", "predict", "evaluate", "inspect", "compare", "figures"] {
      #expect(try tapegrad(command, "--help").output.unwrapped.contains(".jsonl or .ndjson"), "\(command)")
    }
  }

  @Test("options about CSV are wrong usage, and lines that are not rows a failure with their places")
  func errors() throws {
    let folder = try Folder(), json = try folder.file("rows.jsonl", Self.json)
    for option in ["--delimiter=comma", "--header=no", "--decimal=comma", "--skip=1", "--irregular-rows=fit"] {
      let result = try tapegrad("inspect", json, option)
      #expect(result.status == 2 && result.errors.contains("is about CSV, and \(json) has JSON lines by its name"))
    }
    #expect(try tapegrad("inspect", json, "--missing-tokens", "-1", "--text-columns", "weight").status == 0)
    let bad = try folder.file(
      "bad.jsonl", ["{\"a\": 1}", "{\"a\": {\"b\": 1}}", "{\"a\": 2, \"a\": 3}", "{\"a\": NaN}"])
    let result = try tapegrad("inspect", bad)
    #expect(
      result.errors == """
        tapegrad: \(bad): 3 problems
          line 2, column "a": found an object, expected a number, text in quotation marks, true, false or null
          line 3, column "a": found the name "a" twice, expected each name once
          line 4, column "a": found "NaN}", expected a number, text in quotation marks, true, false or null

        """)
    #expect(result.status == 1)
    let other = try tapegrad("inspect", try folder.file("rows.json", Self.json))
    #expect(other.status == 1 && other.errors.contains("found JSON, expected CSV"))
  }
}
