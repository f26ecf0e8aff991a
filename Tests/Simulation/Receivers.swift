// The agencies' receivers as the courier would report them: moods that change, answers that come late, twice or never.
import Convening
import Coordination

struct Receivers {
  enum Mood: CaseIterable {
    case well, flaky, down, busy, timingOut, misconfigured, redirecting, gone, silent, slow
  }

  private var moods: [RouteName: Mood] = [:]
  var isHealed = false

  mutating func change(_ route: RouteName, _ lots: inout Lots) {
    moods[route] =
      lots.chance(0.55) ? .well : lots.chance(0.04) ? .gone : lots.oneOf(Mood.allCases.filter { $0 != .gone })
  }

  /// What comes back and after how long; nil where nothing ever does.
  func answer(_ delivery: Delivery, at now: Instant, _ lots: inout Lots) -> (after: Elapsed, Answer)? {
    let quick = lots.between(.init(milliseconds: 5), .init(milliseconds: 900))
    func status(_ status: Int, _ verdict: Verdict, after: Elapsed? = nil, retryAfter: Instant? = nil) -> (
      after: Elapsed, Answer
    ) {
      let took = after ?? quick
      // Most say what their clock shows: whole seconds, some of them wrong.
      let shown = now + took + lots.oneOf([Elapsed.zero, .zero, .minutes(-7), .hours(3)])
      let date = lots.chance(0.8) ? Instant(milliseconds: shown.milliseconds / 1000 * 1000) : nil
      return (
        took,
        Answer(
          verdict: verdict, status: status, tookMilliseconds: took.milliseconds, retryAfter: retryAfter, date: date)
      )
    }
    switch isHealed ? .well : moods[delivery.route] ?? .well {
    case .well: return status(lots.oneOf([200, 202, 204]), .accepted)
    case .flaky:
      return lots.chance(0.5) ? status(204, .accepted) : status(lots.oneOf([408, 425, 500, 502, 503, 504]), .retry)
    case .down:
      if lots.chance(0.5) { return status(503, .retry) }
      return (quick, Answer(verdict: .retry, status: nil, fault: "refused", tookMilliseconds: quick.milliseconds))
    case .busy:
      let wait = lots.oneOf([Elapsed.seconds(1), .seconds(90), .minutes(20), .hours(3)])
      return status(429, .retry, retryAfter: lots.chance(0.8) ? now + wait : nil)
    case .timingOut:
      return (
        .seconds(15), Answer(verdict: .retry, status: nil, fault: "timeout", tookMilliseconds: 15_000)
      )
    case .misconfigured: return status(lots.oneOf([400, 401, 404]), .misconfigured)
    case .redirecting: return status(302, .misconfigured)
    case .gone: return status(410, .gone)
    case .silent: return nil
    case .slow: return status(204, .accepted, after: lots.between(.seconds(61), .seconds(300)))
    }
  }
}
