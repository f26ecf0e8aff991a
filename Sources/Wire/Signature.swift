// Standard Webhooks signatures, scheme `v1`: HMAC-SHA256 over id, timestamp and the exact bytes of the body.
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
import Convening
import Crypto
import Foundation

/// A shared signing key. It never shows itself: not in a description, not in a dump, not in an error.
public struct WebhookSecret: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
  private let bytes: Data
  /// Has taken in the key: each signature goes on from a copy.
  private let keyed: HMAC<SHA256>

  public var description: String { "a webhook secret" }
  public var customMirror: Mirror { Mirror(self, children: [:]) }

  /// Reads `whsec_` and the base64 of 24 to 64 bytes, padded or not, white space around it ignored; nil for anything else.
  public init?(_ text: String) {
    let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    let given = text.dropFirst(6)
    let bare = given.prefix { $0 != "=" }
    let padded = bare + String(repeating: "=", count: (4 - bare.utf8.count % 4) % 4)
    // Foundation passes over bits that stand for nothing: what is not written back as it was read is a slip, and another
    // library may read it otherwise.
    guard text.hasPrefix("whsec_"), given == bare || given == padded, let bytes = Data(base64Encoded: String(padded)),
      (24...64).contains(bytes.count), bytes.base64EncodedString() == padded
    else { return nil }
    (self.bytes, keyed) = (bytes, HMAC<SHA256>(key: SymmetricKey(data: bytes)))
  }

  public static func == (a: WebhookSecret, b: WebhookSecret) -> Bool { a.bytes == b.bytes }
  public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

  fileprivate func code(_ head: [UInt8], _ body: some DataProtocol) -> HMAC<SHA256>.MAC {
    var hmac = keyed
    hmac.update(data: head)
    hmac.update(data: body)
    return hmac.finalize()
  }

  fileprivate func isRight(_ code: Data, _ head: [UInt8], _ body: [UInt8]) -> Bool {
    // In constant time, whatever the code.
    HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: head + body, using: SymmetricKey(data: bytes))
  }
}

public enum Signature {
  /// The value of `webhook-signature`: one token for each secret, newest first, one space between.
  public static func header(
    id: String, timestamp: Int64, body: some DataProtocol, secrets: [WebhookSecret]
  ) -> String {
    let head = head(id, String(timestamp))
    var header = ""
    header.reserveCapacity(48 * secrets.count)
    for secret in secrets {
      header += header.isEmpty ? "v1," : " v1,"
      header += Base64.text(secret.code(head, body))
    }
    return header
  }

  /// What is signed before the body.
  private static func head(_ id: String, _ timestamp: String) -> [UInt8] {
    var head: [UInt8] = []
    head.reserveCapacity(id.utf8.count + timestamp.utf8.count + 2)
    for part in [id, timestamp] {
      head.append(contentsOf: part.utf8)
      head.append(UInt8(ascii: "."))
    }
    return head
  }

  /// What a receiver finds.
  public enum Verdict: String, Hashable, Sendable {
    case valid
    /// A header is missing or not of its form.
    case malformed
    /// The timestamp lies more than the tolerance behind.
    case tooOld = "too_old"
    /// The timestamp lies more than the tolerance ahead.
    case tooNew = "too_new"
    /// No token was made with a secret of ours.
    case noMatch = "no_match"
  }

  /// Checks what arrived, as a receiver should. `tolerance` is 300 s by the specification's advice.
  public static func verify(
    header: String?, id: String?, timestamp: String?, body: [UInt8], secrets: [WebhookSecret], now: Instant,
    tolerance: Elapsed = .seconds(300)
  ) -> Verdict {
    guard let header, let id, let timestamp, !id.isEmpty, let seconds = Int64(timestamp),
      (0...253_402_300_799).contains(seconds)
    else { return .malformed }
    let sent = Instant(milliseconds: seconds * 1000)
    if now - sent > tolerance { return .tooOld }
    if sent - now > tolerance { return .tooNew }
    let codes = header.split(separator: " ").compactMap { token -> Data? in
      token.hasPrefix("v1,") ? Data(base64Encoded: String(token.dropFirst(3))) : nil
    }
    let head = head(id, timestamp)
    let matches = codes.contains { code in secrets.contains { $0.isRight(code, head, body) } }
    return matches ? .valid : .noMatch
  }
}
