// swift-tools-version: 6.1
import PackageDescription

// Two ways to train the network with nothing but the toolchain, for this machine's processor.
#if arch(x86_64)
  let processor = ["-Xcc", "-march=native"]
#else
  let processor = ["-Xcc", "-mcpu=native"]
#endif

let package = Package(
  name: "SwiftPeers",
  platforms: [.macOS(.v15)],
  targets: [.executableTarget(name: "SwiftPeers", swiftSettings: [.unsafeFlags(processor)])],
  swiftLanguageModes: [.v6]
)
