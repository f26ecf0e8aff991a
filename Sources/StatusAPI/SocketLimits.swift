// How much, how many and how long: every bound of the sockets, in one place.
import NIOCore
import Wire

public struct SocketLimits: Sendable {
  /// Bytes of a body.
  public var body = 64 << 10
  /// Bytes of a file that is imported.
  public var file = 4 << 20
  /// Bytes of a request's first line and headers.
  public var headers = 8 << 10
  /// Bytes of a body that are read and dropped after it was refused, so that its sender gets to read why.
  public var dropped = 1 << 20
  /// From a request's first byte to its last; where it came before its turn, from when the answers before it have left.
  public var requestDeadline = TimeAmount.seconds(10)
  /// How long a connection may stay open without a request.
  public var idle = TimeAmount.seconds(60)
  /// How long an answer that is whole may wait for its reader.
  public var unread = TimeAmount.seconds(30)
  /// What requests under way get at shutdown.
  public var grace = TimeAmount.milliseconds(500)
  /// Connections open at one time, each socket for itself; more wait to be accepted.
  public var connections = 256
  /// Streams at one time, over both sockets.
  public var streams = 32
  /// Lines that a stream reads at one time.
  public var batch = 500

  public init() {}

  /// Bytes of an operation's body.
  func body(of operation: APIOperation) -> Int { operation.takesFile ? file : body }
}
