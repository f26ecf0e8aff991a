// What a rehearsal reads of the settings: everything but what delivering needs, and another file's policies.
import Convening
import Foundation
import Settings
import Testing

@Suite struct PolicyFileTests {
  private func write(_ text: String, _ name: String, in town: Town) throws -> String {
    let path = town.folder.appending(path: name).path
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private static let part = String(Town.yaml[Town.yaml.range(of: "policies:")!.lowerBound...])
    .replacing("leeds-2026", with: "draft")

  @Test func secretsAreNotRead() throws {
    let town = try Town()
    try FileManager.default.removeItem(at: town.folder.appending(path: "secrets"))
    let path = try write(Town.yaml, "plain.yaml", in: town)
    let settings = try Settings.loadPolicies(path: path).get()
    #expect(settings.policies.map(\.id) == ["leeds-2026"])
    #expect(settings.arrangements.agencies.map(\.id) == ["csc", "health"] && settings.arrangements.routes.count == 2)
    #expect(settings.arrangements.holder(.contact, of: "health", at: Town.today) == "edt")
  }

  @Test func aFileWithPoliciesAloneIsReadWithTheNamesOfTheOther() throws {
    let town = try Town()
    let base = try write(Town.yaml, "base.yaml", in: town)
    let draft = try write(Self.part, "draft.yaml", in: town)
    let settings = try Settings.loadPolicies(path: base, policies: draft).get()
    #expect(settings.policies.map(\.id) == ["draft"] && settings.arrangements.agencies.count == 2)
    let wrong = try write(
      Self.part.replacing("required: [csc, health]", with: "required: [csc, fire]"), "w.yaml", in: town)
    guard case .failure(let faults) = Settings.loadPolicies(path: base, policies: wrong) else {
      Issue.record("an agency that nobody knows was taken")
      return
    }
    #expect(faults.faults.map(\.description).allSatisfy { $0.contains("w.yaml:4:") } && faults.faults.count == 1)
  }

  @Test func aWholeFileIsTakenWhole() throws {
    let town = try Town()
    let base = try write(Town.yaml, "base.yaml", in: town)
    let other = try write(
      Town.yaml.replacing("leeds-2026", with: "other").replacing("Duty desk", with: "Desk"), "o.yaml", in: town)
    let settings = try Settings.loadPolicies(path: base, policies: other).get()
    #expect(settings.policies.map(\.id) == ["other"] && settings.arrangements.routes["desk"]?.label == "Desk")
  }

  @Test func aFileThatIsNotThereIsAFault() throws {
    let town = try Town()
    let base = try write(Town.yaml, "base.yaml", in: town)
    for (path, policies) in [("/nowhere.yaml", nil), (base, "/nowhere.yaml")] as [(String, String?)] {
      guard case .failure(let faults) = Settings.loadPolicies(path: path, policies: policies) else {
        Issue.record("read \(path)")
        continue
      }
      #expect(faults.faults.first?.description.contains("/nowhere.yaml: cannot be read") ?? false)
    }
  }
}
