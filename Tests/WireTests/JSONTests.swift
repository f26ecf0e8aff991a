// What is JSON and what is not, in a table after the manner of JSONTestSuite; and agreement with Foundation's reader over
// thousands of mutations, wherever the two have the same rules.
import Foundation
import Testing

@testable import Wire

@Suite struct JSONTests {
  @Test(arguments: [
    "null", "true", "false", "0", "-0", "1", "-1", "1.5", "1e3", "1E+3", "1e-3", "0.1",
    "123456789012345678901234567890",
    "\"\"", "\"a\"", "\"\\u0041\"", "\"\\ud83d\\ude00\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\u{7f}\"", "\"£😀\"",
    "\"\\u0000\"", "[]", "[ ]", "[1,2]", "[[[[]]]]", "{}", "{ }", "{\"\":0}", "{\"a\":{\"b\":[null]}}",
    " \t\r\n{\"a\" : 1 }\n",
  ]) func isAccepted(text: String) throws {
    let json = try JSON(parsing: text)
    // What is written is read as the same value, compact or for people.
    #expect(try JSON(parsing: json.text) == json)
    #expect(try JSON(parsing: json.pretty) == json)
  }

  @Test(arguments: [
    "", " ", "nul", "nulll", "True", "NaN", "Infinity", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "0x1", "1 2",
    "1e999", "'a'", "\"", "\"a", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"", "\"\\ud83d\"", "\"\\ude00\"",
    "\"\\ud83d\\u0041\"", "\"\n\"", "\"\t\"", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1}", "{", "}",
    "{\"a\"}",
    "{\"a\":}", "{\"a\":1,}", "{,}", "{a:1}", "{1:1}", "{\"a\":1 \"b\":2}", "{\"a\":1,\"a\":2}", "{\"a\":1}x",
    "/* */1", "\u{FEFF}1",
  ]) func isRefused(text: String) {
    #expect(throws: JSONFault.self) { try JSON(parsing: text) }
  }

  @Test(
    arguments: [
      [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
      [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0x5C, 0x6E, 0xFF, 0x22], [0xFF], [0x00],
    ] as [[UInt8]]) func bytesThatAreNoUTF8AreRefused(bytes: [UInt8])
  {
    #expect(throws: JSONFault.self) { try JSON(parsing: bytes) }
  }

  @Test func nestingIsBounded() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(throws: Never.self) { try JSON(parsing: nested(64)) }
    #expect(throws: JSONFault.self) { try JSON(parsing: nested(65)) }
    #expect(throws: JSONFault.self) { try JSON(parsing: String(repeating: "[", count: 1_000_000)) }
  }

  @Test func aFaultSaysWhere() {
    #expect(throws: JSONFault(offset: 5, what: "expected a value")) { try JSON(parsing: "{\"a\":}") }
  }

  /// One letter to a reader, and two names here.
  @Test func namesThatDifferInTheirNormalFormAreTwoMembers() throws {
    let json = try JSON(parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}")
    #expect(json.members?.count == 2)
    #expect(json["\u{E9}"] == 1 && json["e\u{301}"] == 2)
  }

  @Test(arguments: [2, 15, 16, 17, 18, 40]) func aNameTwiceIsFoundAmongMany(count: Int) {
    let before = "{" + (1..<count).map { "\"n\($0)\":0," }.joined()
    for twice in [1, count - 1] {
      #expect(throws: JSONFault(offset: before.utf8.count, what: "the same name twice")) {
        try JSON(parsing: before + "\"\\u006e\(twice)\":0}")
      }
    }
    #expect(throws: Never.self) { try JSON(parsing: before + "\"n\(count)\":0}") }
  }

  enum Names: String, CaseIterable {
    case inLetters, inCombiningMarks

    var all: [String] {
      switch self {
      case .inLetters: (0..<8000).map { "n\($0)" }
      case .inCombiningMarks:
        (0..<3000).map { number in
          "a" + (0..<8).map { String(Unicode.Scalar(0x300 + UInt32(number >> (2 * $0) & 3))!) }.joined()
        }
      }
    }
  }

  /// Names of one object are compared with each other, texts of a list are not.
  @Test(arguments: Names.allCases) func thousandsOfNamesCostLittleMoreThanTheirTexts(names: Names) throws {
    let (object, list) = (
      Array(("{" + names.all.map { "\"\($0)\":0" }.joined(separator: ",") + "}").utf8),
      Array(("[" + names.all.map { "\"\($0)\",0" }.joined(separator: ",") + "]").utf8)
    )
    #expect(try JSON(parsing: object).members?.count == names.all.count)
    let asNames = try work { _ = try JSON(parsing: object) }
    let asTexts = try work { _ = try JSON(parsing: list) }
    #expect(asNames < 25 * asTexts, "\(asNames) ns against \(asTexts) ns")
  }

  @Test func wholeNumbersStayWhole() throws {
    #expect(try JSON(parsing: "9223372036854775807") == .int(.max))
    #expect(try JSON(parsing: "-9223372036854775808") == .int(.min))
    #expect(try JSON(parsing: "9223372036854775808") == .double(9_223_372_036_854_775_808))
    #expect(try JSON(parsing: "1.0").int == nil)
  }

  /// Each character at each place of short texts, next to what is escaped and what is not.
  @Test func textIsEscapedWhereverItStands() throws {
    let characters: [Character] =
      (UInt32(0)...0x7F).compactMap { Unicode.Scalar($0).map(Character.init) } + ["£", "é", "\u{80}", "\u{2028}", "😀"]
    for character in characters {
      for length in [0, 1, 6, 7, 8, 9, 15, 16, 17, 23] {
        for place in 0...length {
          for filler in ["a", "\"", "£"] {
            let before = String(repeating: filler, count: place)
            let text = before + String(character) + String(repeating: filler, count: length - place)
            let expected = "\"" + text.unicodeScalars.map(JSONTests.escaped).joined() + "\""
            try #require(JSON.string(text).text == expected)
          }
        }
      }
    }
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": "\\\""
    case "\\": "\\\\"
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    case _ where scalar.value < 0x20: "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
    default: String(scalar)
    }
  }

  @Test(arguments: ["\u{1}", "\"", "\\", "\n", "a", "\"\u{1F}", "é\u{0}"])
  func whatIsEscapedFindsRoomHoweverLong(part: String) throws {
    for count in [0, 1, 700, 2048, 5000] {
      let text = String(repeating: part, count: count)
      let line = JSONWriter.object { $0.add("text", text) }
      #expect(try JSON(parsing: line)["text"] == .string(text), "\(count) times")
    }
  }

  @Test func itAgreesWithFoundationOnThousandsOfMutations() {
    let seeds = [
      #"{"meeting_at":"2026-11-24T10:00:00Z","duration_min":60,"agencies":["police","health"],"x":null,"y":[true,-1.5e3]}"#,
      #"["\u00e9\ud83d\ude00","\\\"\/",{"a":{"b":{}}},[[],[0]],false]"#,
    ].map { Array($0.utf8) }
    var lots = SplitMix(state: 42)
    let alphabet = Array("{}[]\",:\\u0e-+.1aétn\t \n".utf8) + [0, 0x1F, 0x7F, 0x80, 0xC3, 0xFF]
    var compared = 0
    for round in 0..<6000 {
      var bytes = seeds[round % seeds.count]
      for _ in 0...Int(lots.next() % 3) {
        let at = Int(lots.next() % UInt64(bytes.count))
        switch lots.next() % 3 {
        case 0: bytes[at] = alphabet[Int(lots.next() % UInt64(alphabet.count))]
        case 1: bytes.remove(at: at)
        default: bytes.insert(alphabet[Int(lots.next() % UInt64(alphabet.count))], at: at)
        }
      }
      let ours = Result { try JSON(parsing: bytes) }
      let theirs = Result { try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed) }
      switch (ours, theirs) {
      case (.success, .success): compared += 1
      case (.failure, .failure): compared += 1
      // It guesses UTF-16 and UTF-32 where there are zero bytes, lets a name stand twice, a number be out of range and a
      // comma stand before a closing bracket.
      case (.failure(let fault), .success):
        let what = (fault as? JSONFault)?.what
        let trailing = String(decoding: bytes, as: UTF8.self).contains(/,\s*[\]}]/)
        let differs =
          bytes.contains(0) || what == "the same name twice" || what == "a number out of range" || trailing
        #expect(differs, "only Foundation reads \(String(decoding: bytes, as: UTF8.self))")
      case (.success, .failure):
        #expect(bytes.contains(0), "only we read \(String(decoding: bytes, as: UTF8.self))")
      }
    }
    #expect(compared > 5500)
  }

  private struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }
}
