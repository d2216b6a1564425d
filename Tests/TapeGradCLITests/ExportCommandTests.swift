import Foundation
import Testing

/// `tapegrad export`.
struct ExportCommandTests {
  @Test("a model of the embedded table is written for both engines, and what is missing is said")
  func export() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tapegrad-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(try tapegrad("train", "--epochs", "2", "--output", "\(folder)/model").status == 0)
    let result = try tapegrad(
      "export", "--model", "\(folder)/model", "--onnx", "\(folder)/model.onnx", "--stablehlo", "\(folder)/step")
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      result.output == """
        \(folder)/model.onnx: from 30 columns to predictions
        \(folder)/step: one step of gradient descent on 569 examples; python3 \(folder)/step/run.py \(folder)/step --steps 100

        """)
    let files = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/step")
    #expect(files.sorted() == ["arguments.safetensors", "meta.json", "program.mlir", "run.py"])
    let missing = try tapegrad("export", "--model", "\(folder)/model")
    #expect(missing.status == 2 && missing.errors.contains("--onnx FILE or --stablehlo FOLDER is wanted"))
    #expect(try tapegrad("export", "--onnx", "\(folder)/x.onnx").status == 2)
  }
}
