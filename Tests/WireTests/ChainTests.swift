// The chain by vectors that anybody can compute: `printf` and `sha256sum` give the same.
import Foundation
import Testing

@testable import Convening
@testable import Wire

@Suite struct ChainTests {
  private let salt = Salt(bytes: (0..<16).map { UInt8($0) })!

  @Test func aDigestIsTheSha256OfSaltAndLine() {
    // (printf '\000\001\002\003\004\005\006\007\010\011\012\013\014\015\016\017'; printf '{"v":1}') | sha256sum
    #expect(Chain.digest(salt, "{\"v\":1}").hex == "cdcdf9a25d1cbded783747eb39fe90846b76d8bae6e00c0c715aa54f61b2eb75")
  }

  @Test func aLinkIsTheSha256OfTheChainBeforeAndTheDigest() {
    // head -c 64 /dev/zero | sha256sum
    #expect(
      Chain.link(.zero, .zero).hex == "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b")
  }

  @Test func anotherSaltOrLineIsAnotherDigest() {
    let other = Salt(high: salt.high, low: salt.low + 1)
    #expect(Chain.digest(salt, "a") != Chain.digest(other, "a"))
    #expect(Chain.digest(salt, "a") != Chain.digest(salt, "b"))
    #expect(Chain.link(.zero, Chain.digest(salt, "a")) != Chain.link(Chain.digest(salt, "a"), .zero))
  }

  @Test func hashesAndSaltsGoThereAndBack() {
    let hash = Chain.digest(salt, "a")
    #expect(Hash256(hex: hash.hex) == hash)
    #expect(Hash256(bytes: hash.bytes) == hash)
    #expect(Salt(bytes: salt.bytes) == salt)
    #expect(Hash256(hex: String(hash.hex.dropLast())) == nil)
    #expect(Hash256(hex: "zz" + hash.hex.dropFirst(2)) == nil)
    #expect(Hash256(bytes: hash.bytes.dropLast()) == nil)
    #expect(Salt(bytes: salt.bytes + [0]) == nil)
  }

  @Test func fingerprintsGoThereAndBack() {
    let print = Chain.fingerprint("abc".utf8)
    // printf abc | sha256sum | head -c 32
    #expect(print.hex == "ba7816bf8f01cfea414140de5dae2223")
    #expect(Fingerprint(hex: print.hex) == print)
    #expect(Fingerprint(hex: "ba78") == nil)
  }
}
