// What the check accepts, the start must: the courier reads each URL again, with libcurl.
import Testing
import Webhooks
import Wire

@testable import Settings

@Suite struct WebAddressTests {
  @Test(arguments: [
    "https://a.example", "https://A.Example:8443/x?y=/@#z", "HTTPS://a_b-c.example./", "https://8.8.8.8:1/",
    "https://[2606:4700::1]:65535/x", "https://a.example:00443/\\",
    "http://localhost:8080/", "http://127.8.9.1/", "http://[::1]?x", "https://999.1.1.1/", "https://4294967296/",
  ])
  func whatIsAcceptedIsTaken(url: String) throws {
    let town = try Town()
    try town.write(url, to: "secrets/edt.url")
    let settings = try town.load().get()
    #expect(settings.routes.last?.url == url)
    #expect(isTaken(url))
  }

  @Test func whateverIsAcceptedIsTaken() {
    var lots = Lots(state: 20_261_125)
    let pieces = [
      ":", ":443", ":0", ":65536", "/", "//", "[", "]", "::1", "fe80::1", "%25e", "%20", "%2e", "127.0.0.1", "127.1",
      "0x7f.1", "1.2.3.4.5", "a", "b.example", ".", "-", "_", "~", ";", "@", "?", "#", "\\", "^", "{", "'", "\"", "<",
      "*", "localhost", "xn--a",
    ]
    var (accepted, refused) = (0, 0)
    for _ in 0..<20_000 {
      let tail = (0..<Int.random(in: 1...4, using: &lots)).compactMap { _ in pieces.randomElement(using: &lots) }
      let url = (Bool.random(using: &lots) ? "https://" : "http://") + tail.joined()
      if isAccepted(url) {
        accepted += 1
        #expect(isTaken(url), "the check accepts \(url)")
      } else {
        refused += 1
      }
    }
    // Both must have happened, or nothing was compared.
    #expect(accepted > 1000 && refused > 1000, "\(accepted) accepted, \(refused) refused")
  }

  /// By the settings, for a route that is not `insecure`.
  private func isAccepted(_ url: String) -> Bool {
    do throws(WebAddress.Fault) {
      let address = try WebAddress(url)
      return address.scheme == "https" || address.isThisMachine
    } catch { return false }
  }

  private func isTaken(_ url: String) -> Bool {
    do throws(Route.Fault) {
      let secrets = [Town.secret(0)].compactMap { WebhookSecret($0) }
      _ = try Route(name: "edt", url: url, secrets: secrets, caFile: nil, insecure: false)
      return true
    } catch { return false }
  }
}
