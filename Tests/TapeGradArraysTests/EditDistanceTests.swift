import TapeGradArrays
import Testing

struct EditDistanceTests {
  /// Examples by hand; the first is the textbooks'.
  @Test(
    "the distance is the fewest edits, in either direction",
    arguments: [
      ("kitten", "sitting", 3), ("saturday", "sunday", 3), ("", "abc", 3), ("abc", "abc", 0), ("ab", "ba", 2),
      ("flaw", "lawn", 2), ("é", "e", 1), ("--hiden", "--hidden", 1),
    ])
  func distance(a: String, b: String, expected: Int) {
    #expect(editDistance(a, b) == expected)
    #expect(editDistance(b, a) == expected)
  }

  @Test("parts of strings are taken too")
  func substrings() {
    #expect(editDistance("abcdef".prefix(3), "abd") == 1)
  }
}
