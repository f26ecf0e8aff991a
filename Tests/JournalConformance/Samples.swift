// Lines and rows that look like the real ones, made without the docket: a chain that grows as it is asked to, with salts
// from a counter, so that two runs give the same bytes.
import Convening
import Wire

/// Seals lines one after the other, as the docket does.
public struct Sealer: Sendable {
  public private(set) var seq: Int
  public private(set) var head: Hash256
  private var revisions: [String: Int] = [:]

  public init() { (seq, head) = (0, .zero) }

  /// - Parameter data: an object in JSON.
  public mutating func line(
    _ stream: String, event: String = "acknowledged", data: String = #"{"agency":"police","by_role":"duty sergeant"}"#
  ) -> SealedLine {
    let revision = revisions[stream, default: 0] + 1
    return seal(
      stream, revision,
      #"{"v":1,"stream":"\#(stream)","revision":\#(revision),"event":"\#(event)","#
        + #""at":"2026-11-23T09:00:00.123Z","actor":{"uid":1001,"pid":4242},"data":\#(data)}"#)
  }

  /// A line of any text, which takes the place of the next one in the chain.
  public mutating func seal(_ stream: String, _ revision: Int, _ text: String) -> SealedLine {
    seq += 1
    revisions[stream] = revision
    let salt = Salt(high: UInt64(seq) &* 0x9E37_79B9_7F4A_7C15, low: UInt64(seq))
    let digest = Chain.digest(salt, text)
    head = Chain.link(head, digest)
    return SealedLine(
      seq: seq, stream: stream, revision: revision, line: text, salt: salt, digest: digest, chain: head)
  }
}

extension DiscussionID {
  /// Spread over the alphabet, as random ones are.
  public init(sample number: Int) { self.init(bits: UInt64(number) &* 0x9E37_79B9_7F4A_7C15 >> 20) }
}

extension Instant {
  /// Midnight of 23 November 2026, UTC, and so many minutes.
  public static func sample(_ minutes: Int) -> Instant {
    Instant(milliseconds: 1_795_392_000_000) + .minutes(Int64(minutes))
  }
}

extension Rows {
  /// A discussion whose rows set as many columns as its phase allows.
  public static func sample(
    _ number: Int, duration: Int = 60, phase: Phase = .scheduled, meetingAt: Instant = .sample(600),
    agencies: [AgencyID] = ["social-care", "police", "health"], decidedAt: Instant? = nil, quorate: Bool? = nil
  ) -> Rows {
    let id = DiscussionID(sample: number)
    let row = DiscussionRow(
      id: id, phase: phase, urgency: number % 3 == 0 ? .urgent : .standard, form: .video,
      team: "front-door", policy: PolicyRef(id: "leeds-2026-04", edition: 2), meetingAt: meetingAt,
      durationMinutes: duration, needIdentifiedAt: number % 2 == 0 ? .sample(number) : nil, convenedAt: .sample(1),
      heldAt: decidedAt.map { $0 - .minutes(30) }, decidedAt: decidedAt,
      decisionRecorded: decidedAt.map { $0 + .minutes(9) },
      outcome: decidedAt.map { _ in .s47Joint }, quorate: quorate)
    let positions = agencies.enumerated().map { ordinal, agency in
      PositionRow(
        discussion: id, agency: agency, required: ordinal < 3, invited: ordinal != 2, askedAt: .sample(ordinal),
        acknowledgedAt: ordinal == 0 ? .sample(5) : nil, contribution: ordinal == 1 ? .phoneLive : nil,
        contributedAt: ordinal == 1 ? .sample(6) : nil, counts: ordinal == 1, declined: ordinal == 2 ? .b10 : nil)
    }
    let decided = decidedAt.map { at -> Decided in
      var decided = Decided(
        policy: row.policy, urgency: row.urgency, convenedAt: row.convenedAt, decidedAt: at,
        recordedAt: at + .minutes(9))
      (decided.heldAt, decided.hasReason) = (row.heldAt, quorate == false)
      decided.agencies = positions.map { position in
        var agency = Decided.Agency(position.agency)
        (agency.required, agency.asked) = (position.required, position.askedAt != nil)
        agency.part = position.counts ? .counted : .absent
        (agency.kind, agency.messages) = (position.counts ? position.contribution : nil, 3)
        (agency.reachedAt, agency.answeredAt) = (position.askedAt, position.acknowledgedAt)
        return agency
      }
      return decided
    }
    return Rows(discussion: row, positions: positions, decided: decided)
  }
}
