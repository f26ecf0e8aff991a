// Base64 with padding (RFC 4648, section 4), by Foundation, in the one place where bytes leave and enter as text.
import Foundation

enum Base64 {
  static func text(_ bytes: some Sequence<UInt8>) -> String { Data(bytes).base64EncodedString() }

  /// nil where the text is not exactly that.
  static func bytes(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { Array($0) } }
}
