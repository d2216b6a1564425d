// swift-tools-version: 6.1
// TapeGrad as a tool of GradBench, a benchmark of automatic differentiation across languages. See README.md.
import PackageDescription

let package = Package(
  name: "GradBench",
  platforms: [.macOS(.v15)],
  // Without a name, the package's identity would be that of the checkout's folder.
  dependencies: [.package(name: "TapeGrad", path: "../..")],
  targets: [
    .executableTarget(
      name: "gradbench-tapegrad", dependencies: [.product(name: "TapeGradCore", package: "TapeGrad")], path: "Sources")
  ],
  swiftLanguageModes: [.v6]
)
