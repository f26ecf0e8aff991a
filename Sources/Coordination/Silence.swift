// The proof that no ladder ends in silence: discussions are made up as a week brings them, by day, by night and before holidays,
// at short notice and at long, and for each of their agencies the coordinator hears before it is too late. It is the docket that
// ships which says so, as in `Explanation`.
import Convening
import Wire

/// Of whom the coordinator would not hear in time, in a world in which every message is accepted.
public struct Silence: Hashable, Sendable {
  public let policy: PolicyID
  public let urgency: Urgency
  /// At least one: those of whom it is the first example.
  public let agencies: [AgencyID]
  public let convenedAt: Instant
  /// nil: as soon as they answer.
  public let meetingAt: Instant?
  /// Somebody takes it in, and does not contribute; otherwise nobody ever answers.
  public let isTakenIn: Bool

  /// What is wrong, without its end: as the settings' own faults are told.
  public func what(in zone: CivilZone) -> String {
    func clock(_ moment: Instant) -> String {
      String((moment + zone.offset(at: moment)).description.prefix(16)).replacing("T", with: " ")
    }
    let meets = meetingAt.map { "for \(clock($0))" } ?? "as soon as they answer"
    let names = agencies.map(\.text).joined(separator: ", ")
    let what =
      isTakenIn
      ? "\(names) took it in and did not contribute" : "\(names) did not answer"
    return
      "policy \(policy), \(urgency.rawValue): convened \(clock(convenedAt)) \(meets), the coordinator would not hear in time "
      + "that \(what)"
  }

  /// What to do.
  public static let mend = "Let a step that comes early enough ask the coordinator too."

  /// Of each policy that is in force or to come, each urgency and each of the two worlds, every agency once.
  ///
  /// - Parameters:
  ///   - policies: each is tried alone, from the day on which it is in force, or from `now`.
  ///   - now: when the week begins.
  public static func found(
    in policies: [Policy], _ arrangements: Arrangements, from now: Instant
  ) -> [Silence] {
    let today = arrangements.calendar.date(of: now)
    // Under one that another has replaced nothing is convened any more.
    let inForce = policies.filter { $0.from <= today }.map(\.from).max()
    return policies.filter { policy in inForce.map { policy.from >= $0 } ?? true }.flatMap { policy in
      Urgency.allCases.filter { $0 == .standard || policy.urgent != nil }.flatMap { urgency in
        found(policy, urgency, arrangements, from: now)
      }
    }
  }

  private static func found(
    _ policy: Policy, _ urgency: Urgency, _ arrangements: Arrangements, from now: Instant
  ) -> [Silence] {
    var policies = Policies()
    policies.adopt(policy, as: PolicyRef(id: policy.id, edition: 1))
    var found: [Silence] = []
    let begins = max(now, arrangements.calendar.zone.start(of: policy.from))
    for convenedAt in moments(from: begins, arrangements.calendar) {
      for notice in notices(urgency) {
        let meetingAt = notice.map { convenedAt + $0 }
        let convene = Convene(explaining: urgency, meetingAt: meetingAt, team: nil, arrangements)
        for isTakenIn in [false, true] {
          // What would be refused tells nobody, and proves nothing.
          let agencies = silent(convene, at: convenedAt, isTakenIn, policies, arrangements) ?? policy.required
          let known = Set(found.filter { $0.isTakenIn == isTakenIn }.flatMap(\.agencies))
          let new = agencies.filter { !known.contains($0) }
          guard !new.isEmpty else { continue }
          found.append(
            Silence(
              policy: policy.id, urgency: urgency, agencies: new, convenedAt: convenedAt, meetingAt: meetingAt,
              isTakenIn: isTakenIn))
        }
      }
    }
    return found
  }

  /// nil where it would be refused.
  private static func silent(
    _ convene: Convene, at now: Instant, _ isTakenIn: Bool, _ policies: Policies, _ arrangements: Arrangements
  ) -> [AgencyID]? {
    let discussion: Discussion
    do throws(Refusal) {
      discussion = try Discussion(explaining: convene, at: now, policies, arrangements) { agency in
        isTakenIn ? .acknowledge(agency, byRole: "nobody", via: .phone, at: now) : nil
      }
    } catch { return nil }
    let agencies = discussion.positions.map(\.agency)
    func told(_ sends: [PlannedSend]) -> Set<AgencyID> {
      Set(sends.filter { $0.place == .coordinator && $0.at < discussion.deadline }.map(\.agency))
    }
    let sends = Plan.future(
      of: discussion, policies: policies, arrangements: arrangements, from: now
    ) { sends in sends.last.map { $0.at >= discussion.deadline } ?? false || told(sends).isSuperset(of: agencies) }
    return agencies.filter { !told(sends).contains($0) }
  }

  // MARK: - A week

  /// A Tuesday morning, a Friday afternoon and night, a Saturday, and the afternoon of the last working day before the next bank
  /// holiday.
  private static func moments(from now: Instant, _ calendar: WorkingCalendar) -> [Instant] {
    let today = calendar.date(of: now).adding(days: 1)
    func next(_ day: Weekday) -> CivilDate { (0..<7).map(today.adding(days:)).first { $0.weekday == day } ?? today }
    // Not one that is over: the policy may begin between a holiday and its eve.
    let eves = calendar.holidays.days.filter { $0 > today }.sorted().lazy.compactMap { day in
      (1...7).map { day.adding(days: -$0) }.first(where: calendar.isWorkingDay)
    }
    let eve = eves.first { $0 >= today }
    let walls: [(CivilDate?, Elapsed)] = [
      (next(.tuesday), .hours(10)), (next(.friday), .hours(16)), (next(.friday), .hours(20)),
      (next(.saturday), .hours(11)), (eve, .hours(16)),
    ]
    return walls.compactMap { date, time in date.flatMap { calendar.zone.moments($0, time).first } }
  }

  /// How long before it meets it is convened; nil: as soon as they answer.
  private static func notices(_ urgency: Urgency) -> [Elapsed?] {
    switch urgency {
    case .urgent: [nil, .minutes(20), .minutes(90), .hours(4)]
    case .standard: [.minutes(30), .hours(3), .hours(20), .days(3)]
    }
  }
}
