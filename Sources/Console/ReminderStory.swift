// One reminder's attempts, from the first to the last known, as one sentence: "503, after 5 s 200". The journal has an
// entry for each beginning and each end; people want to know whether it got there.
import Convening
import Wire

/// What the entries say of one reminder, in the order in which they were recorded.
struct ReminderStory {
  struct Attempt {
    let began: Instant
    var ended: Instant?
    /// "200", "timed out"; nil while it is under way.
    var result: String?
    var verdict: String?
    /// The receiver's own name for it, by which its people find it in their log.
    var request: String?
  }

  /// The data of the first attempt's entry.
  let opening: JSON
  let agency: String?
  private var attempts: [Attempt] = []
  /// When the last attempt was to be followed by another, as its end says; nil where by none.
  private(set) var next: Instant?
  private var isExpired = false

  init(opening: JSON, agency: String?) { (self.opening, self.agency) = (opening, agency) }

  /// The first attempt's beginning.
  var began: Instant? { attempts.first?.began }

  mutating func began(at moment: Instant) { attempts.append(Attempt(began: moment)) }

  mutating func expire() { isExpired = true }

  /// Its beginning finds it; the whole stands in the document.
  private func shortened(_ request: String) -> String { request.count > 12 ? "\(request.prefix(8))…" : request }

  /// An end without a beginning, of a page that starts in between, counts as both.
  mutating func ended(_ data: JSON, at moment: Instant, lost: Bool) {
    if attempts.isEmpty { began(at: moment) }
    let last = attempts.count - 1
    attempts[last].ended = moment
    attempts[last].verdict = lost ? "lost" : data.text("verdict")
    attempts[last].request = data.text("request_id")
    next = data.moment("next")
    attempts[last].result =
      lost
      ? "no end recorded, it may have arrived"
      : data["status"]?.int.map(String.init) ?? data.text("fault").map(Words.fault) ?? data.text("verdict")
        ?? "no answer"
  }

  /// "Accepted 202, request 7f3c…", "503, after 5 s 200", "timed out, 4 more tries, after 38 min 200", "503. Next try 17:05:10".
  ///
  /// - Parameter next: when it is tried once more, `.some(nil)` where it is not; nil: nobody says.
  func result(_ clock: Clock, next: Instant??) -> String {
    guard let last = attempts.last else { return isExpired ? "Time ran out" : "" }
    var text = attempts[0].result ?? "under way"
    if attempts.count == 1, last.verdict == "accepted" { text = "Accepted \(text)" }
    if attempts.count > 1 {
      let hidden = attempts.count > 4 ? 1..<(attempts.count - 1) : 1..<1
      for index in 1..<attempts.count where !hidden.contains(index) {
        if index == attempts.count - 1, !hidden.isEmpty {
          text += ", \(counted(hidden.count, "more try", "more tries"))"
        }
        let from = hidden.isEmpty ? attempts[index - 1].ended ?? attempts[index - 1].began : attempts[0].began
        text += ", after \(Clock.words(attempts[index].began - from)) \(attempts[index].result ?? "under way")"
      }
    }
    if isExpired { return text + ". Time ran out" }
    switch last.verdict {
    case "accepted", nil: return text + (last.request.map { ", request \(shortened($0))" } ?? "")
    case "gone": return text + ". It wants no more messages"
    default:
      guard let next else { return text }
      return text + (next.map { ". Next try \(clock.seconds($0))" } ?? ". Not tried again")
    }
  }
}
