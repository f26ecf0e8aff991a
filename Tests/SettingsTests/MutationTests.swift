// The good file, bent at every place: each key left out, each value of another type, bytes changed at random. A file is
// loaded or refused with a reason, and never ends the process.
import Foundation
import Settings
import Testing
import Yams

@Suite struct MutationTests {
  /// A way into the tree: keys of objects, places in lists.
  enum Turn: Hashable, CustomStringConvertible {
    case key(String)
    case item(Int)

    var description: String {
      switch self {
      case .key(let key): key
      case .item(let index): "\(index)"
      }
    }
  }

  /// What may be left out; of a list or a choice of keys the rest has to make sense without it.
  static let optional: Set = [
    "secrets", "authority/ring", "routes/desk/name", "routes/desk/phone", "routes/edt/ca_file", "agencies/csc/name",
    "agencies/health/name", "policies/0/without_all", "policies/0/without_all/reason",
    "policies/0/urgencies/standard/steps/2/unless",
  ]

  @Test func onlyWhatIsOptionalMayBeLeftOut() throws {
    let town = try Town()
    let good = try #require(try Yams.compose(yaml: Town.yaml))
    for way in Self.ways(good) {
      guard case .key = way.last else { continue }
      let name = way.map(\.description).joined(separator: "/")
      let faults = try town.faults(try Yams.serialize(node: Self.changed(good, way[...]) { _ in nil }))
      // Without `secrets` the usual folder is read, where this machine has none.
      let isFine = Self.optional.contains(name) && name != "secrets"
      #expect(faults.isEmpty == isFine, "without \(name): \(faults)")
    }
  }

  /// A text takes a number; everything else is refused where it is not of its type.
  @Test func noValueMayBeOfAnotherType() throws {
    let town = try Town()
    let good = try #require(try Yams.compose(yaml: Town.yaml))
    for way in Self.ways(good) {
      let name = way.map(\.description).joined(separator: "/")
      for other in ["{zz: 1}", "[[zz]]", "~", "true", "\"\""] {
        let node = try #require(try Yams.compose(yaml: other))
        let faults = try town.faults(try Yams.serialize(node: Self.changed(good, way[...]) { _ in node }))
        #expect(!faults.isEmpty, "\(name) as \(other)")
      }
    }
  }

  @Test func noFileEndsTheProcess() throws {
    let town = try Town()
    var lots = Lots(state: 20_261_124)
    let good = Array(Town.yaml.utf8)
    var (loaded, refused) = (0, 0)
    for _ in 0..<2000 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...4, using: &lots) {
        let at = Int.random(in: 0..<bytes.count, using: &lots)
        switch Int.random(in: 0..<4, using: &lots) {
        case 0: bytes[at] = UInt8.random(in: 0...255, using: &lots)
        case 1: bytes.remove(at: at)
        case 2: bytes.insert(Array("{}[]:,-&*!|>'\"#%@`?\n\t ".utf8).randomElement(using: &lots) ?? 0, at: at)
        default: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...40, using: &lots)))
        }
      }
      switch try town.load(Data(bytes)) {
      case .success: loaded += 1
      case .failure(let faults):
        refused += 1
        #expect(!faults.faults.isEmpty, "refused without a reason: \(String(decoding: bytes, as: UTF8.self))")
      }
    }
    // Both must have happened, or the bytes were changed too little or too much to say anything.
    #expect(loaded > 20 && refused > 200, "\(loaded) loaded, \(refused) refused")
  }

  @Test func deepAndLargeFilesAreRefused() throws {
    let town = try Town()
    for text in [String(repeating: "[", count: 200_000), String(repeating: "- ", count: 200_000)] {
      #expect(try town.faults(text).count == 1)
    }
  }

  // MARK: - Trees

  private static func ways(_ node: Node) -> [[Turn]] {
    var ways: [[Turn]] = []
    if let mapping = node.mapping {
      for (key, value) in mapping {
        let turn = Turn.key(key.scalar?.string ?? "")
        ways += [[turn]] + Self.ways(value).map { [turn] + $0 }
      }
    }
    for (index, value) in (node.sequence.map(Array.init) ?? []).enumerated() {
      ways += [[.item(index)]] + Self.ways(value).map { [.item(index)] + $0 }
    }
    return ways
  }

  /// The tree with the node at the end of the way changed, or gone.
  private static func changed(_ node: Node, _ way: ArraySlice<Turn>, _ change: (Node) -> Node?) -> Node {
    guard let turn = way.first else { return change(node) ?? node }
    let rest = way.dropFirst()
    func next(_ child: Node) -> Node? { rest.isEmpty ? change(child) : changed(child, rest, change) }
    switch turn {
    case .key(let name):
      let pairs = (node.mapping.map(Array.init) ?? []).compactMap { key, value -> (Node, Node)? in
        guard key.scalar?.string == name else { return (key, value) }
        return next(value).map { (key, $0) }
      }
      return Node(pairs)
    case .item(let index):
      let items = (node.sequence.map(Array.init) ?? []).enumerated().compactMap { place, item in
        place == index ? next(item) : item
      }
      return Node(items)
    }
  }
}

/// SplitMix64 (Steele, Lea, Flood, 2014): the same lots in every run.
struct Lots: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
