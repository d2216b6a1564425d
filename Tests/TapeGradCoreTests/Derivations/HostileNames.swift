/// Names that a user may give and that would do harm where they are not escaped.
enum HostileNames {
  static let all = [
    "</script><script>alert(1)</script>", "a\"b'c", "_", "\\", "$x$", "\u{202E}rtl\u{200F}", "a|b", "`tick`", "```",
    "x & y", "100%", "é", "中", "#1 ^ ~", "<\u{338}", "]]>", "\\end{array}", "layer 1", "a + b", "∂J/∂Z", "Aᵀ", "a\nb",
    "--> end", "2x", "", "\u{0}", "T1",
  ]
}
