import TapeGrad

extension Comparison {
  /// The same comparison with a slip in the backward pass, given as `sign@Z2`.
  ///
  /// - Throws: `CommandError` where no such slip can be planted there; it lists those that can.
  func planting(_ text: String, limit: Int) throws -> Comparison {
    let parts = text.split(separator: "@", maxSplits: 1).map(String.init)
    if parts.count == 2, let slip = PlantedSlip(rawValue: parts[0]),
      let planted = try audit.planting(slip, at: parts[1], limit: limit)
    {
      return replacing(audit: planted)
    }
    let known = audit.plantable.map { "\($0.slip.rawValue)@\($0.node)" }.joined(separator: ", ")
    throw CommandError("--plant is '\(text)', expected one of \(known)")
  }

  /// The comparison as a page for a browser.
  func page(_ run: TrainingRun) -> AuditPage {
    var page = audit.page()
    page.title = "The gradients of a two-layer network, three ways"
    page.conclusion = conclusion
    page.dimensions = dimensions.map { ($0.name, $0.shape, $0.inTheNotes) }
    page.losses = run.losses
    page.facts += run.facts(loss: audit.value)
    return page
  }
}
