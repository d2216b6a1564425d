// The script of the page is written in files of one concern each. Here they become one again, in the order in which they
// build on each other, inside one function, so that none of their names is global.

/// The script of the page.
enum PageScript {
  private static let parts = [
    PackageResources.data_js, PackageResources.formulas_js, PackageResources.saving_js, PackageResources.maps_js,
    PackageResources.selection_js, PackageResources.stepping_js, PackageResources.address_js, PackageResources.table_js,
    PackageResources.choices_js, PackageResources.start_js,
  ]

  static var text: String {
    // A function that is called at once: `return` ends the script of a page that has nothing to step through.
    let body = parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
    return "\"use strict\";\n(() => {\n\(body)})();\n"
  }
}
