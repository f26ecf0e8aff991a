// `convenectl config check` beyond the reader's own faults: a ladder that would leave the coordinator untold.
import Convening
import Foundation
import Testing

@testable import convenectl

@Suite struct ConfigCheckTests {
  private static let config = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Config")
    .standardized

  /// The repository's own settings, changed, with secrets of their own.
  private func check(_ change: (String) -> String) throws -> (faults: [String], warnings: [String]) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "convened-check-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for file in try FileManager.default.contentsOfDirectory(at: Self.config, includingPropertiesForKeys: nil)
    where file.pathExtension == "json" {
      try FileManager.default.copyItem(at: file, to: folder.appending(path: file.lastPathComponent))
    }
    let text = change(try String(contentsOf: Self.config.appending(path: "convened.yaml"), encoding: .utf8))
    for match in text.matches(of: /secret: \[([^\]]*)\]/) {
      for name in match.1.split(separator: ",") {
        let secret = folder.appending(path: "secret_" + name.trimmingCharacters(in: .whitespaces))
        try ("whsec_" + Data(repeating: 7, count: 24).base64EncodedString()).write(
          to: secret, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: secret.path)
      }
    }
    let path = folder.appending(path: "convened.yaml").path
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let (faults, warnings) = ConfigCheck.check(
      path: path, credentials: folder.path, now: Instant("2026-11-24T09:00:00Z")!)
    return (faults.map { $0.replacing(path, with: "~") }, warnings)
  }

  @Test func theRepositorysOwnLaddersReachTheCoordinator() throws {
    let (faults, warnings) = try check { $0 }
    #expect(faults == [] && warnings == [])
  }

  /// While an urgent discussion has no time, no step comes before it.
  @Test func aLadderThatLeavesTheCoordinatorUntoldIsRefused() throws {
    let (faults, _) = try check {
      $0.replacing(
        "ring, unanswered: 30 minutes, to: [coordinator]", with: "ring, before: 10 minutes, to: [coordinator]")
    }
    let said =
      "~:81:9: policy leeds-2026-04, urgent: convened 2026-12-01 10:00 as soon as they answer, the coordinator would not "
      + "hear in time that childrens-social-care, police, health"
    let mend = "Let a step that comes early enough ask the coordinator too."
    #expect(faults == ["\(said) did not answer. \(mend)", "\(said) took it in and did not contribute. \(mend)"])
  }

  @Test func whatIsLikelyAnOversightIsAWarning() throws {
    let (faults, warnings) = try check {
      $0.replacing(
        "{name: chase, unanswered: 10 minutes, to: [contact, deputy], tell: convener}",
        with:
          "{name: chase, unanswered: 10 minutes, to: [contact, deputy]}"
      ).replacing("- {name: absent, after: decision, unless: contributed, to: [contact, lead]}", with: "")
    }
    #expect(faults == [])
    #expect(
      warnings.count { $0.contains("the convener is not told whom to ring when nobody answers this urgent step") } == 1)
    #expect(warnings.count { $0.contains("an agency that was absent is not told what was decided without it") } == 2)
  }
}
