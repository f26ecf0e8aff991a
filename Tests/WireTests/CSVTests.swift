// What is a CSV file and what is not, as a table: records with their lines, and faults with theirs.
import Testing

@testable import Wire

@Suite struct CSVTests {
  @Test func whatIsRead() {
    let table: [(String, String, [String])] = [
      ("nothing", "", []), ("blank lines", "\n\r\n\n", []), ("cells without text", "a,b\n,\n , \n", ["1 a|b"]),
      ("no line end behind the last", "a,b\nc,d", ["1 a|b", "2 c|d"]),
      ("Windows line ends", "a,b\r\nc,d\r\n", ["1 a|b", "2 c|d"]), ("those of old", "a\rb\r", ["1 a", "2 b"]),
      ("a byte-order mark", "\u{FEFF}a,b\n", ["1 a|b"]), ("one alone", "\u{FEFF}", []),
      ("empty cells", ",a,\n", ["1 |a|"]), ("spaces around a cell", " a ,\tb\t\n", ["1 a|b"]),
      ("spaces inside quotes", "\" a \",b\n", ["1  a |b"]), ("spaces around quotes", "  \"a\"  ,b\n", ["1 a|b"]),
      ("a comma in quotes", "\"a,b\",c\n", ["1 a,b|c"]), ("two marks are one", "\"a\"\"b\",\"\"\"\"\n", ["1 a\"b|\""]),
      ("an empty quoted cell", "\"\",a\n", ["1 |a"]),
      ("line ends in quotes are counted", "\"a\nb\",c\n\"d\r\ne\"\nf\n", ["1 a\nb|c", "3 d\r\ne", "5 f"]),
      ("letters beyond ASCII", "Ærø,Zoë\n", ["1 Ærø|Zoë"]),
    ]
    for (why, text, expected) in table {
      let (records, faults) = CSV.read(text.utf8)
      #expect(records.map { "\($0.line) \($0.fields.joined(separator: "|"))" } == expected, "\(why)")
      #expect(faults.isEmpty, "\(why)")
    }
  }

  @Test func whatIsNot() {
    let table: [(String, [UInt8], [String], [Int])] = [
      ("a mark in a bare cell", Array("a\"b,c\nd\n".utf8), ["2 d"], [1]),
      ("text behind a closing mark", Array("\"a\"b\nc\n".utf8), ["2 c"], [1]),
      ("a second quoted part", Array("\"a\" \"b\"\nc\n".utf8), ["2 c"], [1]),
      ("never closed", Array("a\n\"b\nc\n".utf8), ["1 a"], [2]),
      ("never closed, at the end", Array("a,\"".utf8), [], [1]),
      ("not UTF-8", Array("a\n".utf8) + [0x4A, 0xF6, 0x72, 0x67, 0x0A] + Array("b\n".utf8), ["1 a", "3 b"], [2]),
      ("two faults on two lines", Array("a\"\nb\nc\"\n".utf8), ["2 b"], [1, 3]),
    ]
    for (why, bytes, expected, lines) in table {
      let (records, faults) = CSV.read(bytes)
      #expect(records.map { "\($0.line) \($0.fields.joined(separator: "|"))" } == expected, "\(why)")
      #expect(faults.map(\.line) == lines, "\(why)")
    }
  }
}
