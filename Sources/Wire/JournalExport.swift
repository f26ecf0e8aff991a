// A sealed line as the one-object-a-line export shows it, both ways. The line stands in it as the text that was hashed,
// never as a nested object; an erased one has a null `line` and `salt`.
import FoundationEssentials

/// Why a line of an export could not be read. The text itself is never repeated.
public struct ExportFault: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}

extension SealedLine {
  /// `{"seq":…,"stream":"…","revision":…,"line":"{…}","salt":"<base64>","digest":"<hex>","chain":"<hex>"}`
  public var exported: JSON {
    [
      "seq": JSON(seq), "stream": .string(stream), "revision": JSON(revision), "line": JSON(line),
      "salt": JSON(salt.map { Data($0.bytes).base64EncodedString() }), "digest": .string(digest.hex),
      "chain": .string(chain.hex),
    ]
  }

  /// Reads what `exported` wrote, without its line end.
  ///
  /// Throws: `ExportFault` with a sentence; the order of the members is free, an unknown one is refused.
  public init(exported bytes: [UInt8]) throws(ExportFault) {
    let json: JSON
    do {
      json = try JSON(parsing: bytes)
    } catch {
      throw ExportFault("not JSON at byte \(error.offset): \(error.what)")
    }
    guard let members = json.members else { throw ExportFault("not an object") }
    let known: Set = ["seq", "stream", "revision", "line", "salt", "digest", "chain"]
    guard members.count == known.count, members.allSatisfy({ known.contains($0.name) }) else {
      throw ExportFault("not exactly the members seq, stream, revision, line, salt, digest and chain")
    }
    guard let seq = json["seq"]?.int, seq >= 1 else { throw ExportFault("`seq` is not a number from 1") }
    guard let stream = json["stream"]?.string else { throw ExportFault("`stream` is not a text") }
    guard let revision = json["revision"]?.int, revision >= 1 else {
      throw ExportFault("`revision` is not a number from 1")
    }
    guard let digest = json["digest"]?.string.flatMap({ Hash256(hex: $0) }) else {
      throw ExportFault("`digest` is not 64 hexadecimal digits")
    }
    guard let chain = json["chain"]?.string.flatMap({ Hash256(hex: $0) }) else {
      throw ExportFault("`chain` is not 64 hexadecimal digits")
    }
    let line = json["line"]?.string
    let salt = json["salt"]?.string.flatMap { Data(base64Encoded: $0) }.flatMap { Salt(bytes: $0) }
    guard (line != nil || json["line"]?.isNull == true), (salt != nil || json["salt"]?.isNull == true) else {
      throw ExportFault("`line` is not a text, or `salt` not 16 bytes in base64")
    }
    self.init(seq: seq, stream: stream, revision: revision, line: line, salt: salt, digest: digest, chain: chain)
  }
}
