// What `tapegrad inspect patients` prints:
//
//   patients/model.safetensors: 4 tensors
//
//   network   4 → 32 relu → 1 sigmoid, 193 weights and biases
//   predicts  diagnosis, binary: ill, well
//   missing   mean; unseen categories: missing
//   training  36 epochs, the best is epoch 6, validation loss 0.3586
//
//   column    kind
//   age       number   mean 50.85
//   …

import TapeGrad

/// What is in a model file: the model, where it is one of `train`, and the tensors in any case.
struct ModelContents: CustomStringConvertible {
  private let path: String
  private let file: ModelFile
  private let model: Model<Float>?

  init(_ path: String) throws {
    self.path = path
    file = try ModelFile(contentsOf: path)
    // A file of another library has tensors only. One with tensors of a best network is last.safetensors, which holds a
    // training and not a model; its tensors are shown.
    model =
      file[.preparation] == nil || file.names.contains { $0.hasPrefix("best.") }
      ? nil : try Model<Float>(contentsOf: path)
  }

  private var tensors: [(name: String, type: String, shape: [Int])] {
    file.names.compactMap { name in file[name].map { (name, $0.type.rawValue, $0.shape) } }
  }

  /// Network, encoding, training and tensors.
  var description: String {
    var parts: [String] = ["\(path): \(counted(tensors.count, "tensor"))"]
    if let model {
      let encoding = model.preparation.encoding
      var lines = [
        "network   \(model.network)",
        "predicts  \(encoding.labelNames.joined(separator: ", ")), \(encoding.task.rawValue)"
          + (model.classNames.isEmpty ? "" : ": \(model.classNames.joined(separator: ", "))"),
        "missing   \(encoding.missing.rawValue); unseen categories: \(encoding.unseen.rawValue)",
      ]
      if let best = model.history.best {
        let loss = best.validationLoss.map { ", validation loss \(short($0, digits: 4))" } ?? ""
        lines.append(
          "training  \(counted(model.history.records.count, "epoch")), the best is epoch \(best.epoch)\(loss)"
        )
      }
      parts.append(lines.joined(separator: "\n"))
      let rows = encoding.features.map { column in
        switch column.kind {
        case .number(let mean): [column.name, "number", "mean \(short(mean))"]
        case .oneHot(let categories): [column.name, "one-hot", list(categories)]
        case .ordinal(let categories, _): [column.name, "ordinal", list(categories)]
        case .date(let notation, let mean):
          [column.name, "date", "\(notation.rawValue), mean \(DateNotation.date(ofDay: mean))"]
        }
      }
      parts.append(TextTable.text(of: [["column", "kind", ""]] + rows))
    }
    parts.append(
      TextTable.text(
        of: [["tensor", "type", "shape"]] + tensors.map { [$0.name, $0.type, "\($0.shape)"] }))
    return parts.joined(separator: "\n\n")
  }

  private func list(_ categories: [String]) -> String {
    "\(categories.count): " + categories.prefix(6).joined(separator: ", ")
      + (categories.count > 6 ? ", …" : "")
  }

  /// The tensors, and the metadata, which are JSON themselves where this library wrote them.
  var json: String {
    let list = tensors.map { tensor in
      JSONValue.object([
        .init("name", .string(tensor.name)), .init("type", .string(tensor.type)),
        .init("shape", .array(tensor.shape.map { .number(Double($0)) })),
      ])
    }
    let metadata = file.metadata.sorted { $0.key < $1.key }.map { key, text in
      JSONValue.Member(key, (try? JSONValue(text)) ?? .string(text))
    }
    return JSONValue.object([
      .init("file", .string(path)), .init("tensors", .array(list)),
      .init("metadata", .object(metadata)),
    ]).description
  }
}
