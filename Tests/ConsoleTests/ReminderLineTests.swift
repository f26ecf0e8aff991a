// One reminder in a timeline: all its attempts as one line.
import Console
import Convening
import Testing
import Wire

struct ReminderLineTests {
  /// A timeline of one reminder: its attempts as seconds from the first, and how each ended.
  ///
  /// - Parameters:
  ///   - next: what the last end said of a next attempt.
  ///   - retry: when the daemon says that it is tried once more.
  ///   - saysRetries: false: it does not say of any, as an older one.
  private func told(
    _ attempts: [(at: Int, status: Int?, fault: String?, verdict: String)], next: Int? = nil, retry: Int? = nil,
    saysRetries: Bool = true
  ) -> String {
    func moment(_ seconds: Int) -> String { (Instant("2027-04-30T09:00:00Z")! + .seconds(Int64(seconds))).description }
    var entries: [JSON] = []
    for (index, attempt) in attempts.enumerated() {
      entries.append([
        "seq": .int(Int64(entries.count + 1)), "event": "attemptBegan", "recorded_at": .string(moment(attempt.at)),
        "agency": "health",
        "data": [
          "reminder": "msg_A", "attempt": .int(Int64(index + 1)), "route": "hub", "place": "contact", "step": "chase",
          "message": "reminder", "due": .string(moment(attempt.at)),
        ],
      ])
      let isLast = index == attempts.count - 1
      entries.append([
        "seq": .int(Int64(entries.count + 1)), "event": "attemptEnded", "recorded_at": .string(moment(attempt.at)),
        "data": [
          "reminder": "msg_A", "verdict": .string(attempt.verdict), "status": JSON(attempt.status),
          "fault": JSON(attempt.fault), "next": JSON(isLast ? next.map(moment) : nil),
        ],
      ])
    }
    let retries = retry.map { [["reminder": "msg_A", "at": .string(moment($0))] as JSON] } ?? []
    let lines = TimelineText(
      ["id": "7Q2F-M9KD", "entries": .array(entries), "retries": saysRetries ? .array(retries) : .null],
      page: Documents.page
    ).text
    return String((lines.first { $0.contains("(chase): hub") } ?? "").dropFirst(18))
  }

  @Test func onceAndAccepted() {
    #expect(told([(0, 204, nil, "accepted")]) == "reminded (chase): hub. Accepted 204")
  }

  @Test func retriesAreOneLine() {
    #expect(told([(0, 503, nil, "retry"), (5, 200, nil, "accepted")]) == "reminded (chase): hub. 503, after 5 s 200")
  }

  @Test func aLongOutageKeepsItsFirstAndItsLast() {
    let attempts = [0, 5, 35, 155, 455].map { (at: $0, status: Int?.none, fault: String?("refused"), verdict: "retry") }
    #expect(
      told(attempts + [(1355, 204, nil, "accepted")])
        == "reminded (chase): hub. Connection refused, 4 more tries, after 22 min 204")
  }

  /// An agency's own refusal is something else.
  @Test(arguments: [
    ("refused", "Connection refused"), ("timeout", "Timed out"), ("reset", "Connection broken off"),
    ("dns", "Name not found"), ("tls", "TLS failed"), ("url", "Address not usable"), ("protocol", "No HTTP answer"),
    ("unknown-route", "Route not known"), ("failed", "Failed"),
  ])
  func whyNoStatusCameIsAPhrase(fault: String, words: String) {
    #expect(
      told([(0, nil, fault, "retry")], next: 5, retry: 5) == "reminded (chase): hub. \(words). Next try 10:00:05")
  }

  @Test func whatIsStillOpenSaysWhen() {
    #expect(told([(0, 503, nil, "retry")], next: 5, retry: 5) == "reminded (chase): hub. 503. Next try 10:00:05")
    #expect(told([(0, 404, nil, "misconfigured")]) == "reminded (chase): hub. 404. Not tried again")
  }

  /// Whether an answer, a correction or another message made it moot is the daemon's to say.
  @Test func whatTheDaemonTriesNoMoreIsNotTriedAgain() {
    #expect(told([(0, 503, nil, "retry")], next: 5) == "reminded (chase): hub. 503. Not tried again")
    #expect(told([(0, 503, nil, "retry")], retry: 9) == "reminded (chase): hub. 503. Next try 10:00:09")
    #expect(told([(0, 503, nil, "retry")], saysRetries: false) == "reminded (chase): hub. 503")
  }
}
