// Who is at the other end of a Unix socket: SO_PEERCRED, as the kernel noted it when the peer connected (unix(7)). This is
// the audited actor, so nothing that the peer says about itself is used.
import Convening
import Glibc
import NIOCore

enum PeerCredentials {
  /// The layout of `struct ucred`, which Swift does not import.
  private struct Credentials: Sendable {
    var pid: Int32 = 0
    var uid: UInt32 = 0
    var gid: UInt32 = 0
  }

  /// Throws: an `IOError` where the peer has gone; `ChannelError` for a channel that is not a socket.
  static func actor(of channel: any Channel) async throws -> Actor {
    guard let options = channel as? any SocketOptionProvider else { throw ChannelError.operationUnsupported }
    let future: EventLoopFuture<Credentials> = options.unsafeGetSocketOption(
      level: NIOBSDSocket.OptionLevel(rawValue: SOL_SOCKET), name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
    let credentials = try await future.get()
    return Actor(uid: credentials.uid, pid: credentials.pid)
  }
}
