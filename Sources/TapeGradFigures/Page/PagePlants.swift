import TapeGradArrays
import TapeGradAudit
import TapeGradCore
import TapeGradFormats

// What a mistake looks like. Of X → Z → A → J, with the sign flipped where ∂J/∂Z is computed, an audit that knows
// nothing of it says:
//
//   ∂J/∂A     right       computed before the slip
//   ∂J/∂Z     own         wrong, though what it was computed from is right
//   ∂J/∂X     inherited   wrong, by a right rule, from a wrong ∂J/∂Z
//
// So the first wrong row from the loss backwards names the rule to blame. The page has a dozen such slips to choose
// from; each is a whole audit, which is why there are no more.

/// Slips planted into the reverse sweep, and what the audit makes of each.
struct PagePlants {
  /// The audit without a slip, whose gradients are right, and one with each slip.
  private let audit: Audit
  private var plants: [(slip: PlantedSlip, node: String, audit: Audit)] = []

  /// - Parameter limit: how many slips are planted.
  init(_ audit: Audit, limit: Int) {
    self.audit = audit
    // Those at activations say most; then signs, then forgotten means.
    let order: [PlantedSlip] = [.sign, .mean, .derivative, .value]
    let all = audit.isRight ? audit.plantable : []
    // Half of the places are for slips that only an activation can have: its derivative forgotten, or its value taken
    // for it.
    let rare = all.filter { $0.slip == .derivative || $0.slip == .value }
    let common = all.filter { $0.slip == .sign || $0.slip == .mean }
    let chosen =
      (rare.prefix(max(limit / 2, 1)) + common.filter { audit.snapshot.isComputed($0.node) || rare.isEmpty } + common)
    // The lists overlap: what was chosen once is not chosen again.
    var seen: Set<String> = []
    let picked = chosen.filter { seen.insert("\($0.slip)@\($0.node)").inserted }.prefix(limit)
    // In the order of the table, backwards, and of the four kinds.
    let places = Dictionary(audit.rows.enumerated().map { ($1.name, $0) }) { first, _ in first }
    let sorted = picked.sorted { a, b in
      (places[a.node] ?? 0, order.firstIndex(of: a.slip) ?? 0) < (
        places[b.node] ?? 0, order.firstIndex(of: b.slip) ?? 0
      )
    }
    // Six elements of each gradient decide: a slip is not an error of rounding. What cannot be planted is left out.
    for (slip, node) in sorted {
      if let planted = try? audit.planting(slip, at: node, limit: 6) { plants.append((slip, node, planted)) }
    }
  }

  /// Whether there is none: the gradients are not right as they are, or no slip has a meaning at any node.
  var isEmpty: Bool { plants.isEmpty }

  /// What the audit says of a row: own, inherited or right.
  ///
  /// What was derived by hand is not asked here: only the tape has a slip.
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
    // Beside the largest: an error of 2 is a flipped sign of the largest element, whatever the unit of the gradient.
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

  /// The first slip told at length, node by node, and a table of all. The script lets a reader choose which one is
  /// told.
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
    // Without a script, or before it runs, the first slip is the one that is told.
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
                let thumbnail = Thumbnail(error(row, plant.audit), shape: row.shape), cells = thumbnail?.cells ?? []
                return .object([
                  .init("name", .string(row.name)), .init("state", .string(state(row).word)),
                  .init("sign", .string(state(row).sign)), .init("why", .string(reasoning(row))),
                  .init(
                    "block",
                    .array([thumbnail?.block.rows ?? 1, thumbnail?.block.columns ?? 1].map { .number(Double($0)) })),
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
