// The journal for an auditor: one object a line, the text that was hashed as text, never as a nested object, so that anybody
// can compute the chain again. CONTRACT.md 3.

public enum JournalExport {
  public static func object(_ line: SealedLine) -> JSON {
    [
      "seq": .int(Int64(line.seq)), "stream": .string(line.stream), "revision": .int(Int64(line.revision)),
      "line": JSON(line.line), "salt": JSON(line.salt.map { Base64.text($0.bytes) }),
      "digest": .string(line.digest.hex), "chain": .string(line.chain.hex),
    ]
  }

  /// One line of an export. Throws: `LineFault`.
  public static func parse(_ text: String) throws(LineFault) -> SealedLine {
    let json: JSON
    do throws(JSONFault) { json = try JSON(parsing: text) } catch {
      throw LineFault(what: "not JSON at byte \(error.offset): \(error.what)")
    }
    let fields = Fields(json)
    guard let digest = Hash256(hex: try fields.text("digest")), let chain = Hash256(hex: try fields.text("chain"))
    else {
      throw LineFault(what: "digest or chain")
    }
    let salt = try fields.optional("salt", fields.text).map { text throws(LineFault) -> Salt in
      guard let bytes = Base64.bytes(text), let salt = Salt(bytes: bytes) else { throw LineFault(what: "salt") }
      return salt
    }
    return SealedLine(
      seq: try fields.whole("seq"), stream: try fields.text("stream"), revision: try fields.whole("revision"),
      line: try fields.optional("line", fields.text), salt: salt, digest: digest, chain: chain)
  }
}
