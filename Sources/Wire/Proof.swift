// What can be said of one entry from itself and the chain before it. Each proof stands alone, so a batch of them is
// computed on all cores. The label is compared byte by byte where the line is spelt as we spell it, and parsed only
// where it is not: parsing a million lines would take longer than hashing them.
import Dispatch
import Synchronization

public struct Proof: Sendable {
  /// The text and salt give the digest; true where there is no text.
  var digestHolds = true
  /// The chain before and the digest give the chain.
  var linkHolds = true
  /// The text names the stream and revision of its columns; true where there is no text.
  var labelHolds = true
  /// It may say something about other entries: `erased` or `breakAccepted`.
  var isNotable = false
  /// There is no text.
  var isRemoved = false

  /// - Parameter previous: the chain before it.
  public init(of line: SealedLine, after previous: Hash256) {
    linkHolds = Chain.link(previous, line.digest) == line.chain
    switch (line.line, line.salt) {
    case (nil, nil): isRemoved = true
    case (let text?, let salt?):
      digestHolds = Chain.digest(salt, text) == line.digest
      readLabel(text, line)
    case (nil, _?), (_?, nil): digestHolds = false
    }
  }

  static func all(of batch: [SealedLine], after head: Hash256) -> [Proof] {
    let share = 256
    @Sendable func proofs(_ range: Range<Int>) -> [Proof] {
      range.map { Proof(of: batch[$0], after: $0 == 0 ? head : batch[$0 - 1].chain) }
    }
    guard batch.count > share else { return proofs(batch.indices) }
    let parts = Mutex([[Proof]](repeating: [], count: (batch.count + share - 1) / share))
    DispatchQueue.concurrentPerform(iterations: (batch.count + share - 1) / share) { part in
      let proved = proofs((part * share)..<min((part + 1) * share, batch.count))
      parts.withLock { $0[part] = proved }
    }
    return parts.withLock { Array($0.joined()) }
  }

  /// nil for what is not JSON; the reader of the journal says more about that.
  static func json(_ text: String) -> JSON? {
    do {
      return try JSON(parsing: text)
    } catch {
      return nil
    }
  }

  /// `{"v":1,"stream":"…","revision":…,"event":"…"`
  private mutating func readLabel(_ text: String, _ line: SealedLine) {
    var text = text
    var stream = line.stream
    let event = text.withUTF8 { text in
      stream.withUTF8 { stream in Proof.event(in: text, stream, line.revision) }
    }
    if let event {
      isNotable = event
      return
    }
    let json = Proof.json(text)
    labelHolds = json?["stream"]?.string == line.stream && json?["revision"]?.int == line.revision
    isNotable = json?["event"]?.string.map { $0 == "erased" || $0 == "breakAccepted" } ?? false
  }

  /// Whether the event is notable; nil where the line is spelt in any other way.
  private static func event(
    in text: UnsafeBufferPointer<UInt8>, _ stream: UnsafeBufferPointer<UInt8>, _ revision: Int
  ) -> Bool? {
    var at = 0
    func take(_ bytes: StaticString) -> Bool {
      take(UnsafeBufferPointer(start: bytes.utf8Start, count: bytes.utf8CodeUnitCount))
    }
    func take(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
      guard at + bytes.count <= text.count else { return false }
      for index in 0..<bytes.count where text[at + index] != bytes[index] { return false }
      at += bytes.count
      return true
    }
    func number() -> Int? {
      var value = 0
      let start = at
      while at < text.count, (48...57).contains(text[at]), at - start < 18 {
        value = 10 * value + Int(text[at] - 48)
        at += 1
      }
      return at == start || (text[start] == 48 && at > start + 1) ? nil : value
    }
    guard take(#"{"v":"#), number() != nil, take(#","stream":""#),
      stream.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }), take(stream),
      take(#"","revision":"#), number() == revision, take(#","event":""#)
    else { return nil }
    return take(#"erased""#) || take(#"breakAccepted""#)
  }
}
