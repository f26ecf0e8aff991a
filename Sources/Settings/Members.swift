// Reads nodes of YAML as objects, lists and words, and says what is wrong at the node's own line and column. A key that
// belongs to a later version is refused as such; any other unknown key with the nearest one that is known.
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
      guard let text = key.scalar?.string else {
        add(key, "a key of \(name) is not a word", "Use: \(keys.sorted().joined(separator: ", ")).")
        continue
      }
      if keys.contains(text) {
        values[text] = value
      } else if later.contains(text) {
        add(key, "`\(text)` is not in this version yet", "Leave it out until a version has it.")
      } else if !covers.contains(text) {
        add(key, "\(name) knows no such key", mend(text, keys))
      }
    }
    return Members(node: node, values: values)
  }

  private func mend(_ key: String, _ known: Set<String>) -> String {
    let nearest = known.map { (distance: distance(key, $0), key: $0) }.min { $0 < $1 }
    if let nearest, nearest.distance <= 2, nearest.distance < nearest.key.utf8.count {
      return "Did you mean `\(nearest.key)`?"
    }
    return "Known are: \(known.sorted().joined(separator: ", "))."
  }

  /// Levenshtein's distance, in bytes.
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

  /// The keys and values of a part whose keys are names that the file chooses.
  func pairs(_ node: Node?, _ name: String) -> [(key: Node, value: Node)] {
    guard let node else { return [] }
    guard let mapping = node.mapping, !mapping.isEmpty else {
      add(node, "\(name) is empty or not a list of names", "Write `name: {…}` lines below it.")
      return []
    }
    return mapping.filter { !covers.contains($0.key.scalar?.string ?? "") }.map { ($0.key, $0.value) }
  }

  func required(_ members: Members?, _ key: String, _ name: String) -> Node? {
    guard let members else { return nil }
    if let node = members[key] { return node }
    add(members.node, "\(name) has no `\(key)`", "Add it.")
    return nil
  }

  /// A scalar's text, quoted or not, on one line. Nothing, true and false are no texts; a number is.
  func text(_ node: Node?, _ name: String) -> String? {
    guard let node else { return nil }
    guard let text = node.scalar?.string else {
      add(node, "\(name) is not a word or a text", "Write one value here.")
      return nil
    }
    guard node.null == nil, !text.isEmpty else {
      add(node, "\(name) is empty", "Write a value here, or leave the key out.")
      return nil
    }
    guard node.bool == nil else {
      add(node, "\(name) is not a word or a text", "Put it in quotes if it is meant as a text.")
      return nil
    }
    let isPrintable = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    guard isPrintable, text.utf8.count <= 1000 else {
      add(node, "\(name) is not one short line", "Write it on one line, without control characters.")
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

  /// The list's nodes, at least one.
  func list(_ node: Node?, _ name: String, empty mend: String) -> [Node]? {
    guard let node else { return nil }
    guard let list = node.sequence else {
      add(node, "\(name) is not a list", "Write `[one, two]`.")
      return nil
    }
    if list.isEmpty { add(node, "\(name) is an empty list", mend) }
    return Array(list)
  }

  func count(_ node: Node, _ name: String, _ range: ClosedRange<Int>) -> Int? {
    if let count = Int(digits: Substring(node.scalar?.string ?? "")), range.contains(count) { return count }
    add(node, "`\(name)` is not a whole number", "Give a number from \(range.lowerBound) to \(range.upperBound).")
    return nil
  }

  func flag(_ node: Node?, _ name: String) -> Bool? {
    guard let node else { return nil }
    guard let flag = node.bool else {
      add(node, "\(name) is neither true nor false", "Write `true` or `false`.")
      return nil
    }
    return flag
  }

  /// One of a few words.
  func word(_ node: Node?, _ name: String, _ words: [String]) -> String? {
    guard let node, let text = text(node, name) else { return nil }
    guard words.contains(text) else {
      let (mend, last) = (words.dropLast().map { "`\($0)`" }.joined(separator: ", "), "`\(words.last ?? "")`")
      add(node, "\(name) is none of the words allowed", words.count == 1 ? "Write \(last)." : "Use \(mend) or \(last).")
      return nil
    }
    return text
  }
}
