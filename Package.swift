// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "TapeGrad",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "TapeGrad", targets: ["TapeGrad"]),
    .library(name: "TapeGradArrays", targets: ["TapeGradArrays"]),
    .library(name: "TapeGradCore", targets: ["TapeGradCore"]),
    .library(name: "TapeGradNetworks", targets: ["TapeGradNetworks"]),
    .library(name: "TapeGradAudit", targets: ["TapeGradAudit"]),
    .library(name: "TapeGradFormats", targets: ["TapeGradFormats"]),
    .library(name: "TapeGradModels", targets: ["TapeGradModels"]),
    .library(name: "TapeGradFigures", targets: ["TapeGradFigures"]),
    .library(name: "TapeGradEngines", targets: ["TapeGradEngines"]),
    .library(name: "TapeGradMPI", targets: ["TapeGradMPI"]),
    .executable(name: "tapegrad", targets: ["TapeGradCLI"]),
  ],
  traits: [
    .trait(name: "MPI", description: "Training over processes and machines, by an MPI library that is installed.")
  ],
  targets: [
    .target(name: "CTapeGradKernels"),
    .target(name: "TapeGradArrays", dependencies: ["CTapeGradKernels"]),
    .target(name: "TapeGradCore", dependencies: ["CTapeGradKernels", "TapeGradArrays"]),
    .target(name: "TapeGradNetworks", dependencies: ["TapeGradCore"]),
    .target(name: "TapeGradAudit", dependencies: ["TapeGradCore"]),
    .target(name: "TapeGradFormats", dependencies: ["TapeGradCore"]),
    .target(name: "TapeGradModels", dependencies: ["TapeGradFormats", "TapeGradNetworks"]),
    .target(
      name: "TapeGradFigures", dependencies: ["TapeGradNetworks", "TapeGradFormats", "TapeGradAudit"],
      resources: [.embedInCode("Page/Resources")]),
    .target(name: "CTapeGradEngines"),
    .target(name: "TapeGradEngines", dependencies: ["CTapeGradEngines", "TapeGradFormats"]),
    .systemLibrary(
      name: "CMPI", pkgConfig: "ompi-c", providers: [.apt(["libopenmpi-dev"]), .brew(["open-mpi"])]),
    .target(
      name: "TapeGradMPI",
      dependencies: [
        "TapeGradCore", "TapeGradNetworks", .target(name: "CMPI", condition: .when(traits: ["MPI"])),
      ]),
    .target(
      name: "TapeGrad",
      dependencies: [
        "TapeGradArrays", "TapeGradCore", "TapeGradNetworks", "TapeGradAudit", "TapeGradFormats", "TapeGradModels",
        "TapeGradFigures",
      ]),
    .target(name: "TapeGradBenchmarks", dependencies: ["TapeGrad"]),
    .executableTarget(name: "TapeGradCLI", dependencies: ["TapeGrad", "TapeGradBenchmarks"]),
    .testTarget(name: "TapeGradArraysTests", dependencies: ["TapeGradArrays"]),
    .testTarget(
      name: "TapeGradCoreTests", dependencies: ["TapeGradCore", "TapeGradAudit", "TapeGradFormats", "TapeGradGraphs"],
      exclude: [
        "Golden/golden.py", "Golden/golden_functions.py", "Golden/golden_words.py", "Golden/golden_shapes.py",
        "Golden/lapack.py", "Golden/systems.py", "Golden/loops.py",
      ]),
    .executableTarget(
      name: "TapeGradGraphs", dependencies: ["TapeGradCore", "TapeGradAudit"], path: "Tests/TapeGradGraphs"),
    .testTarget(name: "TapeGradNetworksTests", dependencies: ["TapeGradNetworks"], exclude: ["Golden"]),
    .testTarget(name: "TapeGradAuditTests", dependencies: ["TapeGradAudit", "TapeGradNetworks", "TapeGradJudge"]),
    .executableTarget(
      name: "TapeGradJudge", dependencies: ["TapeGradAudit", "TapeGradNetworks"], path: "Tests/TapeGradJudge"),
    .executableTarget(
      name: "TapeGradRanks", dependencies: ["TapeGradNetworks", "TapeGradFormats", "TapeGradMPI"],
      path: "Tests/TapeGradRanks"),
    .executableTarget(name: "TapeGradFiles", dependencies: ["TapeGradFormats"], path: "Tests/TapeGradFiles"),
    .testTarget(
      name: "TapeGradFormatsTests", dependencies: ["TapeGradFormats", "TapeGradFiles"], exclude: ["Golden/golden.py"]),
    .testTarget(name: "TapeGradModelsTests", dependencies: ["TapeGradModels"]),
    .testTarget(
      name: "TapeGradFiguresTests", dependencies: ["TapeGrad"], exclude: ["Golden/ticks.R"]),
    .testTarget(
      name: "TapeGradEnginesTests", dependencies: ["CTapeGradEngines", "TapeGradEngines", "TapeGradNetworks"]),
    .testTarget(name: "TapeGradTests", dependencies: ["TapeGrad"]),
    .testTarget(name: "TapeGradBenchmarksTests", dependencies: ["TapeGradBenchmarks"]),
    .testTarget(name: "TapeGradCLITests", dependencies: ["TapeGradCLI"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c11
)
