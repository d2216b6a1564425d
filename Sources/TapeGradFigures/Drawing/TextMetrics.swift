// SVG cannot measure text. Margins come from the advance widths of Helvetica, which Arial and Liberation Sans share.

// "0.5" at size 12: 0, point and 5 have 556, 278 and 556 thousandths, together 1390·12/1000 = 16.68 units. The raised
// part of "10⁻³" counts 0.7 of its signs: 556 + 556 + 0.7·(584 + 556) = 1910 thousandths, 22.92 units.
//
// "validation" is 50.69 units wide. Cut to 40, of which the ellipsis takes 12, it is "valid…", 36.67 wide.
//
// Where a width is not known, a large one is taken: too much room is better than texts that touch.

/// The width of a text, in units of the canvas.
func textWidth(_ text: String, size: Double) -> Double {
  text.reduce(0) { $0 + advance(of: $1) } * size / 1000
}

/// The text, or as much of its beginning as fits, and an ellipsis.
func fitted(_ text: String, size: Double, width: Double) -> String {
  guard textWidth(text, size: size) > width else { return text }
  var kept = text
  while !kept.isEmpty, textWidth(kept + "…", size: size) > width { kept.removeLast() }
  while kept.last == " " { kept.removeLast() }
  return kept + "…"
}

/// The text in lines that fit, at most so many.
func wrapped(_ text: String, size: Double, width: Double, lines limit: Int) -> [String] {
  var lines: [String] = []
  var words = text.split(whereSeparator: \.isWhitespace).map(String.init)[...]
  while let word = words.popFirst() {
    // Words are taken as long as they fit; a word that is too long for a line stands in one of its own, and is cut.
    var line = word
    while let next = words.first, textWidth(line + " " + next, size: size) <= width {
      line += " " + next
      words.removeFirst()
    }
    // The last line takes all of the words that are left, and an ellipsis where they do not fit.
    let isLast = lines.count == limit - 1
    lines.append(fitted(isLast ? ([line] + words).joined(separator: " ") : line, size: size, width: width))
    if isLast { break }
  }
  return lines
}

/// How much smaller raised digits are.
let superscriptScale = 0.7
/// Raised digits, and the signs that stand for them.
let superscripts: [Character: Character] = [
  "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9", "⁻": "−",
]

/// The advance width of a character, in thousandths of the font's size.
private func advance(of character: Character) -> Double {
  if let plain = superscripts[character] { return superscriptScale * advance(of: plain) }
  guard character.unicodeScalars.count == 1, let scalar = character.unicodeScalars.first else { return 1400 }
  switch scalar.value {
  case 32..<127: return ascii[Int(scalar.value) - 32]
  case 0x2212, 0xD7, 0xB1: return 584  // − × ±
  case 0xB7, 0x2032: return 278  // · ′
  case 0xC0..<0x590: return 835  // accented Latin, Greek and Cyrillic letters are no wider, but for a few
  case 0x10000...: return 1400
  default: return 1000
  }
}

/// From the space to the tilde, after Adobe's font metrics of Helvetica.
private let ascii: [Double] = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,  //   ! " # $ % & ' ( ) * + , - . /
  556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,  // 0 … 9 : ; < = > ?
  1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,  // @ A … O
  667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,  // P … Z [ \ ] ^ _
  333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,  // ` a … o
  556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,  // p … z { | } ~
]
