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
    .executable(name: "tapegrad", targets: ["TapeGradCLI"]),
  ],
  targets: [
    .target(name: "CTapeGradKernels"),
    .target(name: "TapeGradArrays", dependencies: ["CTapeGradKernels"]),
    .target(name: "TapeGradCore", dependencies: ["CTapeGradKernels", "TapeGradArrays"]),
    .target(name: "TapeGradNetworks", dependencies: ["TapeGradCore"]),
    .target(name: "TapeGradAudit", dependencies: ["TapeGradCore"]),
    .target(name: "TapeGradFormats", dependencies: ["TapeGradCore"]),
    .target(
      name: "TapeGrad",
      dependencies: ["TapeGradArrays", "TapeGradCore", "TapeGradNetworks", "TapeGradAudit", "TapeGradFormats"]),
    .executableTarget(name: "TapeGradCLI", dependencies: ["TapeGrad"]),
    .testTarget(name: "TapeGradArraysTests", dependencies: ["TapeGradArrays"]),
    .testTarget(name: "TapeGradCoreTests", dependencies: ["TapeGradCore"], exclude: ["Golden/golden.py"]),
    .testTarget(name: "TapeGradNetworksTests", dependencies: ["TapeGradNetworks"]),
    .testTarget(name: "TapeGradAuditTests", dependencies: ["TapeGradAudit", "TapeGradNetworks"]),
    .testTarget(name: "TapeGradFormatsTests", dependencies: ["TapeGradFormats"]),
    .testTarget(name: "TapeGradTests", dependencies: ["TapeGrad"]),
    .testTarget(name: "TapeGradCLITests", dependencies: ["TapeGradCLI"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c11
)
