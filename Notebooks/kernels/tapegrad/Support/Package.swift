// swift-tools-version: 6.1
// The library and what notebooks need beside it, as one dynamic library that every cell is linked to.
import PackageDescription

let package = Package(
  name: "NotebookSupport",
  platforms: [.macOS(.v15)],
  products: [.library(name: "NotebookSupport", type: .dynamic, targets: ["NotebookSupport"])],
  // Without a name, the package's identity would be that of the checkout's folder.
  dependencies: [.package(name: "TapeGrad", path: "../../../..")],
  targets: [
    .target(name: "CNotebookSupport"),
    .target(
      name: "NotebookSupport",
      dependencies: ["CNotebookSupport", .product(name: "TapeGrad", package: "TapeGrad")]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c11
)
