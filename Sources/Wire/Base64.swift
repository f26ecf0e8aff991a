// Base64 with padding (RFC 4648, section 4), by Foundation.
import Foundation

enum Base64 {
  static func encode(_ bytes: some Sequence<UInt8>) -> String { Data(bytes).base64EncodedString() }

  /// nil where the text is not exactly that.
  static func decode(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { Array($0) } }
}
