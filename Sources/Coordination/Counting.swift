// What each event of a turn adds to the counters that `/metrics` shows: of the event, and of the discussion as it was before.
import Convening

extension Counters {
  mutating func count(_ event: Event, of discussion: Discussion?) {
    switch event {
    case .decided(_, let missing): decided[missing.isEmpty, default: 0] += 1
    // What an agency says of itself by link is a contribution once it is confirmed.
    case .contributionRecorded(_, _, _, .link, _, _): break
    case .contributionRecorded(let agency, let kind, _, _, _, _):
      contributions[.init(agency.text, kind.rawValue), default: 0] += 1
    case .contributionConfirmed(let agency, _):
      for reported in discussion?.position(agency)?.reported ?? [] {
        contributions[.init(agency.text, reported.kind.rawValue), default: 0] += 1
      }
    case .acknowledged(let agency, _, _, _, _, _): acknowledgements[agency, default: 0] += 1
    case .attemptBegan(_, _, _, let opening):
      if let opening { remindersSent[.init(opening.agency.text, opening.step.text), default: 0] += 1 }
      if let opening, opening.escalates != nil {
        escalations[.init(opening.agency.text, "unanswered"), default: 0] += 1
      }
    case .convened, .rescheduled, .declined, .held, .circulated, .closingMoved, .cancelled,
      .closed, .ladderPlanned, .detailsSent, .telephoned, .barrierProposed, .barrierNamed, .absenceSettled,
      .receiptRecorded,
      .conferenceHeld, .followUpDone, .clockStarted, .clockMoved, .clockStopped, .handedOver, .acknowledgementLapsed,
      .corrected, .rotaSet, .snapshotTaken, .coverSet, .policyPinned, .placeSkipped, .rungsPassed, .attemptEnded,
      .attemptLost,
      .reminderExpired,
      .resendRequested, .routeStopped, .routeEnabled, .policyAdopted, .calendarAdopted, .started, .stopping, .paused,
      .resumed, .breakAccepted, .erased, .contactReceived, .contactAmended, .contactOutcome, .contactReviewed,
      .reviewMoved, .feedHeard:
      break
    case .clockStepped(let step, _): clockSteps[step < .zero ? "backward" : "forward", default: 0] += 1
    }
  }

  mutating func count(_ answer: Answer, _ agency: AgencyID) {
    attempts[.init(agency.text, answer.verdict.rawValue), default: 0] += 1
    webhookDuration[agency, default: .durations].observe(Double(answer.tookMilliseconds) / 1000)
  }
}
