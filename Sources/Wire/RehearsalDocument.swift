// What a rehearsal came to, as others read it: figures by agency, and the absences for which something more would have gone out.
// What it cannot know stands in the document, so that no figure travels without it.
import Convening

public enum RehearsalDocument {
  /// What is taken for granted, and what nobody can know.
  public static let assumptions = [
    "People are taken to have done what they did, when they did it: whoever was asked earlier or by somebody else might have "
      + "answered differently, and what follows on an answer would be different too.",
    "Every receiver is taken to accept at once: retries, escalations because of a failed delivery, downtime and steps of the "
      + "clock are in what was sent, and not in what would be.",
    "Who holds a place by the hours is as the settings say now; rota, cover and pauses are as they were. Hand-overs, test "
      + "messages and the front door are not counted: they follow from no policy.",
  ]

  /// - Parameters:
  ///   - policy: the one that was rehearsed; nil: those that were in force.
  ///   - notConvened, refused: how often, by the refusal's code.
  ///   - corrected: discussions that are left out because of a correction.
  ///   - lateEntries: those that are left out since they were entered after they were held.
  public static func json(
    _ rehearsal: Rehearsal, policy: PolicyID?, from: Instant, to: Instant, notConvened: [String: Int],
    refused: [String: Int], corrected: Int = 0, lateEntries: Int = 0
  ) -> JSON {
    [
      "schema": "convened.rehearsal/1", "from": JSON(from), "to": JSON(to), "policy": JSON(policy),
      "discussions": JSON(rehearsal.discussions), "not_convened": counts(notConvened), "refused": counts(refused),
      "corrected": JSON(corrected), "late_entries": JSON(lateEntries),
      "agencies": .array(
        rehearsal.agencies.map { .object([.init("agency", JSON($0.agency))] + members($0.figures)) }),
      "total": .object(members(rehearsal.total)), "absences": .array(rehearsal.absences.map(json)),
      "assumptions": JSON(texts: assumptions),
    ]
  }

  private static func counts(_ counts: [String: Int]) -> JSON {
    .object(counts.sorted { $0.key < $1.key }.map { .init($0.key, JSON($0.value)) })
  }

  private static func members(_ figures: Rehearsal.Figures) -> [JSON.Member] {
    let steps = figures.steps
    return [
      .init("was", json(figures.was)), .init("would", json(figures.would)),
      .init(
        "steps",
        [
          "same": JSON(steps.same), "new": JSON(steps.new), "gone": JSON(steps.gone), "earlier": JSON(steps.earlier),
          "later": JSON(steps.later),
        ]),
      .init("absences", ["n": JSON(figures.absences), "with_more": JSON(figures.absencesWithMore)]),
    ]
  }

  /// The places that a ladder names.
  private static let places: [Place] = [.contact, .deputy, .lead, .coordinator, .convener, .acknowledger]

  private static func json(_ volume: Rehearsal.Volume) -> JSON {
    [
      "messages": JSON(volume.messages), "out_of_hours": JSON(volume.outOfHours),
      "places": .object(places.map { .init($0.rawValue, JSON(volume.places[$0] ?? 0)) }),
    ]
  }

  private static func json(_ absence: Rehearsal.Absence) -> JSON {
    [
      "discussion": .string(absence.discussion.description), "agency": JSON(absence.agency),
      "decided_at": JSON(absence.decidedAt),
      "steps": .array(
        absence.steps.compactMap { pair in
          pair.would.map { would in
            [
              "place": .string(would.place.rawValue), "step": JSON(would.step), "at": JSON(would.at),
              "was_at": JSON(pair.was?.at),
            ]
          }
        }),
    ]
  }
}
