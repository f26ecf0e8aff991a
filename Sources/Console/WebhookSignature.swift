// Whether a webhook is signed by one of the secrets that the receiver holds (Standard Webhooks, `v1`). A stale timestamp
// is refused too: whoever recorded a message must not be able to play it again.
import Convening
import Crypto
import Foundation

/// A shared secret: what is decoded from the text after `whsec_`. Never printed.
public struct WebhookSecret: Sendable {
  fileprivate let key: SymmetricKey

  /// nil unless the text is `whsec_` and base64 of 24 to 64 bytes, with or without padding.
  public init?(_ text: some StringProtocol) {
    guard text.hasPrefix("whsec_") else { return nil }
    let bare = text.dropFirst(6).prefix { $0 != "=" }
    let padded = bare + String(repeating: "=", count: (4 - bare.count % 4) % 4)
    guard let bytes = Data(base64Encoded: padded), (24...64).contains(bytes.count) else { return nil }
    key = SymmetricKey(data: bytes)
  }

  /// Reads one secret a line; empty lines and those after `#` are passed over.
  ///
  /// Throws: `Complaint`.
  public static func read(file path: String) throws(Complaint) -> [WebhookSecret] {
    let text: String
    do { text = try String(contentsOfFile: path, encoding: .utf8) } catch {
      throw Complaint(
        .notFound, "The secret file \(path) cannot be read. Make one with `convenectl secret new --out \(path)`.")
    }
    var secrets: [WebhookSecret] = []
    for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
      let bare = line.trimmingCharacters(in: .whitespaces)
      guard !bare.isEmpty else { continue }
      guard let secret = WebhookSecret(bare) else {
        throw Complaint(
          .invalid, "\(path) holds a line that is no secret: each is whsec_ and the base64 of 24 to 64 bytes.")
      }
      secrets.append(secret)
    }
    guard !secrets.isEmpty else { throw Complaint(.invalid, "\(path) holds no secret.") }
    return secrets
  }
}

public enum SignatureFinding: Hashable, Sendable {
  case verified
  /// Why not, in a few words for a line.
  case refused(String)
  /// There is no secret to check with.
  case unchecked
}

public enum WebhookSignature {
  /// How far a timestamp may lie from now, either way.
  public static let tolerance = Elapsed.seconds(300)

  /// `header` is `webhook-signature`: tokens apart by one space, of which any may match.
  public static func check(
    header: String?, id: String?, timestamp: String?, body: [UInt8], secrets: [WebhookSecret], now: Instant
  ) -> SignatureFinding {
    guard !secrets.isEmpty else { return .unchecked }
    guard let header, let id, let timestamp else { return .refused("a webhook header is missing") }
    guard let seconds = Int64(timestamp), abs(seconds) < 1 << 40 else { return .refused("the timestamp is no number") }
    let skew = now - Instant(milliseconds: seconds * 1000)
    guard abs(skew.milliseconds) <= tolerance.milliseconds else {
      return .refused("the timestamp is \(Clock.words(skew > .zero ? skew : .zero - skew)) off")
    }
    let signed = Array("\(id).\(timestamp).".utf8) + body
    let codes = header.split(separator: " ", omittingEmptySubsequences: false).compactMap { token -> Data? in
      token.hasPrefix("v1,") ? Data(base64Encoded: String(token.dropFirst(3))) : nil
    }
    guard !codes.isEmpty else { return .refused("no v1 signature") }
    for code in codes {
      for secret in secrets
      where HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: signed, using: secret.key) {
        return .verified
      }
    }
    return .refused("no signature matches")
  }
}
