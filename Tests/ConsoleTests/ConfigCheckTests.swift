// `convenectl config check` beyond the reader's own faults: a ladder that would leave the coordinator untold.
import Convening
import Foundation
import Testing

@testable import convenectl

@Suite struct ConfigCheckTests {
  private static let config = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Config")
    .standardized

  /// The repository's own settings, changed, with secrets of their own, in a folder that the caller removes.
  private func settings(_ change: (String) -> String) throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "convened-check-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
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
    try text.write(to: folder.appending(path: "convened.yaml"), atomically: true, encoding: .utf8)
    return folder
  }

  private func check(_ change: (String) -> String) throws -> (faults: [String], warnings: [String]) {
    let folder = try settings(change)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "convened.yaml").path
    let (faults, warnings) = ConfigCheck.check(
      path: path, credentials: folder.path, now: Instant("2026-11-24T09:00:00Z")!)
    return (faults.map { $0.replacing(path, with: "~") }, warnings)
  }

  @Test func theRepositorysOwnLaddersReachTheCoordinator() throws {
    let (faults, warnings) = try check { $0 }
    #expect(faults == [] && warnings == [])
  }

  /// As `plan` names them, without a daemon that could be asked.
  @Test func aPolicyOfAFileIsExplainedInItsNames() async throws {
    let folder = try settings { $0 }
    defer { try? FileManager.default.removeItem(at: folder) }
    let told = try await BuiltProgram.run([
      "policy", "explain", "--file", folder.appending(path: "convened.yaml").path, "--credentials", folder.path,
      "--convened", "2026-12-01 10:00", "--meeting", "2026-12-03 10:00",
    ])
    #expect(told.exit == 0, "\(told.err)")
    #expect(told.out.contains("Children's Social") && told.out.contains("(Health"), "\(told.out)")
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
