// Signatures against the vectors that the suites of Standard Webhooks and Svix publish, and everything that a receiver
// must refuse.
import Convening
import Foundation
import Testing
import Wire

struct WebhookSignatureTests {
  struct Vector: Sendable {
    let secret: String
    let id: String
    let timestamp: Int64
    let body: String
    let signature: String
  }

  /// The v1 vectors of standard-webhooks (Python) and svix (Rust), computed again independently.
  static let vectors = [
    Vector(
      secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330,
      body: #"{"test": 2432232314}"#, signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
    Vector(
      secret: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", id: "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
      timestamp: 1_649_367_553, body: #"{"email":"test@example.com","username":"test_user"}"#,
      signature: "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw="),
  ]
  static let first = vectors[0]
  static let other = WebhookSecret("whsec_" + Data(repeating: 7, count: 32).base64EncodedString())!

  @Test(arguments: vectors) func officialVectors(vector: Vector) throws {
    let secret = try #require(WebhookSecret(vector.secret))
    let body = Array(vector.body.utf8)
    let header = Signature.header(id: vector.id, timestamp: vector.timestamp, body: body, secrets: [secret])
    #expect(header == vector.signature)
    #expect(verdict(header, vector, [secret]) == .valid)
  }

  /// Of what a receiver got, with something changed.
  private func verdict(
    _ header: String?, _ vector: Vector = first, _ secrets: [WebhookSecret]? = nil, id: String?? = nil,
    timestamp: String?? = nil, body: String? = nil, late seconds: Int64 = 0
  ) -> Signature.Verdict {
    Signature.verify(
      header: header, id: id ?? vector.id, timestamp: timestamp ?? "\(vector.timestamp)",
      body: Array((body ?? vector.body).utf8), secrets: secrets ?? [WebhookSecret(vector.secret)!],
      now: Instant(milliseconds: (vector.timestamp + seconds) * 1000))
  }

  @Test func oneByteChangedIsNoMatch() {
    let header = Self.first.signature
    #expect(verdict(header) == .valid)
    #expect(verdict(header, body: #"{"test":2432232314}"#) == .noMatch)
    #expect(verdict(header, id: "msg_p5jXN8AQM9LWM0D4loKWxJeK") == .noMatch)
    #expect(verdict(header, timestamp: "1614265331") == .noMatch)
    #expect(verdict(header, Self.first, [Self.other]) == .noMatch)
    #expect(verdict(header, Self.first, []) == .noMatch)
  }

  @Test(
    arguments: [
      (0, Signature.Verdict.valid), (300, .valid), (301, .tooOld), (86_400, .tooOld), (-300, .valid), (-301, .tooNew),
    ] as [(Int64, Signature.Verdict)])
  func aTimestampCountsForFiveMinutesEachWay(late: Int64, expected: Signature.Verdict) {
    #expect(verdict(Self.first.signature, late: late) == expected)
  }

  /// While a secret is changed, both sign: the newest first, one space between, and either is enough.
  @Test func twoSecretsSignBoth() throws {
    let (vector, old) = (Self.first, try #require(WebhookSecret(Self.first.secret)))
    let header = Signature.header(
      id: vector.id, timestamp: vector.timestamp, body: Array(vector.body.utf8), secrets: [Self.other, old])
    let tokens = header.components(separatedBy: " ")
    #expect(tokens.count == 2)
    #expect(tokens.last == vector.signature)
    #expect(tokens.first.map { verdict($0, vector, [Self.other]) } == .valid)
    #expect(verdict(header, vector, [old]) == .valid)
    #expect(verdict(header, vector, [Self.other]) == .valid)
    #expect(tokens.first.map { verdict($0, vector, [old]) } == .noMatch)
  }

  @Test func aSecretMayComeWithoutItsPadding() throws {
    let padded = "whsec_" + Data((0..<25).map { UInt8($0) }).base64EncodedString()
    let bare = String(padded.prefix { $0 != "=" })
    #expect(padded.hasSuffix("==") && WebhookSecret(padded) == WebhookSecret(bare))
    #expect(WebhookSecret(" \(padded)\n") == WebhookSecret(padded))
    #expect(WebhookSecret(padded) != Self.other)
  }

  @Test(arguments: [
    "", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
    "whsec_MfKQ9r8GKYqr!wjUPD8ILPZIo2LaLaSw", "whsec_" + String(repeating: "A", count: 88),
    // Padding that is none, something after it, bits that stand for nothing.
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw=", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAA=",
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAA==AA==", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAB==",
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAB", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw=secret",
  ])
  func whatIsNoSecret(text: String) { #expect(WebhookSecret(text) == nil) }

  @Test(arguments: [24, 48, 64]) func aSecretOfEveryLegalLength(bytes: Int) {
    #expect(WebhookSecret("whsec_" + Data(repeating: 1, count: bytes).base64EncodedString()) != nil)
    #expect(WebhookSecret("whsec_" + Data(repeating: 1, count: bytes == 24 ? 23 : 65).base64EncodedString()) == nil)
  }

  @Test func aSecretDoesNotShowItself() {
    let shown = ["\(Self.other)", String(describing: Self.other), "\([Self.other])", String(reflecting: [Self.other])]
    #expect(shown.allSatisfy { !$0.contains("Bw") && !$0.contains("7, 7") && !$0.contains("0707") })
    var dumped = ""
    dump([Self.other], to: &dumped)
    #expect(!dumped.contains("bytes") && !dumped.contains("keyed"))
  }

  @Test func whatIsMissingOrOfNoFormIsMalformed() {
    let header = Self.first.signature
    #expect(verdict(nil) == .malformed)
    #expect(verdict(header, id: .some(nil)) == .malformed)
    #expect(verdict(header, id: "") == .malformed)
    #expect(verdict(header, timestamp: .some(nil)) == .malformed)
    for text in ["", "now", "1614265330.5", " 1614265330", "-1", "99999999999999999999", "9223372036854775807"] {
      #expect(verdict(header, timestamp: text) == .malformed, "\(text)")
    }
  }

  @Test(arguments: [
    "", " ", "v1", "v1,", "v1,!!!!", "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "v1=g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1O", "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    "V1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=,v1",
  ])
  func aHeaderWithoutATokenOfOursIsNoMatch(header: String) { #expect(verdict(header) == .noMatch) }

  @Test func tokensOfOtherSchemesAreSteppedOver() {
    #expect(verdict("v1a,aGVsbG8= v9,x \(Self.first.signature)") == .valid)
    #expect(verdict("v1,aGVsbG8=  \(Self.first.signature) ") == .valid)
  }
}
