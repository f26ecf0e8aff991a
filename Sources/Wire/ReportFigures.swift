// One period of the report as JSON: each figure with its n, its interval and what it was in the period before.
import Convening

struct ReportFigures {
  let report: Report
  /// Whether what tells of outcomes and disagreements is shown.
  let showsOutcomes: Bool

  func period(_ period: Report.Period) -> JSON {
    var members = [JSON.Member("month", JSON(period.month))].filter { _ in period.month != nil }
    members += figures(period.figures, period.previous)
    if showsOutcomes, period.month == nil { members.append(.init("conferences_due", due(period.figures))) }
    if let rolling = period.rolling {
      members.append(.init("rolling_twelve", .object(figures(rolling, period.previousRolling))))
    }
    return .object(members)
  }

  private func figures(_ now: Tally, _ before: Tally?) -> [JSON.Member] {
    var members =
      [JSON.Member("policy", JSON(texts: policies(now))), .init("late_entries", JSON(now.lateEntries))]
      + core(now.all, before?.all)
      + [.init("agencies", agencies(now, before))] + [
        .init("decision_latency", latency(now, before)), .init("circulation", circulation(now, before)),
        .init("decided_without_all", withoutAll(now, before)),
      ]
    if showsOutcomes {
      members += [.init("conferences", conferences(now, before)), .init("dissent", dissent(now, before))]
    }
    members.append(.init("splits", splits(now, before)))
    return members
  }

  private func policies(_ tally: Tally) -> [String] {
    tally.policies.sorted { ($0.id, $0.edition) < ($1.id, $1.edition) }.map(\.description)
  }

  // MARK: - M1 to M4

  private func core(_ now: Tally.Core, _ before: Tally.Core?) -> [JSON.Member] {
    [
      .init("n", JSON(now.n)),
      .init("three_partner", headline(Share(now.whole, of: now.n), before.map { Share($0.whole, of: $0.n) })),
      .init(
        "fixed_partners",
        report.knowsPartners ? headline(Share(now.fixed, of: now.n), before.map { Share($0.fixed, of: $0.n) }) : .null),
      .init("time_to_hold", timeToHold(now, before)),
    ]
  }

  private func timeToHold(_ now: Tally.Core, _ before: Tally.Core?) -> JSON {
    let within = Share(now.withinLimit, of: now.limited)
    return .object(
      times(now.timeToHold, before?.timeToHold) + [.init("limited", JSON(now.limited))]
        + shareMembers("within_limit", within, before.map { Share($0.withinLimit, of: $0.limited) }))
  }

  private func splits(_ now: Tally, _ before: Tally?) -> JSON {
    .object(
      Tally.Split.allCases.map { split in
        let (now, before) = (now[split], before?[split])
        let agencies = report.agencies.indices.map { place -> JSON in
          .object(agency(place, now, before))
        }
        return .init(split.word, .object(core(now, before) + [.init("agencies", .array(agencies))]))
      })
  }

  private func agency(_ place: Int, _ now: Tally.Core, _ before: Tally.Core?) -> [JSON.Member] {
    let (one, earlier) = (now.agencies[place], before?.agencies[place])
    let whenAsked = Share(one.countedWhenAsked, of: one.asked)
    return [.init("agency", JSON(report.agencies[place]))]
      + (share(Share(one.counted, of: one.required), earlier.map { Share($0.counted, of: $0.required) }).members ?? [])
      + [
        .init("required", JSON(one.required)), .init("invited_of", JSON(one.askable)),
        .init("invited", JSON(one.asked)),
      ]
      + shareMembers(
        "invited_share", Share(one.asked, of: one.askable), earlier.map { Share($0.asked, of: $0.askable) })
      + [.init("contributed_when_invited_k", JSON(one.countedWhenAsked))]
      + shareMembers(
        "contributed_when_invited", whenAsked, earlier.map { Share($0.countedWhenAsked, of: $0.asked) })
  }

  // MARK: - Each agency: M2, M3, M7, M10, M11

  private func agencies(_ now: Tally, _ before: Tally?) -> JSON {
    // Where nothing was decided, nothing was missing either.
    let known = before.flatMap { $0.all.n > 0 ? $0 : nil }
    return .array(
      report.agencies.indices.map { place in
        let (one, earlier) = (now.agencies[place], before?.agencies[place])
        let core = now.all.agencies[place]
        return .object(
          agency(place, now.all, before?.all) + [
            .init("late", JSON(one.late)), .init("not_counting", JSON(one.otherwise)),
            .init("kinds", kinds(one)),
            .init("absent", JSON(core.required - core.counted)),
            .init("reasons", reasons(one, known?.agencies[place])),
            .init("record", record(one.record, earlier?.record)),
            .init("record_when_absent", record(one.recordOfAbsent, earlier?.recordOfAbsent)),
            .init("response", response(one, earlier)),
          ])
      })
  }

  private func kinds(_ agency: Tally.Agency) -> JSON {
    .object(
      ContributionKind.allCases.compactMap { kind in
        agency.kinds[kind].map { .init(kind.rawValue, JSON($0)) }
      })
  }

  /// The commonest first; those that were given one period earlier alone come last.
  private func reasons(_ agency: Tally.Agency, _ before: Tally.Agency?) -> JSON {
    let codes = Set(agency.reasons.keys).union(before?.reasons.keys ?? [:].keys)
    func times(_ code: BarrierCode) -> Int { agency.reasons[code]?.n ?? 0 }
    return .array(
      codes.sorted { (times($1), $0.rawValue) < (times($0), $1.rawValue) }.map { code in
        let said = agency.reasons[code]
        return [
          "code": JSON(word: code), "n": JSON(times(code)), "agreed": JSON(said?.agreed ?? 0),
          "disputed": JSON(said?.disputed ?? 0),
          "n_previous": before.map { JSON($0.reasons[code]?.n ?? 0) } ?? .null,
        ]
      })
  }

  private func record(_ now: Tally.Record, _ before: Tally.Record?) -> JSON {
    .object(
      [.init("n", JSON(now.n)), .init("sent", JSON(now.sent)), .init("received", JSON(now.received))]
        + shareMembers("share", Share(now.received, of: now.n), before.map { Share($0.received, of: $0.n) }))
  }

  private func response(_ now: Tally.Agency, _ before: Tally.Agency?) -> JSON {
    let silent = { (agency: Tally.Agency) in Share(agency.reached - agency.response.n, of: agency.reached) }
    return .object(
      [.init("reached", JSON(now.reached))] + times(now.response, before?.response)
        + shareMembers("without_answer", silent(now), before.map(silent)) + [
          .init("messages", JSON(now.messages)), .init("contributions", JSON(now.contributions)),
          .init("messages_per_contribution", ratio(now.messages, now.contributions)),
          .init("messages_per_contribution_previous", before.map { ratio($0.messages, $0.contributions) } ?? .null),
        ])
  }

  // MARK: - M5, M7 to M9, M13

  private func latency(_ now: Tally, _ before: Tally?) -> JSON {
    .object(
      times(now.latency, before?.latency)
        + shareMembers(
          "within_policy", Share(now.recordedInTime, of: now.latency.n),
          before.map { Share($0.recordedInTime, of: $0.latency.n) }))
  }

  private func circulation(_ now: Tally, _ before: Tally?) -> JSON {
    .object(
      [.init("sent", JSON(now.circulation.done))] + limited("within_limit", now.circulation, before?.circulation))
  }

  private func withoutAll(_ now: Tally, _ before: Tally?) -> JSON {
    let count = { (tally: Tally) in tally.all.n - tally.all.whole }
    return .object(
      (share(Share(count(now), of: now.all.n), before.map { Share(count($0), of: $0.all.n) }).members ?? [])
        + shareMembers(
          "with_reason", Share(now.reasoned, of: count(now)), before.map { Share($0.reasoned, of: count($0)) })
        + [.init("followed_up", .object(limited("within_limit", now.followUp, before?.followUp)))])
  }

  private func conferences(_ now: Tally, _ before: Tally?) -> JSON {
    let held = { (tally: Tally) in tally.bands.reduce(0, +) }
    let inTime = { (tally: Tally) in Share(tally.bands[0] + tally.bands[1], of: held(tally)) }
    return .object(
      [.init("held", JSON(held(now)))] + shareMembers("within_15", inTime(now), before.map(inTime)) + [
        .init(
          "bands",
          .object(
            zip(["0-10", "11-15", "16-20", "21+"], now.bands).map { .init($0, JSON($1)) })),
        .init("dated_before", JSON(now.conferencesBefore)), .init("past_due", JSON(now.conferencesPast)),
        .init("due_ahead", JSON(now.conferencesDue.values.reduce(0, +))),
      ])
  }

  private func due(_ now: Tally) -> JSON {
    .array(
      now.conferencesDue.sorted { $0.key < $1.key }.map { date, count in
        ["due": .string(date.description), "n": JSON(count)]
      })
  }

  private func dissent(_ now: Tally, _ before: Tally?) -> JSON {
    .object(
      (share(Share(now.dissented, of: now.all.n), before.map { Share($0.dissented, of: $0.all.n) }).members ?? []) + [
        .init("escalated", JSON(now.escalated)),
        .init("escalated_previous", before.flatMap { $0.all.n > 0 ? JSON($0.escalated) : nil } ?? .null),
        .init("resolved", .object(limited("within_limit", now.disagreement, before?.disagreement))),
      ])
  }

  // MARK: - Figures

  private func share(_ now: Share, _ before: Share?) -> JSON {
    .object([.init("k", JSON(now.k))] + shareMembers("share", now, before))
  }

  /// A share that stands in a sentence of its own: what it was, too, of how many and with its interval.
  private func headline(_ now: Share, _ before: Share?) -> JSON {
    .object(
      (share(now, before).members ?? []) + [
        .init("previous_n", before.map { JSON($0.n) } ?? .null),
        .init("previous_low", rounded(before?.interval?.low)), .init("previous_high", rounded(before?.interval?.high)),
      ])
  }

  /// The share by its name, its interval, and what it was.
  private func shareMembers(_ name: String, _ now: Share, _ before: Share?) -> [JSON.Member] {
    let own = name == "share" ? "" : "\(name)_"
    return [
      .init(name, rounded(now.value)), .init("\(own)low", rounded(now.interval?.low)),
      .init("\(own)high", rounded(now.interval?.high)), .init("\(own)previous", rounded(before?.value)),
    ]
  }

  private func limited(_ name: String, _ now: Tally.Limited, _ before: Tally.Limited?) -> [JSON.Member] {
    [.init("n", JSON(now.judged)), .init("in_time", JSON(now.inTime))]
      + shareMembers(name, Share(now.inTime, of: now.judged), before.map { Share($0.inTime, of: $0.judged) })
      + [.init("open", JSON(now.open))]
  }

  private func times(_ now: Durations, _ before: Durations?) -> [JSON.Member] {
    [
      .init("n", JSON(now.n)), .init("median_s", seconds(now.median)), .init("p90_s", seconds(now.p90)),
      .init("median_previous_s", seconds(before?.median)), .init("p90_previous_s", seconds(before?.p90)),
    ]
  }

  private func seconds(_ value: Int64?) -> JSON { value.map { .int($0) } ?? .null }

  private func ratio(_ a: Int, _ b: Int) -> JSON { rounded(b == 0 ? nil : Double(a) / Double(b)) }

  /// Four decimals.
  private func rounded(_ value: Double?) -> JSON { JSON(rounded: value) }
}

extension Tally.Split {
  var word: String {
    switch self {
    case .urgent: "urgent"
    case .standard: "standard"
    case .shortNotice: "short_notice"
    case .fairNotice: "fair_notice"
    case .inHours: "in_hours"
    case .outOfHours: "out_of_hours"
    }
  }
}

extension JSON {
  /// Four decimals; null for nil.
  init(rounded value: Double?) { self.init(value.map { ($0 * 10_000).rounded() / 10_000 }) }
}
