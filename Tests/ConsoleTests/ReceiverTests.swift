// The receiver for an agency's developers: what it verifies, what it answers, what it prints.
import CCurl
import Console
import Convening
import Crypto
import Foundation
import Synchronization
import Testing
import Wire

private let secretText = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

private func sign(_ id: String, _ timestamp: Int64, _ body: String, with secret: String = secretText) -> String {
  let key = SymmetricKey(data: Data(base64Encoded: String(secret.dropFirst(6)))!)
  let code = HMAC<SHA256>.authenticationCode(for: Data("\(id).\(timestamp).\(body)".utf8), using: key)
  return "v1," + Data(code).base64EncodedString()
}

struct SecretsFileTests {
  @Test(arguments: [
    ("whsec_" + Data(repeating: 1, count: 23).base64EncodedString(), false),
    ("whsec_" + Data(repeating: 1, count: 24).base64EncodedString(), true),
    ("whsec_" + Data(repeating: 1, count: 25).base64EncodedString(), true),
    ("whsec_" + Data(repeating: 1, count: 25).base64EncodedString().replacing("=", with: ""), true),
    ("whsec_" + Data(repeating: 1, count: 64).base64EncodedString(), true),
    ("whsec_" + Data(repeating: 1, count: 65).base64EncodedString(), false),
    ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", false), ("whsec_!!!!", false), ("", false),
  ])
  func secretsHave24To64Bytes(text: String, isOne: Bool) { #expect((WebhookSecret(text) != nil) == isOne) }

  @Test func aFileHoldsOneSecretALine() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "secret-\(UInt32.random(in: .min ... .max))")
      .path(percentEncoded: false)
    defer { unlink(path) }
    func read(_ text: String) throws -> Int {
      try text.write(toFile: path, atomically: false, encoding: .utf8)
      return try WebhookSecret.read(file: path).count
    }
    #expect(try read("# newest first\n\(secretText)\n\n \(secretText)\r\n") == 2)
    #expect(throws: Complaint(.invalid, "\(path) holds no secret.")) { try read("\n") }
    #expect(throws: Complaint.self) { try read("hunter2") }
    #expect(throws: Complaint.self) { try WebhookSecret.read(file: "/nonexistent") }
  }
}

struct ReceiverTests {
  static let body =
    #"{"specversion":"1.0","id":"msg_1","type":"convened.discussion.reminder.v1","data":{"discussion":"7Q2F-M9KD","#
    + #""agency":"health","recipient":"deputy","step":"chase","sequence":2,"late_by_s":0}}"#
  static let now = Instant("2026-11-23T09:00:00Z")!

  /// Runs a receiver, posts to it as `posts` says, and gives what it answered and printed.
  private func run(
    _ posts: [(id: String, signature: String?)], answers: [Int]? = [204], downFor: Elapsed = .zero,
    at moments: [Elapsed] = []
  ) async throws -> (statuses: [Int], lines: [String]) {
    let lines = Mutex<[String]>([])
    let moments = Mutex(moments[...])
    let (urls, url) = AsyncStream.makeStream(of: String.self)
    let plan = ReceiverPlan(
      port: 0, secrets: [WebhookSecret(secretText)!], answers: answers, downFor: downFor, count: posts.count)
    // The first reading is the start's.
    let receiver = Receiver(plan, now: { ReceiverTests.now + (moments.withLock { $0.popFirst() } ?? .zero) }) {
      url.yield($0)
    } received: { receipt in
      lines.withLock { $0.append(receipt.line(Documents.london, Paint(isOn: false))) }
    }
    async let ended: Void = receiver.run()
    var statuses: [Int] = []
    for await base in urls {
      for post in posts { statuses.append(await ReceiverTests.post(to: base, post.id, post.signature)) }
      break
    }
    try await ended
    return (statuses, lines.withLock { $0 })
  }

  /// As the daemon posts, through libcurl, which blocks: never on a thread that the receiver needs.
  private static func post(to url: String, _ id: String, _ signature: String?) async -> Int {
    await withCheckedContinuation { then in
      Thread.detachNewThread { then.resume(returning: perform(to: url, id, signature)) }
    }
  }

  /// The status; 0 where nothing came back.
  private static func perform(to url: String, _ id: String, _ signature: String?) -> Int {
    let easy = curl_easy_init()!
    defer { curl_easy_cleanup(easy) }
    var list: UnsafeMutablePointer<curl_slist>?
    defer { curl_slist_free_all(list) }
    var headers = ["webhook-id: \(id)", "webhook-timestamp: \(now.unixSeconds)", "convened-attempt: 3"]
    if let signature { headers.append("webhook-signature: \(signature)") }
    for header in headers { list = curl_slist_append(list, header) }
    _ = ccurl_set_string(easy, CURLOPT_URL, url)
    _ = ccurl_set_string(easy, CURLOPT_PROXY, "")
    _ = ccurl_set_list(easy, CURLOPT_HTTPHEADER, list)
    var bytes = Array(body.utf8)
    _ = ccurl_set_large(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
    _ = ccurl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, &bytes)
    _ = ccurl_set_bytes_function(easy, CURLOPT_WRITEFUNCTION) { _, size, count, _ in size * count }
    var status = 0
    if curl_easy_perform(easy) == CURLE_OK { _ = ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &status) }
    return status
  }

  private static func signed(_ id: String) -> (String, String?) { (id, sign(id, now.unixSeconds, body)) }

  @Test func aReminderIsOneReadableLine() async throws {
    let (statuses, lines) = try await run([Self.signed("msg_1"), ("msg_2", nil), ("msg_3", "v1,AAAA")])
    #expect(statuses == [204, 204, 204])
    let tail = "reminder  7Q2F-M9KD  health  deputy  step chase  attempt 3  answered 204"
    #expect(
      lines == [
        "09:00:00  verified  \(tail)",
        "09:00:00  NOT VERIFIED (a webhook header is missing or not of its form)  \(tail)",
        "09:00:00  NOT VERIFIED (no signature matches)  \(tail)",
      ])
  }

  /// What does not verify is not taken for a reminder, unless somebody wants to see what follows.
  @Test func withoutAnAnswerToGiveAForgeryIs401() async throws {
    let posts = [Self.signed("msg_1"), ("msg_2", nil), Self.signed("msg_3")]
    #expect(try await run(posts, answers: nil).statuses == [204, 401, 204])
    #expect(try await run(posts, answers: nil, downFor: .seconds(5)).statuses == [503, 503, 503])
  }

  @Test func answersComeInTurnAndTheLastStays() async throws {
    let posts = ["msg_1", "msg_1", "msg_1", "msg_2"].map(Self.signed)
    let (statuses, lines) = try await run(posts, answers: [503, 410, 204])
    #expect(statuses == [503, 410, 204, 204])
    #expect(lines.map { $0.hasSuffix("seen before") } == [false, true, true, false])
  }

  @Test func downForAWhileIs503AndUsesUpNoAnswer() async throws {
    let posts = ["msg_1", "msg_1", "msg_1"].map(Self.signed)
    let (statuses, _) = try await run(
      posts, answers: [500, 204], downFor: .seconds(5), at: [.zero, .seconds(4), .seconds(5), .seconds(6)])
    #expect(statuses == [503, 500, 204])
  }

  @Test func theJSONOfAReceipt() {
    let receipt = Receipt(
      at: Self.now, finding: .refused("no v1 signature"), id: "msg_1", attempt: "1", answered: 204, again: false,
      body: Array(#"{"type":"x"}"#.utf8))
    #expect(
      receipt.json.text
        == #"{"at":"2026-11-23T09:00:00Z","verified":false,"why":"no v1 signature","id":"msg_1","attempt":"1","#
        + #""answered":204,"seen_before":false,"body":{"type":"x"}}"#)
    #expect(receipt.line(Documents.london, Paint(isOn: false)).contains("  x  attempt 1"))
  }

  @Test func whatIsNoDocumentIsSaidToBeNone() {
    let receipt = Receipt(
      at: Self.now, finding: .unchecked, id: nil, attempt: nil, answered: 204, again: false, body: [0xFF])
    #expect(
      receipt.line(Documents.london, Paint(isOn: false))
        == "09:00:00  not checked  no CloudEvents document  attempt ?  answered 204")
  }
}
