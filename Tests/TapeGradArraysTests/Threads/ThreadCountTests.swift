import Testing

@testable import TapeGradArrays

struct ThreadCountTests {
  @Test("TAPEGRAD_THREADS that is a number from 1 to 256 is taken as it is", arguments: [1, 3, 256])
  func number(_ count: Int) {
    #expect(ThreadCount.initial("\(count)") == (count, nil))
  }

  @Test("without it there is a thread for each processor")
  func none() {
    #expect(ThreadCount.initial(nil) == (min(ThreadCount.processors, 256), nil))
  }

  @Test(
    "any other value is passed over, and named", arguments: ["abc", "", "0", "-3", "2.5", " 2", "99999999999999999999"])
  func other(_ text: String) {
    let (count, complaint) = ThreadCount.initial(text)
    #expect(count == min(ThreadCount.processors, 256))
    #expect(
      complaint?.hasPrefix("TAPEGRAD_THREADS is '\(text)', which is not a whole number from 1 to 256; \(count) thread")
        == true)
  }

  @Test("too many are the most that there can be")
  func tooMany() {
    let (count, complaint) = ThreadCount.initial("1000")
    #expect(count == 256)
    #expect(
      complaint == "TAPEGRAD_THREADS is '1000', which is not a whole number from 1 to 256; 256 threads are used")
  }
}
