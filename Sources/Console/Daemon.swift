// The daemon as the commands see it: which of its two sockets to ask, what a refusal means, and one more try where a
// connection broke. A change carries a key, so that the second try cannot do it twice.
import Convening
import Wire

/// Where the daemon's sockets are.
public struct Sockets: Hashable, Sendable {
  /// Answers GET alone.
  public let status: String
  /// Takes changes.
  public let control: String

  public init(status: String, control: String) { (self.status, self.control) = (status, control) }

  /// One path that was chosen stands for both; else the environment's `CONVENED_STATUS_SOCKET` and
  /// `CONVENED_CONTROL_SOCKET`; else where the unit puts them.
  public init(chosen: String?, environment: [String: String]) {
    func path(_ name: String, _ usual: String) -> String {
      chosen ?? environment[name].flatMap { $0.isEmpty ? nil : $0 } ?? usual
    }
    status = path("CONVENED_STATUS_SOCKET", "/run/convened/status/status.sock")
    control = path("CONVENED_CONTROL_SOCKET", "/run/convened/control/control.sock")
  }
}

public struct Daemon {
  public let sockets: Sockets
  private let newKey: () -> String

  /// `newKey` makes an `Idempotency-Key` of at most 64 ASCII characters.
  public init(sockets: Sockets, newKey: @escaping () -> String) { (self.sockets, self.newKey) = (sockets, newKey) }

  /// A JSON document. Asks the status socket, and the control socket where only that one can be reached.
  ///
  /// Throws: `Complaint`.
  public func document(_ target: String, control: Bool = false) throws(Complaint) -> JSON {
    try Daemon.parse(try read(target, control: control).body)
  }

  /// - Parameter within: a report over years may take its time; nobody waits so long for a status.
  ///
  /// Throws: `Complaint`.
  public func read(
    _ target: String, control: Bool = false, within: Elapsed = .seconds(120)
  ) throws(Complaint) -> HTTPAnswer {
    let answer = try ask(target, control: control, within: within)
    guard (200..<300).contains(answer.status) else { throw Problem(answer).complaint }
    return answer
  }

  /// A document of which a part stands on the control socket alone, named by its path.
  ///
  /// Throws: `Complaint`, 77 where the socket that was chosen is not that one.
  public func readControl(_ target: String, having part: [String]) throws(Complaint) -> HTTPAnswer {
    let answer = try read(target, control: true)
    var value: JSON? = try Daemon.parse(answer.body)
    for name in part { value = value?[name] }
    guard value != nil else {
      throw Complaint(
        .notPermitted, "What --control asks for is shown on the control socket alone.", Problem.wayToControl)
    }
    return answer
  }

  /// An answer whatever its status.
  ///
  /// Throws: `Complaint` where none came.
  public func ask(_ target: String, control: Bool = false, within: Elapsed) throws(Complaint) -> HTTPAnswer {
    do throws(Unreachable) {
      return try exchange(HTTPAsk("GET", target), control ? [sockets.control] : readable, within: within)
    } catch {
      throw complaint(error, control: control)
    }
  }

  /// A change, once it is durable: the document that the daemon answered.
  ///
  /// - Parameter entries: what whoever sent it calls each entry of its body: "line 3".
  /// Throws: `Complaint`.
  public func change(
    _ method: String, _ target: String, _ body: JSON?, ifRevision: Int? = nil, ifVersion: String? = nil,
    entries: [String] = []
  ) throws(Complaint) -> HTTPAnswer {
    // Without a type libcurl would send that of a form.
    var headers = [(name: "Content-Type", value: body == nil ? "" : "application/json")]
    if method == "POST" { headers.append(("Idempotency-Key", newKey())) }
    if let tag = ifVersion ?? ifRevision.map(String.init) { headers.append(("If-Match", "\"\(tag)\"")) }
    return try send(HTTPAsk(method, target, headers: headers, body: body?.bytes ?? []), entries)
  }

  /// A CSV file, once all of it is durable: the document that the daemon answered. The same file again changes nothing, so it
  /// needs no key.
  ///
  /// Throws: `Complaint`.
  public func importing(_ file: [UInt8], dry: Bool) throws(Complaint) -> HTTPAnswer {
    let target = dry ? "/v1/import?dry_run=1" : "/v1/import"
    return try send(HTTPAsk("POST", target, headers: [("Content-Type", "text/csv; charset=utf-8")], body: file))
  }

  private func send(_ ask: HTTPAsk, _ entries: [String] = []) throws(Complaint) -> HTTPAnswer {
    let answer: HTTPAnswer
    do throws(Unreachable) {
      answer = try exchange(ask, [sockets.control], within: .seconds(60))
    } catch {
      throw complaint(error, control: true, change: true)
    }
    guard (200..<300).contains(answer.status) else { throw refusal(Problem(answer).calling(entries)) }
    return answer
  }

  /// Agencies by their names, where it lists some.
  private func refusal(_ problem: Problem) -> Complaint {
    let codes = [ProblemCode.reasonRequired, .badImport].map(\.rawValue)
    return (problem.code.map(codes.contains) ?? false ? problem.naming(names) : problem).complaint
  }

  /// What the settings call agencies and routes; none where the daemon does not tell.
  public var names: Names {
    do throws(Complaint) {
      return Names(try Daemon.parse(ask("/v1/agencies", within: .seconds(5)).body))
    } catch {
      return Names()
    }
  }

  /// A stream, chunk by chunk; `onChunk` answers false to end it. Not tried again: what came is already handed on.
  ///
  /// Throws: `Complaint`.
  public func stream(
    _ target: String, control: Bool = false, onChunk: @escaping ([UInt8]) -> Bool
  ) throws(Complaint) {
    let path = control ? sockets.control : sockets.status
    let answer: HTTPAnswer
    do throws(Unreachable) {
      answer = try SocketClient(path: path).perform(HTTPAsk("GET", target), within: nil, onChunk: onChunk)
    } catch {
      guard error != .stopped else { return }
      throw complaint(error, control: control)
    }
    guard (200..<300).contains(answer.status) else { throw Problem(answer).complaint }
  }

  /// Throws: `Complaint` for an answer that is not JSON.
  public static func parse(_ body: [UInt8]) throws(Complaint) -> JSON {
    do throws(JSONFault) {
      return try JSON(parsing: body)
    } catch {
      throw Complaint(
        .failure, "The answer is no JSON (\(error.what) at byte \(error.offset)). Is this convened's socket?")
    }
  }

  private var readable: [String] {
    sockets.status == sockets.control ? [sockets.status] : [sockets.status, sockets.control]
  }

  /// Tries each socket in turn until one can be reached, and once more where the connection broke.
  private func exchange(_ ask: HTTPAsk, _ paths: [String], within: Elapsed) throws(Unreachable) -> HTTPAnswer {
    var first: Unreachable?
    for path in paths {
      let client = SocketClient(path: path)
      do throws(Unreachable) {
        return try twice { () throws(Unreachable) in try client.perform(ask, within: within) }
      } catch {
        guard error == .absent || error == .forbidden else { throw error }
        first = first ?? error
      }
    }
    throw first ?? .absent
  }

  private func twice(_ body: () throws(Unreachable) -> HTTPAnswer) throws(Unreachable) -> HTTPAnswer {
    do throws(Unreachable) {
      return try body()
    } catch {
      guard error == .reset else { throw error }
      return try body()
    }
  }

  private func complaint(_ why: Unreachable, control: Bool, change: Bool = false) -> Complaint {
    switch why {
    case .absent:
      Complaint(
        .outOfReach, doesNotRun: true,
        "The daemon does not run, or not here: nobody answers on \(control ? sockets.control : sockets.status).",
        "Start it with `systemctl start convened`, or name its socket with --socket.")
    case .forbidden:
      Complaint(
        .notPermitted, "You may not open \(control ? sockets.control : sockets.status).",
        control
          ? "You must be in group convened-control."
          : "You must be in group convened-status or convened-control.")
    case .reset:
      Complaint(
        .outOfReach, "The connection broke before the answer was whole.",
        change
          ? "Whether it was done is not known: look with `convenectl show` or `convenectl list`, then repeat."
          : "Look at `systemctl status convened`, then repeat.")
    case .timedOut:
      Complaint(
        .outOfReach, "The daemon did not answer in time.",
        change
          ? "Whether it was done is not known: look with `convenectl show` or `convenectl list`, then repeat."
          : "It may be hanging: look at `systemctl status convened`, then repeat.")
    case .stopped: Complaint(.failure, "The output was closed.")
    case .other(let words): Complaint(.outOfReach, "The socket cannot be used: \(words).")
    }
  }
}
