// The status document and the metrics from a live snapshot: read back as a monitor would read them.
import Convening
import Coordination
import Glibc
import Testing

@testable import StatusAPI
@testable import Wire

private let troubled = live {
  $0.state = .degraded
  $0.trouble = "The disk is full."
  $0.remindersScheduled = 39
  $0.oldestDue = noon - .seconds(4)
  $0.lastClockStep = .seconds(-3)
  $0.endpoints["hub"] = Live.Endpoint()
  $0.endpoints["hub"]?.health = .stopped
  $0.endpoints["unit"] = Live.Endpoint()
  $0.endpoints["unit"]?.health = .ok
  $0.agencies["health"] = Live.AgencyPulse()
  $0.agencies["health"]?.awaiting = 3
  $0.needs = [
    Live.Attention(
      discussion: someDiscussion, urgency: .standard, meeting: .at(noon + .hours(1)), agency: "health",
      why: .unanswered,
      since: noon - .minutes(25), next: (at: noon + .minutes(5), place: .coordinator))
  ]
  $0.counters.attempts[.init("health", "accepted")] = 7
  $0.counters.remindersSent[.init("he\"al\\th", "a\nb")] = 1
  for seconds in [0.0004, 0.002, 0.002, 0.2, 7000] { $0.counters.lateness.observe(seconds) }
  var took = Histogram.durations
  took.observe(0.3)
  $0.counters.webhookDuration["health"] = took
}

@Test func statusSaysWhomToRing() async throws {
  try await withServer(live: troubled) { running in
    let status = try await running.get("/v1/status").json
    let expected: JSON = [
      "discussion": "7Q2F-M9KD", "urgency": "standard", "meeting_at": "2026-11-23T13:00:00Z", "agency": "health",
      "why": "unanswered", "since": "2026-11-23T11:35:00Z",
      "ring": [
        ["label": "Health hub", "number": "0113 496 0180"], ["label": "On-call nurse", "number": "0113 496 0188"],
      ], "next": ["at": "2026-11-23T12:05:00Z", "place": "coordinator", "label": "Advice desk"],
    ]
    #expect(status["attention"]?.array == [expected])
    #expect(status["discussions"] == ["open": 4, "overdue": 1, "decided_without_all": 2])
    #expect(status["reminders"]?["oldest_due_s"] == 4)
    #expect(status["clock"] == ["synchronised": nil, "last_step_s": -3])
    #expect(status["journal"]?["head"]?.string?.hasPrefix("sha256:0000") == true)
    let health = status["agencies"]?.array?.last
    #expect(health?["holder"] == "hub" && health?["until"] == "2026-11-23T17:00:00Z" && health?["awaiting"] == 3)
    let checks = status["checks"]?.array?.map { "\($0["name"]?.string ?? "") \($0["state"]?.string ?? "")" }
    #expect(checks == ["journal ok", "storage fail", "calendar warn", "clock warn", "endpoints fail", "places ok"])
    #expect(status["checks"]?.array?[2]["horizon_days"] == 38)
  }
}

@Test(
  arguments: [
    // The receivers' clocks in seconds before or after ours, and how old in hours.
    ([], "ok"), ([(59, 0)], "ok"), ([(60, 0)], "warn"), ([(-60, 0)], "warn"), ([(-600, 25)], "ok"),
    ([(-600, 0), (0, 0), (1, 0)], "ok"), ([(-600, 0), (-299, 0), (1, 0)], "warn"),
    ([(-600, 0), (-300, 0), (1, 0)], "fail"), ([(300, 0)], "fail"),
  ] as [([(Int64, Int64)], String)])
func theReceiversClocksSayWhetherOursIsRight(clocks: [(Int64, Int64)], state: String) async throws {
  let live = live { live in
    for (number, (ahead, age)) in clocks.enumerated() {
      live.endpoints[RouteName("route-\(number)")!, default: .init()].clock = .init(
        ahead: .seconds(ahead), at: noon - .hours(age))
    }
  }
  let checks = await Checks(live: live, now: noon, waiting: FrontDoorCounts(open: 0, due: 0, oldestDue: nil)).all(
    records: MemoryRecords([]))
  #expect(checks.first { $0.name == "clock" }?.state.rawValue == state)
}

@Test func theDocumentedStatesAreTheOnesThatThereAre() {
  #expect(RemindersDocument.states == ReminderListing.State.allCases.map(\.rawValue))
  #expect(StatusDocument.states == Live.State.allCases.map(\.rawValue))
  #expect(Set(StatusDocument.reasons) == Set(Live.Attention.Why.allCases.map(\.rawValue)))
  #expect(StatusDocument.endpoints == Live.Health.allCases.map(\.rawValue))
}

@Test func agenciesSayWhoHoldsAPlaceAndWhy() async throws {
  try await withServer(live: troubled) { running in
    let document = try await running.get("/v1/agencies").json
    let places = document["agencies"]?.array?.last?["places"]?.array ?? []
    #expect(places.map { $0["because"]?.string } == ["hours", "always", "nobody"])
    #expect(places[0]["next"]?["route"] == "nurse" && places[0]["endpoint"] == "stopped")
    #expect(document["coordination"]?["route"] == "desk")
  }
}

/// One sample of Prometheus text.
private struct Sample {
  let name: String
  let labels: String
  let value: Double
}

/// Reads Prometheus text strictly; nil for a line that is neither a comment nor a sample.
private func samples(_ text: String) -> [Sample?] {
  text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
    guard let match = line.wholeMatch(of: /([a-z_]+)(\{(?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)+\})? (\S+)/),
      let value = match.3 == "+Inf" ? .infinity : Double(match.3)
    else { return nil }
    return Sample(name: String(match.1), labels: match.2.map(String.init) ?? "", value: value)
  }
}

@Test func metricsAreWhatTheContractNames() async throws {
  try await withServer(live: troubled) { running in
    _ = try await running.get("/v1/discussions/7Q2F-M9KD")
    _ = try await running.get("/nowhere")
    let reply = try await running.get("/metrics")
    #expect(reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
    let read = samples(reply.text)
    #expect(!read.contains { $0 == nil }, "every line is a comment or a sample")
    let all = read.compactMap { $0 }
    func value(_ name: String, _ labels: String = "") -> Double? {
      all.first { $0.name == name && $0.labels == labels }?.value
    }
    let types = Dictionary(
      uniqueKeysWithValues: reply.text.matches(of: /# TYPE (\S+) (\S+)/).map { (String($0.1), String($0.2)) })
    for (name, type) in families {
      #expect(types[name] == type, "\(name)")
      #expect(reply.text.contains("# HELP \(name) "))
    }
    for sample in all {
      let family = sample.name.replacing(/_(bucket|sum|count)$/, with: "")
      #expect(types[sample.name] != nil || types[family] == "histogram", "\(sample.name)")
    }
    #expect(value("convened_build_info", #"{version="9.9.9"}"#) == 1)
    #expect(value("convened_discussions", #"{state="scheduled"}"#) == 3)
    #expect(value("convened_front_door", #"{state="due"}"#) == 1)
    #expect(value("convened_endpoint_up", #"{agency="police"}"#) == 1)
    #expect(value("convened_endpoint_up", #"{agency="health"}"#) == 0)
    #expect(value("convened_endpoint_up", #"{agency="social-care"}"#) == nil)
    #expect(value("convened_reminders_sent_total", #"{agency="he\"al\\th",step="a\nb"}"#) == 1)
    #expect(value("convened_api_requests_total", #"{route="/v1/discussions/{id}",code="200"}"#) == 1)
    #expect(value("convened_api_requests_total", #"{route="unmatched",code="404"}"#) == 1)
    let buckets = all.filter { $0.name == "convened_reminder_lateness_seconds_bucket" }.map(\.value)
    #expect(buckets == [1, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 5])
    #expect(value("convened_reminder_lateness_seconds_count") == 5)
    #expect(value("convened_webhook_duration_seconds_bucket", #"{agency="health",le="0.5"}"#) == 1)
  }
}

@Test func theProcessKnowsWhenItBegan() {
  var real = timespec()
  clock_gettime(CLOCK_REALTIME, &real)
  let now = Instant(milliseconds: Int64(real.tv_sec) * 1000)
  let figures = ProcessFigures(now: now)
  let age = figures.startSeconds.map { Double(now.milliseconds) / 1000 - $0 }
  #expect(age.map { (-2..<3600).contains($0) } == true)
  #expect((figures.openDescriptors ?? 0) > 2 && (figures.residentBytes ?? 0) > 1_000_000 && (figures.threads ?? 0) >= 1)
}

private let families = [
  "convened_build_info": "gauge", "convened_discussions": "gauge", "convened_discussions_overdue": "gauge",
  "convened_decided_total": "counter", "convened_contributions_total": "counter", "convened_reminders": "gauge",
  "convened_reminders_sent_total": "counter", "convened_reminder_lateness_seconds": "histogram",
  "convened_webhook_attempts_total": "counter", "convened_webhook_duration_seconds": "histogram",
  "convened_webhook_uncertain_total": "counter", "convened_endpoint_up": "gauge",
  "convened_escalations_total": "counter", "convened_acknowledgements_total": "counter",
  "convened_clock_steps_total": "counter", "convened_calendar_horizon_seconds": "gauge",
  "convened_journal_commit_duration_seconds": "histogram", "convened_journal_seq": "gauge",
  "convened_journal_size_bytes": "gauge", "convened_api_requests_total": "counter",
  "convened_front_door": "gauge", "process_cpu_seconds_total": "counter", "process_start_time_seconds": "gauge",
  "process_resident_memory_bytes": "gauge", "process_open_fds": "gauge",
]
