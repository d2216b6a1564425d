import TapeGradArrays
import TapeGradAudit
import TapeGradCore
import TapeGradFormats

/// Slips planted into the reverse sweep, and what the audit makes of each.
struct PagePlants {
  private let audit: Audit
  private var plants: [(slip: PlantedSlip, node: String, audit: Audit)] = []

  /// - Parameter limit: how many slips are planted.
  init(_ audit: Audit, limit: Int) {
    self.audit = audit
    // Those at activations say most; then signs, then forgotten means.
    let order: [PlantedSlip] = [.sign, .mean, .derivative, .value]
    let all = audit.isRight ? audit.plantable : []
    let rare = all.filter { $0.slip == .derivative || $0.slip == .value }
    let common = all.filter { $0.slip == .sign || $0.slip == .mean }
    let chosen =
      (rare.prefix(max(limit / 2, 1)) + common.filter { audit.snapshot.isComputed($0.node) || rare.isEmpty } + common)
    var seen: Set<String> = []
    let picked = chosen.filter { seen.insert("\($0.slip)@\($0.node)").inserted }.prefix(limit)
    let places = Dictionary(audit.rows.enumerated().map { ($1.name, $0) }) { first, _ in first }
    let sorted = picked.sorted { a, b in
      (places[a.node] ?? 0, order.firstIndex(of: a.slip) ?? 0) < (
        places[b.node] ?? 0, order.firstIndex(of: b.slip) ?? 0
      )
    }
    for (slip, node) in sorted {
      if let planted = try? audit.planting(slip, at: node, limit: 6) { plants.append((slip, node, planted)) }
    }
  }

  var isEmpty: Bool { plants.isEmpty }

  /// What the audit says of a row: own, inherited or right.
  private func state(_ row: Audit.Row) -> (word: String, sign: String) {
    switch row.fault {
    case .rule?: ("own", "✗")
    case .inherited?: ("inherited", "↘")
    case .handDerived?, nil: row.verdict == .undecided ? ("undecided", "?") : ("right", "✓")
    }
  }

  /// The error of each element, beside the largest number of the right gradient.
  private func error(_ row: Audit.Row, _ planted: Audit) -> [Double] {
    let right = audit.snapshot.cotangentDoubles(of: row.node) ?? []
    let wrong = planted.snapshot.cotangentDoubles(of: row.node) ?? []
    let size = right.reduce(0) { max($0, abs($1)) }
    return zip(right, wrong).map { size > 0 ? abs($0 - $1) / size : abs($0 - $1) }
  }

  /// How the audit comes to what it says.
  private func reasoning(_ row: Audit.Row) -> String {
    let numbers = row.element.map { element in
      "at \(element.index) the tape says \(PageTable.text(element.automatic))"
        + (element.numerical.map { ", finite differences \(PageTable.text($0.value)) ± \(short($0.error, digits: 1))" }
          ?? "")
    }
    switch row.fault {
    case .rule(let operation)?:
      return
        "\(numbers ?? ""). Differences deny it. What came from later nodes is right, so the error arises here: \(operation)."
    case .inherited(let name)?:
      return
        "\(numbers ?? ""). Differences deny it, but its cotangent came from \(name), which is wrong already: inherited."
    case .handDerived?, nil: return "\(numbers ?? ""). They agree: the slip is not on its way."
    }
  }

  var html: String {
    let nodes = audit.rows.map(\.name)
    let rows = plants.enumerated().map { index, plant in
      ["<span id=\"plant-name-\(index)\">\(markup("\(plant.slip.description) at \(plant.node)"))</span>"]
        + plant.audit.rows.map { row in
          let state = state(row)
          return
            "<span class=\"state \(state.word)\"><span aria-hidden=\"true\">\(state.sign)</span> \(state.word)</span>"
        }
    }
    let first = plants[0]
    let flow = zip(first.audit.rows, first.audit.rows.indices).map { row, _ -> String in
      let state = state(row)
      var map = ""
      if let thumbnail = Thumbnail(error(row, first.audit), shape: row.shape) {
        var thumbnail = thumbnail
        thumbnail.map = .sequential
        map = htmlMap(thumbnail, label: "error at \(row.name), largest \(numberLabel(thumbnail.largest, digits: 2))")
      }
      return
        "<li class=\"\(state.word)\"><span class=\"state \(state.word)\"><span aria-hidden=\"true\">\(state.sign)</span> "
        + "\(markup(row.name)): \(state.word)</span> \(map) <span class=\"why\">\(markup(reasoning(row)))</span></li>\n"
    }
    return """
      <p>Each slip is put into the reverse sweep where it computes one gradient; everything after it is computed again, and \
      audited with nothing known but the tape and finite differences. The first wrong node in backward order has the error of \
      its own; what lies behind has <em>inherited</em> it.</p>
      <p id="plant-choice" hidden><label for="plant">Planted slip</label> <select id="plant"></select></p>
      <h3 id="plant-title">\(markup("\(first.slip.description) at \(first.node)"))</h3>
      <ol id="plant-flow" aria-live="polite">
      \(flow.joined())</ol>

      """
        + htmlTable(
          "What the audit says of each node, for each planted slip", label: "Planted slips and verdicts",
          header: ["planted"] + nodes.map(markup), rows: rows)
  }

  /// For the script: of each slip the nodes, with a map of the errors in a few cells.
  var json: JSONValue {
    .array(
      plants.map { plant in
        .object([
          .init("title", .string("\(plant.slip.description) at \(plant.node)")),
          .init("slip", .string("\(plant.slip.rawValue)@\(plant.node)")),
          .init(
            "rows",
            .array(
              plant.audit.rows.map { row in
                let cells = Thumbnail(error(row, plant.audit), shape: row.shape)?.cells ?? []
                return .object([
                  .init("name", .string(row.name)), .init("state", .string(state(row).word)),
                  .init("sign", .string(state(row).sign)), .init("why", .string(reasoning(row))),
                  .init(
                    "cells",
                    .array(cells.map { .array($0.map { .number(($0 * 1000).rounded() / 1000) }) })),
                ])
              })),
        ])
      })
  }
}

extension Snapshot {
  /// Whether a node of this name was computed, and is no leaf.
  fileprivate func isComputed(_ name: String) -> Bool {
    readings.contains { $0.name == name && $0.formula != nil }
  }
}
