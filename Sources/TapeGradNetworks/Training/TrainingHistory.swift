import TapeGradCore

/// What happened epoch by epoch. Prints as a table.
public struct TrainingHistory: Hashable, Sendable {
  /// One record for each epoch so far.
  public private(set) var records: [EpochRecord] = []
  /// The index of the first record with the lowest loss: that of validation, where there is one.
  private var lowest = 0

  /// A history without epochs.
  public init() {}

  /// The training loss of each epoch.
  public var losses: [Double] { records.map(\.loss) }

  /// The validation loss of each epoch; empty where nothing was validated.
  public var validationLosses: [Double] { records.compactMap(\.validationLoss) }

  /// The first epoch with the lowest validation loss; the last epoch where nothing was validated. Nil before the first.
  public var best: EpochRecord? { records.last?.validationLoss == nil ? records.last : records[lowest] }

  /// How many epochs there were since the loss was lowest.
  public var epochsSinceLowest: Int { max(records.count - 1 - lowest, 0) }

  mutating func append(_ record: EpochRecord) {
    records.append(record)
    if record.watchedLoss < records[lowest].watchedLoss { lowest = records.count - 1 }
  }
}

/// One epoch: one pass through all examples.
public struct EpochRecord: Hashable, Sendable {
  /// The number of the epoch, from 1.
  public let epoch: Int
  /// The learning rate of its last step.
  public let rate: Double
  /// The mean of the loss over the examples, each as its batch was met: before the batch's step, with dropout.
  public let loss: Double
  /// The loss on the validation examples after the epoch.
  public let validationLoss: Double?

  /// The loss that says whether training still helps.
  fileprivate var watchedLoss: Double { validationLoss ?? loss }
}

extension TrainingHistory: CustomStringConvertible {
  private static let titles = ["epoch", "rate", "loss", "validationLoss"]

  /// A table of about twenty epochs, the first, the last and the best among them.
  public var description: String {
    let stride = max(1, (records.count + 19) / 20)
    let shown = records.filter { ($0.epoch - 1) % stride == 0 || $0.epoch == records.count || $0 == best }
    let rows = shown.map { record in
      ["\(record.epoch)", short(record.rate), short(record.loss)]
        + (record.validationLoss.map { [short($0) + (record == best ? "  best" : "")] } ?? [])
    }
    return TextTable.text(of: [["epoch", "rate", "loss"] + (validationLosses.isEmpty ? [] : ["validation"])] + rows)
  }

  /// The records as comma-separated values, with a line of titles. Numbers have all their digits.
  public var csv: String {
    let lines = records.map { record in
      "\(record.epoch),\(record.rate),\(record.loss),\(record.validationLoss.map { "\($0)" } ?? "")"
    }
    return ([Self.titles.joined(separator: ",")] + lines).map { $0 + "\n" }.joined()
  }

  /// The records as JSON, one object a line.
  public var jsonLines: String {
    records.map { record in
      let validation = record.validationLoss.map { ", \"validationLoss\": \($0)" } ?? ""
      return "{\"epoch\": \(record.epoch), \"rate\": \(record.rate), \"loss\": \(record.loss)\(validation)}\n"
    }.joined()
  }

  /// The history of a text that `csv` gave; nil for another text.
  public init?(csv: String) {
    let lines = csv.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    guard lines.first?.elementsEqual(Self.titles, by: ==) == true else { return nil }
    for cells in lines.dropFirst() {
      guard cells.count == 4, let epoch = Int(cells[0]), let rate = Double(cells[1]), let loss = Double(cells[2]),
        cells[3].isEmpty || Double(cells[3]) != nil
      else { return nil }
      append(EpochRecord(epoch: epoch, rate: rate, loss: loss, validationLoss: Double(cells[3])))
    }
  }
}
