// The first times that suit, what stands in the way agency by agency, and the least bad ones: the answer to a look for a time.
// Nothing is kept for whoever asked.
import Convening

public enum SlotsDocument {
  /// `POST /v1/slots`
  ///
  /// `provisional` where a time, or the limit, lies past the table of bank holidays.
  public static func json(_ slots: Slots, for query: SlotQuery, in calendar: WorkingCalendar) -> JSON {
    let moments =
      slots.slots + slots.alternatives.map(\.at) + (slots.limit.map { [$0 - Elapsed(milliseconds: 1)] } ?? [])
    let duration = Elapsed.minutes(Int64(query.durationMinutes))
    return [
      "schema": "convened.slots/1", "from": JSON(slots.from), "limit": JSON(slots.limit), "rule": JSON(slots.rule),
      "duration_min": .int(Int64(query.durationMinutes)),
      "slots": .array(slots.slots.map { ["at": JSON($0), "until": JSON($0 + duration)] }),
      "in_the_way": .array(
        slots.obstacles.map {
          ["agency": JSON($0.agency), "why": JSON(word: $0.why), "from": JSON($0.from), "until": JSON($0.until)]
        }),
      "alternatives": .array(
        slots.alternatives.map {
          [
            "at": JSON($0.at), "until": JSON($0.at + duration), "without": JSON($0.without),
            "over_limit": .bool($0.isOverLimit), "short_notice": .bool($0.isShortNotice),
          ]
        }),
      "provisional": .bool(moments.contains(where: calendar.isProvisional)),
    ]
  }
}
