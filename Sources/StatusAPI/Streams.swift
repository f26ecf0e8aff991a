// The journal's lines as they are asked for: the export, which ends with the last line, and the live events, which end when
// the reader goes or the daemon stops. Each holds a seat, of which there are few.
import Convening
import Coordination
import Hummingbird
import NIOCore
import ServiceLifecycle
import Wire

extension Routes {
  /// `GET /v1/journal`: up to the last line that there is.
  func journal(_ call: Call, _ desk: Desk) throws(ProblemDocument) -> Response {
    let seat = try seat()
    let (after, batch) = (call.query.whole("after") ?? 0, limits.batch)
    return Response.lines { writer in
      var seq = after
      while !Task.isShuttingDownGracefully {
        let lines = try await read(desk, after: seq)
        try await writer.write(lines, as: \.exported)
        guard lines.count == batch, let last = lines.last else { break }
        seq = last.seq
      }
      withExtendedLifetime(seat) {}
    }
  }

  /// `GET /v1/events`: what is there, then what comes.
  func events(_ call: Call, _ desk: Desk) throws(ProblemDocument) -> Response {
    let seat = try seat()
    let (after, batch, channel) = (call.query.whole("after") ?? 0, limits.batch, call.channel)
    return Response.lines { writer in
      // Woken by each commit, and finished by whatever ends the stream first.
      let (wakes, wake) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
      let heads = desk.heads()
      channel.closeFuture.whenComplete { _ in wake.finish() }
      try await withGracefulShutdownHandler {
        try await withThrowingDiscardingTaskGroup { group in
          group.addTask {
            for await head in heads { wake.yield(head) }
            wake.finish()
          }
          var seq = after
          var waiting = wakes.makeAsyncIterator()
          repeat {
            var lines: [SealedLine]
            repeat {
              lines = try await read(desk, after: seq)
              try await writer.write(lines, as: TimelineDocument.event)
              seq = lines.last?.seq ?? seq
            } while lines.count == batch
          } while await waiting.next() != nil
          group.cancelAll()
        }
      } onGracefulShutdown: {
        wake.finish()
      }
      withExtendedLifetime(seat) {}
    }
  }

  /// The next lines. The answer has begun, so that its reader sees no more than that it breaks off: why stands in the log. A
  /// reader that goes is no failure.
  private func read(_ desk: Desk, after seq: Int) async throws -> [SealedLine] {
    do {
      return try await desk.records.lines(after: seq, limit: limits.batch)
    } catch let end as CancellationError {
      throw end
    } catch {
      tell("a stream broke off", of: error)
      throw error
    }
  }

  private func seat() throws(ProblemDocument) -> Seats.Seat {
    guard let seat = seats.take() else {
      throw ProblemDocument(.tooManyStreams, status: 503, "Too many streams are open. Close one, or try again later.")
    }
    return seat
  }
}

extension Response {
  /// JSON, one object a line, for as long as `write` takes.
  fileprivate static func lines(
    _ write: @escaping @Sendable (inout any ResponseBodyWriter) async throws -> Void
  ) -> Response {
    Response(
      status: .ok, headers: [.contentType: "application/jsonl", .cacheControl: "no-store"],
      body: ResponseBody { writer in
        try await write(&writer)
        try await writer.finish(nil)
      })
  }
}

extension ResponseBodyWriter {
  fileprivate mutating func write(_ lines: [SealedLine], as json: (SealedLine) -> JSON) async throws {
    guard !lines.isEmpty else { return }
    var buffer = ByteBuffer()
    for line in lines {
      buffer.writeBytes(json(line).bytes)
      buffer.writeInteger(UInt8(ascii: "\n"))
    }
    try await write(buffer)
  }
}
