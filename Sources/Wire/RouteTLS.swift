// What TLS needs of a route beside the authorities that it trusts: the keys that its receiver may have, and who this end says it
// is. The key is a secret: nothing here shows it.

/// A receiver's public key, as libcurl takes it (CURLOPT_PINNEDPUBLICKEY(3)): `sha256//` and the base64 of the SHA-256 of its
/// SubjectPublicKeyInfo in DER.
public struct PublicKeyPin: Hashable, Sendable, CustomStringConvertible {
  public let description: String

  /// nil for any other text.
  public init?(_ text: String) {
    guard text.hasPrefix("sha256//"), let bytes = Base64.bytes(String(text.dropFirst("sha256//".count))),
      bytes.count == 32
    else { return nil }
    description = text
  }
}

public struct RouteTLS: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
  /// What this end shows of itself, where the receiver asks (mTLS). Both as PEM.
  public struct Identity: Hashable, Sendable {
    /// Its own first, then those between it and the authority.
    public let certificate: String
    public let key: String

    public init(certificate: String, key: String) { (self.certificate, self.key) = (certificate, key) }
  }

  /// The receiver's key has to be one of these; empty: any that the authorities vouch for. A new key overlaps with the old one.
  public let pins: [PublicKeyPin]
  public let identity: Identity?

  public init(pins: [PublicKeyPin] = [], identity: Identity? = nil) { (self.pins, self.identity) = (pins, identity) }

  public var description: String { "\(pins.count) pins, \(identity == nil ? "no" : "an") identity" }
  public var customMirror: Mirror { Mirror(self, children: ["pins": pins.count]) }
}
