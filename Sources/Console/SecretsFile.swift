// The secrets that a receiver holds, from a file, and what it finds of a webhook in a few words. The check itself is the one
// that the daemon's own tests use: `Signature.verify`.
import Convening
import Foundation
import Wire

extension WebhookSecret {
  /// Reads one secret a line; empty lines and those after `#` are passed over.
  ///
  /// Throws: `Complaint`.
  public static func read(file path: String) throws(Complaint) -> [WebhookSecret] {
    guard let text = String(bytes: try FileReading.bytes(of: path), encoding: .utf8) else {
      throw Complaint(.invalid, "\(path) is not UTF-8, so it holds no secret.")
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

  var isRefused: Bool { if case .refused = self { true } else { false } }

  init(_ verdict: Signature.Verdict) {
    switch verdict {
    case .valid: self = .verified
    case .malformed: self = .refused("a webhook header is missing or not of its form")
    case .tooOld: self = .refused("the timestamp is more than 5 min old")
    case .tooNew: self = .refused("the timestamp is more than 5 min ahead")
    case .noMatch: self = .refused("no signature matches")
    }
  }
}
