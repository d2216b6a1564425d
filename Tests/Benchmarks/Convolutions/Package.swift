// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "Convolutions",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "TapeGrad", path: "../../..")],
  targets: [
    .executableTarget(
      name: "Convolutions", dependencies: [.product(name: "TapeGradCore", package: "TapeGrad")], path: "Sources")
  ],
  swiftLanguageModes: [.v6]
)
