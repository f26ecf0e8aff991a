// What events are made of, in a line's `data` and back: a message's opening, an attempt's answer, a rung, hours, an entry of a
// rota, who acknowledged, an accepted break.
import Convening

extension OpenHours {
  func write(to out: inout JSONWriter) {
    out.array("days", Weekday.allCases.filter(days.contains)) { $0.quote($1.rawValue) }
    out.add("from_ms", from.milliseconds)
    out.add("until_ms", until.milliseconds)
    out.add("open_on_bank_holidays", openOnBankHolidays)
  }

  init(_ data: Fields) throws(LineFault) {
    self.init(
      days: Set(try data.words("days")), from: try data.elapsed("from_ms"), until: try data.elapsed("until_ms"),
      openOnBankHolidays: try data.flag("open_on_bank_holidays"))
  }
}

extension Opening {
  func write(to out: inout JSONWriter) {
    out.add("agency", agency.text)
    out.add("team", team?.text)
    out.add("place", place)
    out.add("step", step.text)
    out.add("message", message)
    out.add("sequence", sequence)
    out.add("due", due)
    out.add("stop_after", stopAfter)
    out.add("margin_ms", margin.milliseconds)
    if !supersedes.isEmpty { out.array("supersedes", supersedes) { $0.put($1) } }
    out.add("escalates", escalates)
    out.add("undelivered_from", undeliveredFrom)
    out.add("body", body)
  }

  init(_ data: Fields) throws(LineFault) {
    var supersedes: [ReminderID] = []
    for id in data.json["supersedes"]?.array ?? [] {
      guard let id = id.string.flatMap({ ReminderID($0) }) else { throw LineFault(what: "supersedes") }
      supersedes.append(id)
    }
    self.init(
      agency: try data.slug("agency"),
      team: try data.optional("team") { name throws(LineFault) in try data.slug(name) }, place: try data.word("place"),
      step: try data.slug("step"), message: try data.word("message"), sequence: try data.whole("sequence"),
      due: try data.instant("due"), stopAfter: try data.instant("stop_after"),
      margin: try data.elapsed("margin_ms"), supersedes: supersedes,
      escalates: try data.optional("escalates", data.reminder),
      undeliveredFrom: try data.optional("undelivered_from", data.instant), body: try data.text("body"))
  }
}

extension Answer {
  func write(to out: inout JSONWriter) {
    out.add("verdict", verdict)
    out.add("status", status)
    out.add("fault", fault)
    out.add("took_ms", tookMilliseconds)
    out.add("retry_after", retryAfter)
    out.add("peer", peer)
    out.add("response_sha256", responseDigest)
    out.add("request_id", requestID)
    out.add("date", date)
  }

  init(_ data: Fields) throws(LineFault) {
    self.init(
      verdict: try data.word("verdict"), status: try data.optional("status", data.whole),
      fault: try data.optional("fault", data.text), tookMilliseconds: Int64(try data.whole("took_ms")),
      retryAfter: try data.optional("retry_after", data.instant), peer: try data.optional("peer", data.text),
      responseDigest: try data.optional("response_sha256", data.text),
      requestID: try data.optional("request_id", data.text), date: try data.optional("date", data.instant))
  }
}

extension Rung {
  func write(to out: inout JSONWriter) {
    out.add("step", step.text)
    out.add("message", message)
    out.add("if_unanswered", ifUnanswered)
    out.add("due", due)
    out.add("places", places)
    out.add("stop_after", stopAfter)
    out.add("planned", planned)
  }

  init(_ data: Fields) throws(LineFault) {
    self.init(
      step: try data.slug("step"), message: try data.word("message"), ifUnanswered: try data.flag("if_unanswered"),
      due: try data.instant("due"), places: try data.words("places"), stopAfter: try data.instant("stop_after"),
      planned: try data.optional("planned", data.instant))
  }
}

extension Acknowledger {
  func write(to out: inout JSONWriter) {
    out.add("place", place)
    out.add("route", route.text)
    if stays { out.add("stays", true) }
  }

  init(_ data: Fields) throws(LineFault) {
    self.init(
      place: try data.word("place"), route: try data.slug("route"),
      stays: try data.optional("stays", data.flag) ?? false)
  }
}

extension Fields {
  /// The unit of the agency, where one is told.
  func unit() throws(LineFault) -> UnitID? {
    try optional("unit") { name throws(LineFault) in try slug(name) }
  }
}

extension RotaEntry {
  func write(to out: inout JSONWriter) {
    out.add("place", place)
    out.add("route", route.text)
    out.add("from", from)
    out.add("until", until)
  }

  init(_ data: Fields) throws(LineFault) {
    self.init(
      place: try data.word("place"), route: try data.slug("route"), from: try data.instant("from"),
      until: try data.instant("until"))
  }
}

extension AcceptedBreak {
  func write(to out: inout JSONWriter) {
    out.add("seq", seq)
    out.add("reason", reason)
    guard let evidence else { return }
    out.add("kind", evidence.kind)
    out.add("up_to", evidence.upTo)
    out.add("chain_before", evidence.chainBefore)
    out.add("digest_after", evidence.digestAfter)
    out.add("chain_after", evidence.chainAfter)
    out.add("imprint", evidence.imprint)
  }

  /// Lines of the first versions end with the reason.
  init(_ data: Fields) throws(LineFault) {
    var evidence: BreakEvidence?
    if data.json["kind"] != nil {
      evidence = BreakEvidence(
        kind: try data.word("kind"), upTo: try data.optional("up_to", data.whole),
        chainBefore: try data.text("chain_before"), digestAfter: try data.optional("digest_after", data.text),
        chainAfter: try data.optional("chain_after", data.text), imprint: try data.optional("imprint", data.text))
    }
    self.init(seq: try data.whole("seq"), reason: try data.text("reason"), evidence: evidence)
  }
}
