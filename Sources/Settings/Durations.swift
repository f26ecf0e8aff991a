// Lengths and times of day in words: a number with its unit, because "24 hours" has three live meanings. Working days and
// hours stand in limits alone.
import Convening
internal import Yams

extension FaultReport {
  /// `90 seconds`, `10 minutes`, `2 hours`, `1 day`; `s`, `m`, `h`, `d` for short. More than nothing, ten years at most.
  func elapsed(_ node: Node?, _ name: String) -> Elapsed? {
    guard let node, let text = text(node, name) else { return nil }
    if let elapsed = Elapsed(words: text), elapsed > .zero { return elapsed }
    add(
      node,
      text.contains("working")
        ? "\(name) cannot be in working time" : "\(name) is not a length of time",
      "Write a number and a unit: `90 seconds`, `10 minutes`, `2 hours`, `1 day`.")
    return nil
  }

  /// An elapsed time, or `20 working days`; with or without the words that say from when. `4 working hours` where they are
  /// allowed.
  func limit(_ node: Node?, _ name: String, after suffix: String, inWorkingHours: Bool = false) -> Limit? {
    guard let node, let text = text(node, name) else { return nil }
    let plain = text.hasSuffix(suffix) ? String(text.dropLast(suffix.count)) : text
    let words = plain.split(separator: " ")
    if words.count == 3, words[1] == "working", ["day", "days"].contains(words[2]), let count = Int(digits: words[0]),
      (1...400).contains(count)
    {
      return .workingDays(count)
    }
    if let elapsed = Elapsed(words: plain), elapsed > .zero { return .elapsed(elapsed) }
    if inWorkingHours, words.count == 3, words[1] == "working",
      ["hour", "hours", "minute", "minutes"].contains(words[2]),
      let elapsed = Elapsed(words: "\(words[0]) \(words[2])"), elapsed > .zero, elapsed <= .hours(400)
    {
      return .workingHours(elapsed)
    }
    add(
      node, "\(name) is not a limit",
      inWorkingHours
        ? "Write `2 working days`, `4 working hours` or `30 minutes`, 400 at most."
        : "Write `20 working days\(suffix)`, 400 at most, or `30 days\(suffix)`.")
    return nil
  }

  /// `08:30`, up to `24:00`, since midnight.
  func timeOfDay(_ node: Node?, _ name: String) -> Elapsed? {
    guard let node, let text = text(node, name) else { return nil }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }), let hour = Int(digits: parts[0]),
      let minute = Int(digits: parts[1]), minute < 60, hour < 24 || (hour == 24 && minute == 0)
    else {
      add(node, "\(name) is not a time of day", "Write it in quotes, as \"08:30\"; the day ends at \"24:00\".")
      return nil
    }
    return .minutes(Int64(hour * 60 + minute))
  }
}

extension Int {
  /// Up to nine ASCII digits, without a sign.
  init?(digits text: Substring) {
    guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int(text)
    else { return nil }
    self = value
  }
}

extension Elapsed {
  /// A number and a unit; nil for anything else, and beyond ten years.
  fileprivate init?(words text: String) {
    let words = text.split(separator: " ")
    let (number, unit): (Substring, Substring)
    switch words.count {
    case 1:
      number = text.prefix { $0.isNumber }
      unit = text.dropFirst(number.count)
    case 2: (number, unit) = (words[0], words[1])
    case 3 where words[1] == "elapsed": (number, unit) = (words[0], words[2])
    default: return nil
    }
    guard let count = Int(digits: number).map(Int64.init) else { return nil }
    switch unit {
    case "s", "second", "seconds": self = .seconds(count)
    case "m", "min", "minute", "minutes": self = .minutes(count)
    case "h", "hour", "hours": self = .hours(count)
    case "d", "day", "days": self = .days(count)
    default: return nil
    }
    guard self <= .days(3650) else { return nil }
  }
}
