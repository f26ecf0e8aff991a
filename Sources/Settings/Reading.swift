// Reads nodes of YAML as words, numbers, lists and objects, and says what is wrong at the node's own line and column. A key
// that belongs to a later version is refused as such; any other unknown key with the nearest one that is known.
import Convening
internal import Yams

/// An object's members, after its keys were checked.
struct Members {
  let node: Node
  private let values: [String: Node]

  init(node: Node, values: [String: Node]) { (self.node, self.values) = (node, values) }

  subscript(key: String) -> Node? { values[key] }
}

extension FaultReport {
  /// An object with these keys and no others.
  func object(_ node: Node?, _ name: String, _ keys: Set<String>, later: Set<String> = []) -> Members? {
    guard let node else { return nil }
    guard let mapping = node.mapping else {
      add(node, "\(name) is not a list of keys and values", "Write `key: value` lines below it.")
      return nil
    }
    var values: [String: Node] = [:]
    for (key, value) in mapping {
      guard let text = key.string else {
        add(key, "a key of \(name) is not a word", "Use one of: \(keys.sorted().joined(separator: ", ")).")
        continue
      }
      if keys.contains(text) {
        values[text] = value
      } else if later.contains(text) {
        add(key, "`\(text)` is not in this version", "Leave it out until a version has it.")
      } else {
        add(key, "\(name) knows no such key", mend(text, keys))
      }
    }
    return Members(node: node, values: values)
  }

  private func mend(_ key: String, _ known: Set<String>) -> String {
    let nearest = known.min { (distance(key, $0), $0) < (distance(key, $1), $1) }
    if let nearest, distance(key, nearest) <= 2 { return "Did you mean `\(nearest)`?" }
    return "Known are: \(known.sorted().joined(separator: ", "))."
  }

  /// Levenshtein's distance.
  private func distance(_ a: String, _ b: String) -> Int {
    var row = Array(0...b.utf8.count)
    for (i, x) in a.utf8.enumerated() {
      var corner = row[0]
      row[0] = i + 1
      for (j, y) in b.utf8.enumerated() {
        let replaced = corner + (x == y ? 0 : 1)
        corner = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[b.utf8.count]
  }

  func required(_ members: Members?, _ key: String, _ name: String) -> Node? {
    guard let members else { return nil }
    if let node = members[key] { return node }
    add(members.node, "\(name) has no `\(key)`", "Add it.")
    return nil
  }

  /// Any scalar as its text; quoted or not.
  func text(_ node: Node?, _ name: String) -> String? {
    guard let node else { return nil }
    guard let text = node.scalar?.string, !text.isEmpty else {
      add(node, "\(name) is not a word or a text", "Write one value here.")
      return nil
    }
    return text
  }

  func slug<Of>(_ node: Node?, _ name: String, of: Of.Type = Of.self) -> Slug<Of>? {
    guard let node, let text = text(node, name) else { return nil }
    guard let slug = Slug<Of>(text) else {
      add(node, "\(name) is not a legal name", "Use lower-case letters, digits and hyphens, 63 at most.")
      return nil
    }
    return slug
  }

  func list(_ node: Node?, _ name: String) -> [Node]? {
    guard let node else { return nil }
    guard let list = node.sequence else {
      add(node, "\(name) is not a list", "Write `[one, two]`.")
      return nil
    }
    return Array(list)
  }

  func flag(_ node: Node?, _ name: String) -> Bool? {
    guard let node else { return nil }
    guard let flag = node.bool else {
      add(node, "\(name) is neither true nor false", "Write `true` or `false`.")
      return nil
    }
    return flag
  }

  func word<T: RawRepresentable & CaseIterable>(_ node: Node?, _ name: String, _: T.Type = T.self) -> T?
  where T.RawValue == String {
    guard let node, let text = text(node, name) else { return nil }
    guard let value = T(rawValue: text) else {
      add(
        node, "\(name) is none of the words allowed",
        "Use one of: \(T.allCases.map(\.rawValue).joined(separator: ", ")).")
      return nil
    }
    return value
  }

  /// `90 seconds`, `10 minutes`, `2 hours`, `1 day`; `s`, `m`, `h`, `d` for short.
  func elapsed(_ node: Node?, _ name: String) -> Elapsed? {
    guard let node, let text = text(node, name) else { return nil }
    if let elapsed = Elapsed(words: text), elapsed > .zero { return elapsed }
    let working = text.contains("working")
    add(
      node, working ? "\(name) in working time is not in this version" : "\(name) is not a length of time",
      "Write a number and a unit: `90 seconds`, `10 minutes`, `2 hours`, `1 day`.")
    return nil
  }

  /// An elapsed time, or `20 working days`.
  func limit(_ node: Node?, _ name: String, after suffix: String) -> Limit? {
    guard let node, let text = text(node, name) else { return nil }
    let plain = text.hasSuffix(suffix) ? String(text.dropLast(suffix.count)) : text
    let words = plain.split(separator: " ")
    if words.count == 3, words[1] == "working", words[2] == "days" || words[2] == "day", let count = Int(words[0]),
      (1...400).contains(count)
    {
      return .workingDays(count)
    }
    if let elapsed = Elapsed(words: plain), elapsed > .zero { return .elapsed(elapsed) }
    add(node, "\(name) is not a limit", "Write `20 working days` or `30 days`.")
    return nil
  }

  /// `08:30`, up to `24:00`, since midnight.
  func timeOfDay(_ node: Node?, _ name: String) -> Elapsed? {
    guard let node, let text = text(node, name) else { return nil }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }), let hour = Int64(parts[0]),
      let minute = Int64(parts[1]), (0...59).contains(minute), (0...24).contains(hour), hour < 24 || minute == 0
    else {
      add(node, "\(name) is not a time of day", "Write it in quotes, as \"08:30\"; the day ends at \"24:00\".")
      return nil
    }
    return .minutes(hour * 60 + minute)
  }
}

extension Elapsed {
  /// A number and a unit; nil for anything else, and beyond ten years.
  init?(words text: String) {
    let words = text.split(separator: " ")
    let number: Int64?
    let unit: Substring
    switch words.count {
    case 1:
      let digits = text.prefix { $0.isNumber }
      (number, unit) = (Int64(digits), text.dropFirst(digits.count))
    case 2: (number, unit) = (Int64(words[0]), words[1])
    case 3 where words[1] == "elapsed": (number, unit) = (Int64(words[0]), words[2])
    default: return nil
    }
    guard let number, (0...315_360_000).contains(number) else { return nil }
    switch unit {
    case "s", "second", "seconds": self = .seconds(number)
    case "m", "min", "minute", "minutes": self = .minutes(number)
    case "h", "hour", "hours": self = .hours(number)
    case "d", "day", "days": self = .days(number)
    default: return nil
    }
    guard self <= .days(3650) else { return nil }
  }
}
