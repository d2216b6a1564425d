import TapeGradArrays
import Testing

struct TextTableTests {
  @Test("a column is as wide as its widest cell")
  func widths() {
    let rows = [["node", "shape", "verdict"], ["A2", "(1, 569)", "right"], ["b", "", ""], ["Zé∂", "()", ""]]
    #expect(
      TextTable.text(of: rows, indentation: 1) == """
         node  shape     verdict
         A2    (1, 569)  right
         b
         Zé∂   ()
        """)
  }

  @Test("a cell wider than its column moves its own line only")
  func wideCell() {
    let rows = [["a", "x"], ["abcdefgh", "x"], ["abc", "x"]]
    #expect(TextTable.text(of: rows, firstAtMost: 4) == "a     x\nabcdefgh  x\nabc   x")
  }

  @Test("a line of fixed widths needs no other lines")
  func fixedWidths() {
    let table = TextTable(widths: [5, 3], gap: 1)
    #expect(table.line(["a", "b", "c"]) == "a     b   c")
    #expect(table.line(["a", "b"]) == "a     b")
    #expect(table.line([]) == "")
  }

  @Test("no rows are no text")
  func empty() {
    #expect(TextTable.text(of: []) == "")
  }

  @Test("text is filled up on one side, and never cut")
  func padding() {
    #expect("ab".padded(to: 4) == "ab  " && "abc".padded(to: 2) == "abc")
    #expect("ab".rightAligned(in: 4) == "  ab" && "abc".rightAligned(in: 2) == "abc")
  }

  @Test("text is divided between words, and cut with a mark")
  func narrow() {
    #expect("one two three".wrapped(to: 7) == ["one two", "three"])
    #expect("one two three".wrapped(to: 7, indentation: 2) == ["one two", "  three"])
    #expect("a incomprehensible b".wrapped(to: 4, indentation: 1) == ["a", " incomprehensible", " b"])
    #expect("".wrapped(to: 3) == [])
    #expect("abcd".cut(to: 4) == "abcd" && "abcde".cut(to: 4) == "abc…" && "ab".cut(to: 0) == "…")
  }
}
