// Messages that belong to no discussion: tried again like any reminder, given up after a day, and never at a route that has
// stopped. A test message is tried once.
import Convening
import Testing
import Wire

@testable import Coordination

@Suite struct LetterTests {
  private static let message = ReminderID("msg_01J0000000000000000000000A")!

  /// A docket with one route, before and after turns at given moments.
  private struct Post {
    var docket = Docket(arrangements: Scenario.town(), lots: Lots(seed: 7))
    private(set) var events: [Event] = []
    private(set) var sends: [Send] = []

    mutating func turn(_ at: String, _ inputs: [Input] = [], _ work: (inout Planning) -> Void = { _ in }) {
      let now = Scenario.moment(at)
      var planning = Planning(docket: docket, now: now)
      work(&planning)
      planning.take(inputs)
      let turn = planning.finished()
      docket.apply(turn, at: now)
      events = turn.entries.map(\.event)
      sends = turn.sends
    }

    mutating func write(_ at: String, _ message: Message, to route: RouteName = "health") {
      turn(at) { planning in
        let letter = Letter(
          agency: "health", place: .contact, route: route, step: "handover", message: message, due: planning.now
        ) { "{\"id\":\"\($0)\"}" }
        planning.write(letter)
      }
    }

    mutating func answer(_ at: String, attempt: Int, status: Int?, _ verdict: Verdict) {
      let answer = Answer(verdict: verdict, status: status, fault: nil, tookMilliseconds: 4)
      turn(at, [.attemptEnded(.letter("health"), docket.letters.inOrder[0].id, attempt: attempt, answer)])
    }
  }

  @Test func aLetterIsTriedAgainUntilItIsAccepted() throws {
    var post = Post()
    post.write("09:00", .handover)
    let first = try #require(post.sends.first?.delivery)
    #expect(post.sends.count == 1)
    post.answer("09:00:01", attempt: 1, status: 503, .retry)
    let next = try #require(post.docket.attention)
    // 5 s and up to 20 % jitter.
    #expect((Scenario.moment("09:00:06")...Scenario.moment("09:00:07")).contains(next))
    post.turn("09:00:05")
    #expect(post.sends.isEmpty)
    post.turn("09:00:08")
    let second = try #require(post.sends.first?.delivery)
    #expect(second.reminder == first.reminder && second.attempt == 2 && second.body == first.body)
    post.answer("09:00:09", attempt: 2, status: 204, .accepted)
    #expect(post.docket.letters.isEmpty && post.docket.attention == nil)
  }

  @Test func aTestMessageIsTriedOnce() {
    var post = Post()
    post.write("09:00", .ping)
    post.answer("09:00:01", attempt: 1, status: 503, .retry)
    #expect(post.docket.letters.isEmpty && post.docket.attention == nil)
  }

  @Test func aLetterWithoutAnAnswerForAMinuteIsLostAndTriedAgain() throws {
    var post = Post()
    post.write("09:00", .handover)
    #expect(post.docket.attention == Scenario.moment("09:01"))
    post.turn("09:01")
    guard case .attemptLost(_, attempt: 1, let next?)? = post.events.first else {
      Issue.record("\(post.events)")
      return
    }
    post.turn("09:01:07")
    #expect(next <= Scenario.moment("09:01:07") && post.sends.count == 1)
  }

  @Test func aLetterToARouteThatHasStoppedIsGivenUp() {
    var post = Post()
    post.write("09:00", .handover)
    post.answer("09:00:01", attempt: 1, status: 410, .gone)
    #expect(post.docket.letters.isEmpty && post.docket.stopped == ["health"])
    #expect(post.events.contains(.routeStopped("health")))
  }

  @Test func aLetterThatNobodyTakesInIsGivenUpAfterADay() throws {
    var post = Post()
    post.write("09:00", .handover)
    var attempts = 0
    while let letter = post.docket.letters.inOrder.first {
      #expect(letter.isUnderWay)
      attempts += 1
      let ended = post.docket.letters.inOrder[0].attempts
      let at = try #require(post.docket.attention) - .seconds(59)
      let answer = Answer(verdict: .retry, status: 503, tookMilliseconds: 4)
      post.turn(clock(at), [.attemptEnded(.letter("health"), letter.id, attempt: ended, answer)])
      guard let next = post.docket.attention else { break }
      post.turn(clock(next))
    }
    // At once, nine gaps up to 4 h, every 4 h after it, and the last at the margin.
    #expect(attempts == 14 && post.docket.letters.isEmpty)
  }

  @Test func aLetterWaitsForASlotWithoutTurningInCircles() {
    var limits = Limits()
    limits.perEndpoint = 1
    var post = Post(docket: Docket(arrangements: Scenario.town(), limits: limits, lots: Lots(seed: 7)))
    post.write("09:00", .handover)
    post.answer("09:00:01", attempt: 1, status: 503, .retry)
    post.write("09:00:02", .handover)
    post.turn("09:00:20")
    #expect(post.sends.isEmpty)
    // The one that is under way would be lost; what is due before it is no reason to look.
    #expect(post.docket.attention == Scenario.moment("09:01:02"))
  }

  @Test func replayKnowsWhatIsUnderWay() throws {
    var post = Post()
    post.write("09:00", .handover)
    let letter = try #require(post.docket.letters.inOrder.first)
    var letters = Letters()
    let opening = try #require(
      post.events.compactMap { event -> Opening? in
        if case .attemptBegan(_, _, _, let opening) = event { opening } else { nil }
      }.first)
    letters.take(
      Entry(
        stream: .agency("health"), revision: 1, at: Scenario.moment("09:00"), actor: nil, mark: nil,
        event: .attemptBegan(letter.id, attempt: 1, route: "health", opening: opening)))
    #expect(letters == post.docket.letters)
  }

  /// "HH:MM:SS.mmm" of the day, "+1 …" of the next.
  private func clock(_ at: Instant) -> String {
    let sinceMidnight = (at - Scenario.moment("00:00")).milliseconds
    let (day, rest) = sinceMidnight.quotientAndRemainder(dividingBy: 86_400_000)
    func two(_ number: Int64) -> String { (number < 10 ? "0" : "") + String(number) }
    let millis = String(rest % 1000)
    let time =
      "\(two(rest / 3_600_000)):\(two(rest / 60_000 % 60)):\(two(rest / 1000 % 60))"
      + ".\(String(repeating: "0", count: 3 - millis.utf8.count))\(millis)"
    return day == 0 ? time : "+\(day) \(time)"
  }
}
