// What became of a test message, for the person who waits for it: accepted by whom and how fast, or why not and what to do.
import Convening
import Wire

public struct PingText {
  /// How the attempt ended: an `attemptEnded`, `attemptLost` or `reminderExpired` of the stream of events.
  private let end: JSON

  /// nil for what is no end of that message.
  public init?(_ entry: JSON, of reminder: String) {
    let ends = ["attemptEnded", "attemptLost", "reminderExpired"]
    guard entry["data"]?["reminder"]?.string == reminder, ends.contains(entry.text("event") ?? "") else { return nil }
    end = entry
  }

  private var data: JSON { end["data"] ?? .null }

  public var isAccepted: Bool { data.text("verdict") == Verdict.accepted.rawValue }

  /// `verdict`, `status`, `fault`, `took_ms`, `peer`, as the entry has them.
  public var outcome: JSON { data }

  /// "Health hub accepted it: 204 in 34 ms, 10.44.3.7:443"
  ///
  /// - Parameter route: what people call it.
  public func words(_ route: String) -> [String] {
    let took = data["took_ms"]?.int.map { " in \($0) ms" } ?? ""
    let peer = data.text("peer").map { ", \($0)" } ?? ""
    let status = data["status"]?.int.map(String.init)
    if isAccepted { return ["\(route) accepted it: \(status ?? "")\(took)\(peer)"] }
    let why = status.map { "it answered \($0)" } ?? data.text("fault").map(Words.fault) ?? "the attempt was lost"
    return ["\(route) did not accept it: \(why)\(took)\(peer)", mend]
  }

  private var mend: String {
    switch (data.text("fault"), data["status"]?.int) {
    case ("tls", _):
      "Look at ca_file, at the name and the end of its certificate, and whether it asks who we are (certificate, key)."
    case ("pin", _): "It has another key than the route's pins: ask the agency, by telephone, whether it changed it."
    case ("blocked", _): "If the address is meant, name it or its network in allow_addresses of the route."
    case ("dns", _): "Check the host's name in the URL, and this machine's resolver."
    case ("refused", _), ("timeout", _):
      "Check that it runs, and that the firewalls and the proxy between let it through."
    case (_, 401), (_, 403): "It may not know the secret, or its clock is off: try its end with `convenectl listen`."
    case (_, 410): "The route has stopped, as it asked: `convenectl enable` uses it again."
    case (_, .some(300...399)):
      "It answers with another address: no message follows it. Give that one as the URL, if it is right."
    default: "`convenectl agencies` shows how the route stands. What waits there is tried again by itself."
    }
  }
}
