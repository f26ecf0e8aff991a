// Standard output and standard error, written at once and whole: a script that waits for a line sees it when it is
// there, and a reader that has gone away ends the writing instead of the process.
import Foundation

public struct Output: Sendable {
  public let isTerminal: Bool
  private let descriptor: Int32

  public static let standard = Output(descriptor: 1)
  public static let errors = Output(descriptor: 2)

  public init(descriptor: Int32) {
    self.descriptor = descriptor
    isTerminal = isatty(descriptor) == 1
  }

  /// False where nobody reads any more, or the disk behind it is full.
  @discardableResult public func write(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if count < 0, errno != EINTR {
        return false
      }
    }
    return true
  }

  @discardableResult public func line(_ text: String) -> Bool { write(Array((text + "\n").utf8)) }

  @discardableResult public func lines(_ lines: [String]) -> Bool {
    write(Array(lines.map { $0 + "\n" }.joined().utf8))
  }
}
