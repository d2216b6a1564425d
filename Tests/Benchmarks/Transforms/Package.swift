// swift-tools-version: 6.1
// Gradients of recurrences, Jacobians and Hessians, which transforms.py sets beside JAX's.
import PackageDescription

let package = Package(
  name: "Transforms",
  platforms: [.macOS(.v15)],
  // Without a name, the package's identity would be that of the checkout's folder.
  dependencies: [.package(name: "TapeGrad", path: "../../..")],
  targets: [
    .executableTarget(
      name: "transforms", dependencies: [.product(name: "TapeGradCore", package: "TapeGrad")], path: "Sources")
  ],
  swiftLanguageModes: [.v6]
)
