// Swift's text without its comments and without the words of its strings; lines stay where they were. What stands in an
// interpolation is code and stays. It reads enough of the language for the rules of style and no more: a regex literal
// with a quote in it would mislead it.

struct CodeReader {
  private let bytes: [UInt8]
  private var at = 0
  private var code: [UInt8] = []

  private init(_ text: String) { bytes = Array(text.utf8) }

  static func code(of text: String) -> String {
    var reader = CodeReader(text)
    reader.readCode(inString: false)
    return String(decoding: reader.code, as: UTF8.self)
  }

  private func sees(_ word: String) -> Bool { bytes[at...].starts(with: word.utf8) }

  private mutating func skip() {
    if bytes[at] == UInt8(ascii: "\n") { code.append(bytes[at]) }
    at += 1
  }

  /// To the end; in an interpolation to the parenthesis that closes it.
  private mutating func readCode(inString: Bool) {
    var depth = 0
    while at < bytes.count {
      if sees("//") {
        while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { at += 1 }
      } else if sees("/*") {
        skipComment()
      } else if let hashes = hashesBeforeQuote() {
        readString(hashes: hashes)
      } else {
        if sees("(") { depth += 1 }
        if sees(")") { depth -= 1 }
        if inString, depth < 0 { return }
        code.append(bytes[at])
        at += 1
      }
    }
  }

  private mutating func skipComment() {
    var depth = 0
    while at < bytes.count {
      if sees("/*") {
        depth += 1
        at += 2
      } else if sees("*/") {
        depth -= 1
        at += 2
        if depth == 0 { return }
      } else {
        skip()
      }
    }
  }

  private func hashesBeforeQuote() -> Int? {
    let hashes = bytes[at...].prefix { $0 == UInt8(ascii: "#") }.count
    return at + hashes < bytes.count && bytes[at + hashes] == UInt8(ascii: "\"") ? hashes : nil
  }

  private mutating func readString(hashes: Int) {
    let pounds = String(repeating: "#", count: hashes)
    at += hashes
    let quote = sees("\"\"\"") ? "\"\"\"" : "\""
    at += quote.utf8.count
    code += Array("\"".utf8)
    while at < bytes.count, !sees(quote + pounds) {
      if sees("\\" + pounds + "(") {
        at += 2 + hashes
        code += Array("(".utf8)
        readCode(inString: true)
      } else if sees("\\" + pounds) {
        at += 1 + hashes
        if at < bytes.count { skip() }
      } else {
        skip()
      }
    }
    at += quote.utf8.count + hashes
    code += Array("\"".utf8)
  }
}
