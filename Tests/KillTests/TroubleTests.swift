// A daemon in trouble, over its sockets: a disk of 4 MB that fills up, a receiver that is never there. What was answered stays,
// what was not leaves nothing, and everybody else hears in time.
import Console
import Convening
import Foundation
import JournalConformance
import Testing
import Wire

@Suite struct TroubleTests {
  private static func convene(_ town: KilledTown, _ id: DiscussionID) throws -> HTTPAnswer {
    let meeting = Instant(milliseconds: Int64(Date().timeIntervalSince1970) * 1000) + .hours(5)
    let body = #"{"meeting_at":"\#(meeting)","team":"duty","convened_by":"manager"}"#
    return try town.control.perform(
      HTTPAsk("PUT", "/v1/discussions/\(id)", headers: [("content-type", "application/json")], body: Array(body.utf8)),
      within: .seconds(20))
  }

  /// Its receivers accept everything, as far as they are there, and it is ready.
  private static func begin(_ town: KilledTown) throws {
    town.receivers.heal()
    try town.start()
    town.wait(until: "it is ready") { town.ask("/v1/health/ready") != nil }
  }

  /// The messages that came at a path, each once.
  private static func posts(_ town: KilledTown, _ path: String) -> Set<String> {
    Set(town.receivers.posts.filter { $0.path == path }.map(\.id))
  }

  /// Five discussions; until all have heard whom it does not concern that one receiver is no use: its deputy too, and the
  /// coordinator of each agency.
  private static func fiveOfWhichAllOthersHear(_ town: KilledTown) throws {
    for bits in 1...UInt64(5) { #expect(try convene(town, DiscussionID(bits: bits)).status == 201) }
    town.wait(until: "all others have heard") {
      posts(town, "/health-deputy").count == 5 && posts(town, "/desk").count == 15
    }
    #expect(posts(town, "/csc").count == 5 && posts(town, "/police").count == 5)
  }

  private static func convened(_ journal: [Entry]) -> Set<DiscussionID> {
    Set(
      journal.compactMap { entry in
        guard case .discussion(let id) = entry.stream, entry.event.name == "convened" else { return nil }
        return id
      })
  }

  @Test(.enabled(if: SmallDisk.mayMount, "mounting a small file system needs root"))
  func aDiskThatFillsUpRefusesInWordsAndLosesNothing() throws {
    let disk = FileManager.default.temporaryDirectory.appending(path: "full-\(UInt32.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: true)
    let small = try #require(SmallDisk(at: disk.path, kilobytes: 4096))
    defer {
      small.unmount()
      do { try FileManager.default.removeItem(at: disk) } catch { print("left behind: \(disk)") }
    }
    let town = try KilledTown(journalIn: disk.path)
    defer { town.end() }
    try Self.begin(town)

    var (answered, refused): (Set<DiscussionID>, DiscussionID?) = ([], nil)
    for bits in 1...UInt64(4000) where refused == nil {
      let id = DiscussionID(bits: bits)
      let answer = try Self.convene(town, id)
      guard answer.status != 201 else {
        answered.insert(id)
        continue
      }
      let problem = try JSON(parsing: answer.body)
      #expect(answer.status == 503 && problem["code"] == "storage-full" && problem["retryable"] == true)
      refused = id
    }
    let id = try #require(refused, "4 MB were enough for 4000 discussions")
    #expect(answered.count > 10)
    // It answers and says what is the matter; and it is still the same process once there is room.
    #expect(town.ask("/v1/status")?["state"] == "degraded")
    #expect(town.ask("/v1/discussions/\(id)") == nil)
    func hasReserve() -> Bool {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: disk.path)) ?? []
      return names.contains { $0.hasSuffix(".ballast") }
    }
    #expect(!hasReserve())
    #expect(small.grow(toKilobytes: 32 << 10))
    town.wait(until: "it is taken") { (try? Self.convene(town, id).status) == 201 }
    town.wait(until: "it is well again") { town.ask("/v1/status")?["state"] == "ready" }
    // It started without: what the next full disk needs is set aside without another start.
    town.wait(until: "its reserve is back") { hasReserve() }
    #expect(Self.convened(try town.journal()) == answered.union([id]))
    // A start finds what stands there.
    #expect(try town.status(of: "a stop", endingBy: SIGTERM) == 0)
    try town.start()
    town.wait(until: "it is ready again") { town.ask("/v1/health/ready") != nil }
    #expect(Self.convened(try town.journal()) == answered.union([id]))
  }

  @Test func aReceiverThatHangsKeepsNobodyElseWaiting() throws {
    let town = try KilledTown(hanging: ["health"])
    defer { town.end() }
    try Self.begin(town)
    try Self.fiveOfWhichAllOthersHear(town)
    func ended() throws -> [Answer] {
      try town.journal().compactMap { entry in
        guard case .attemptEnded(_, _, let answer, _) = entry.event, answer.verdict != .accepted else { return nil }
        return answer
      }
    }
    // Nothing of it had ended before they heard.
    #expect(try ended() == [] && Self.posts(town, "/health").count == 5)
    town.wait(until: "it has had enough") { ((try? ended()) ?? []).count == 5 }
    #expect(try ended().allSatisfy { $0.fault == "timeout" && $0.verdict == .retry })
  }

  /// A reload refuses a ladder that ends in silence and goes on as before; a start says so and is ready all the same.
  @Test func aLadderThatEndsInSilenceIsRefusedByAReloadAndSaidByAStart() throws {
    let town = try KilledTown()
    defer { town.end() }
    try Self.begin(town)
    func reload() throws -> HTTPAnswer {
      try town.control.perform(HTTPAsk("POST", "/v1/reload", headers: [], body: []), within: .seconds(20))
    }
    let steps = ["{name: ask, at: once, to: [contact]}", "{name: soon, before: 5 minutes, to: [coordinator]}"]
    // While it has no time, nothing is before it.
    try town.write(settings: town.settings(urgent: steps))
    let refused = try reload()
    let said = String(decoding: refused.body, as: UTF8.self)
    let sentence = "convened.yaml:35:9: policy killed, urgent: convened"
    #expect(refused.status == 422 && said.contains(sentence), "\(refused.status) \(said)")
    let convening = #"{"urgency":"urgent","meeting_at":null,"team":"duty","convened_by":"manager"}"#
    let urgent = try town.control.perform(
      HTTPAsk(
        "PUT", "/v1/discussions/\(DiscussionID(bits: 1))", headers: [("content-type", "application/json")],
        body: Array(convening.utf8)), within: .seconds(20))
    #expect(urgent.status == 422, "\(String(decoding: urgent.body, as: UTF8.self))")

    #expect(try town.status(of: "a stop", endingBy: SIGTERM) == 0)
    try town.start(isLogged: true)
    town.wait(until: "it is ready all the same") { town.ask("/v1/health/ready") != nil }
    town.wait(until: "it says so") { town.log.contains(sentence) }
    try town.write(settings: town.settings(urgent: steps + ["{name: ring, unanswered: 10 minutes, to: [coordinator]}"]))
    #expect(try reload().status == 200)
  }

  @Test func aReceiverThatIsNeverThereKeepsNobodyElseWaiting() throws {
    let town = try KilledTown(down: ["health"])
    defer { town.end() }
    try Self.begin(town)
    try Self.fiveOfWhichAllOthersHear(town)
    #expect(Self.posts(town, "/health").isEmpty)
    let ended = try town.journal().compactMap { entry -> Answer? in
      guard case .attemptEnded(_, _, let answer, _) = entry.event, answer.verdict != .accepted else { return nil }
      return answer
    }
    #expect(ended.count >= 5 && ended.allSatisfy { $0.fault == "refused" && $0.verdict == .retry })
    let agencies = try #require(town.ask("/v1/status")?["agencies"]?.array)
    let endpoints = agencies.map { "\($0["agency"]?.string ?? "") \($0["endpoint"]?.string ?? "")" }
    #expect(endpoints.contains("csc ok") && !endpoints.contains("health ok"), "\(endpoints)")
  }
}
