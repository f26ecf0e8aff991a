// How much an endpoint can bear just now. A value: what it allows follows from the answers it gave.
import Convening

public struct EndpointLoad: Hashable, Sendable {
  public private(set) var inFlight = 0
  /// How many at once; halved by 429, 502 and 504, grown by one with each 2xx.
  private var bears: Int
  /// A timeout leaves one attempt at a time until something is accepted.
  private var timedOut = false
  private let most: Int
  private var misconfiguredInARow = 0
  private var lastVerdict: Verdict?
  public private(set) var lastAccepted: Instant?
  private(set) var clock: Live.ReceiverClock?

  init(most: Int) { (bears, self.most) = (most, most) }

  var hasRoom: Bool { inFlight < (timedOut ? 1 : bears) }

  /// As if nothing had been tried, but for what is under way.
  func forgiven() -> EndpointLoad {
    var fresh = EndpointLoad(most: most)
    fresh.inFlight = inFlight
    return fresh
  }

  mutating func begin() { inFlight += 1 }

  /// An attempt was lost: nobody knows what the endpoint made of it.
  mutating func lose() { inFlight -= 1 }

  /// What an earlier process was answered: how the endpoint is, not what it bears.
  mutating func remember(_ answer: Answer, at then: Instant) {
    lastVerdict = answer.verdict
    misconfiguredInARow = answer.verdict == .misconfigured ? misconfiguredInARow + 1 : 0
    if answer.verdict == .accepted { lastAccepted = then }
    if let date = answer.date { clock = .init(ahead: date - then, at: then) }
  }

  mutating func end(_ answer: Answer, at now: Instant) {
    inFlight -= 1
    remember(answer, at: now)
    switch answer.verdict {
    case .accepted:
      if timedOut { timedOut = false } else { bears = min(most, bears + 1) }
    case .retry:
      if let status = answer.status, [429, 502, 504].contains(status) { bears = max(1, bears / 2) }
      if answer.fault == "timeout" { timedOut = true }
    case .misconfigured, .gone: break
    }
  }

  /// Two wrong answers in a row are an alarm: somebody has to mend the route.
  var health: Live.Health {
    switch lastVerdict {
    case nil: .unknown
    case .accepted: .ok
    case .retry: .failing
    case .misconfigured: misconfiguredInARow >= 2 ? .misconfigured : .failing
    case .gone: .stopped
    }
  }
}
