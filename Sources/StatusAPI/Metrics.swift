// `GET /metrics`: CONTRACT.md 6. From the live snapshot, the counts and the sockets' own tally; no id is ever a label.
import Convening
import Coordination
import HTTPTypes
import Hummingbird
import NIOCore
import Wire

extension Routes {
  func metrics(_ desk: Desk) async throws -> Response {
    let now = now()
    let counts = try await desk.records.counts(at: now)
    let size = try await desk.records.size()
    let waiting = try await desk.records.frontDoor(at: now)
    let scheduled = await desk.foresight([], now).scheduled
    let text = Metrics(
      live: desk.live(), scheduled: scheduled, counts: counts, waiting: waiting, size: size, tally: tally.all,
      version: version, now: now
    ).text
    return Response(
      status: .ok, headers: [.contentType: Exposition.mediaType, .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }
}

struct Metrics {
  let live: Live
  /// Messages that are planned; nil: as many as there are steps.
  let scheduled: Int?
  let counts: DiscussionCounts
  let waiting: FrontDoorCounts
  /// Bytes of the journal.
  let size: Int
  let tally: [Tally.Key: Int]
  let version: String
  let now: Instant

  var text: String {
    var text = Exposition()
    discussions(&text)
    frontDoor(&text)
    reminders(&text)
    webhooks(&text)
    daemon(&text)
    ProcessFigures(now: now).write(to: &text)
    return text.text
  }

  private func discussions(_ text: inout Exposition) {
    text.family(
      "convened_build_info", .gauge, "1, with the version.", [([("version", version)], 1)])
    text.family(
      "convened_discussions", .gauge, "Discussions by state.",
      Phase.allCases.map { ([("state", $0.rawValue)], Double(counts.byPhase[$0] ?? 0)) })
    text.one(
      "convened_discussions_overdue", .gauge, "Scheduled discussions whose meeting's planned end has passed.",
      Double(counts.overdue))
    text.family(
      "convened_decided_total", .counter, "Decisions recorded since the start, by whether all required had taken part.",
      [true, false].map { ([("quorate", "\($0)")], Double(live.counters.decided[$0] ?? 0)) })
    text.family(
      "convened_contributions_total", .counter, "Contributions recorded since the start.",
      samples(live.counters.contributions, "agency", "kind"))
    text.family(
      "convened_acknowledgements_total", .counter, "Acknowledgements recorded since the start.",
      samples(live.counters.acknowledgements))
  }

  private func frontDoor(_ text: inout Exposition) {
    text.family(
      "convened_front_door", .gauge, "Front-door contacts without outcome and review; due: past their time.",
      [([("state", "open")], Double(waiting.open - waiting.due)), ([("state", "due")], Double(waiting.due))])
  }

  private func reminders(_ text: inout Exposition) {
    text.family(
      "convened_reminders", .gauge, "Reminders of open discussions by state.",
      [
        ([("state", "scheduled")], Double(scheduled ?? live.remindersScheduled)),
        ([("state", "in_flight")], Double(live.inFlight)),
        ([("state", "undelivered")], Double(live.undelivered)),
      ])
    text.family(
      "convened_reminders_sent_total", .counter, "Reminders begun since the start.",
      samples(live.counters.remindersSent, "agency", "step"))
    text.histograms(
      "convened_reminder_lateness_seconds", "From a reminder's due instant to its first attempt.",
      [([], live.counters.lateness)])
    text.family(
      "convened_escalations_total", .counter, "Escalations to the next place since the start.",
      samples(live.counters.escalations, "agency", "reason"))
  }

  private func webhooks(_ text: inout Exposition) {
    text.family(
      "convened_webhook_attempts_total", .counter, "Attempts that ended since the start, by outcome.",
      samples(live.counters.attempts, "agency", "outcome"))
    text.histograms(
      "convened_webhook_duration_seconds", "How long an attempt took.",
      live.counters.webhookDuration.sorted { $0.key < $1.key }.map { ([("agency", $0.key.text)], $0.value) })
    text.one(
      "convened_webhook_uncertain_total", .counter, "Attempts whose outcome is not known: they may have arrived.",
      Double(live.counters.uncertain))
    text.family(
      "convened_endpoint_up", .gauge,
      "Whether the holder of the contact place accepted at last; none before the first try.",
      endpoints)
  }

  private var endpoints: [(labels: Exposition.Labels, value: Double)] {
    (live.arrangements?.agencies ?? []).compactMap { agency in
      guard let route = live.arrangements?.holder(.contact, of: agency.id, at: now),
        let health = live.endpoints[route]?.health
      else { return nil }
      switch health {
      case .unknown: return nil
      case .ok: return ([("agency", agency.id.text)], 1)
      case .failing, .misconfigured, .stopped: return ([("agency", agency.id.text)], 0)
      }
    }
  }

  private func daemon(_ text: inout Exposition) {
    text.family(
      "convened_clock_steps_total", .counter, "Steps of the wall clock since the start.",
      ["forward", "backward"].map { ([("direction", $0)], Double(live.counters.clockSteps[$0] ?? 0)) })
    if let calendar = live.arrangements?.calendar {
      text.one(
        "convened_calendar_horizon_seconds", .gauge,
        "How long the bank holidays are known for; negative once they end.",
        Double((calendar.horizon - now).wholeSeconds))
    }
    text.histograms(
      "convened_journal_commit_duration_seconds", "How long a commit took, fsync included.",
      [([], live.counters.commit)])
    text.one("convened_journal_seq", .gauge, "The journal's last seq.", Double(live.seq))
    text.one("convened_journal_size_bytes", .gauge, "Bytes of the journal on the disk.", Double(size))
    text.family(
      "convened_api_requests_total", .counter, "Requests answered since the start, by route and status.",
      tally.sorted { ($0.key.route, $0.key.code) < ($1.key.route, $1.key.code) }.map {
        ([("route", $0.key.route), ("code", String($0.key.code))], Double($0.value))
      })
  }

  private func samples(
    _ counts: [Counters.Pair: Int], _ a: String, _ b: String
  ) -> [(labels: Exposition.Labels, value: Double)] {
    counts.sorted { ($0.key.a, $0.key.b) < ($1.key.a, $1.key.b) }.map {
      ([(a, $0.key.a), (b, $0.key.b)], Double($0.value))
    }
  }

  private func samples(_ counts: [AgencyID: Int]) -> [(labels: Exposition.Labels, value: Double)] {
    counts.sorted { $0.key < $1.key }.map { ([("agency", $0.key.text)], Double($0.value)) }
  }
}
