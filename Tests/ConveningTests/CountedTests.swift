// Counts as people read them: one is one, and thousands have their comma.
import Convening
import Testing

@Suite struct CountedTests {
  @Test(
    arguments: [
      (0, "day", nil, "0 days"), (1, "day", nil, "1 day"), (2, "day", nil, "2 days"), (-1, "day", nil, "-1 days"),
      (1, "entry", "entries", "1 entry"), (8812, "entry", "entries", "8,812 entries"),
      (0, "try", "tries", "0 tries"), (1_000_000, "line", nil, "1,000,000 lines"), (999, "line", nil, "999 lines"),
    ] as [(Int, String, String?, String)])
  func oneIsOne(count: Int, one: String, many: String?, words: String) { #expect(counted(count, one, many) == words) }
}
