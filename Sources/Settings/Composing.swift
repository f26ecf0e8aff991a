// From text to a tree of YAML nodes. Yams stops at the first key that stands twice in one place; here the key is noted and
// covered with characters that mean nothing, and the text is read again, so that every other fault is found as well.
internal import Yams

extension FaultReport {
  /// nil where the text is no YAML, or empty; the fault is noted.
  func compose(_ text: String) -> Node? {
    var text = text
    // More repeated keys than that are not worth another reading.
    while covers.count < 100 {
      do {
        if let root = try Yams.compose(yaml: text) { return root }
        add(nil, "is empty", "Begin with the pattern that convened brings, Config/convened.yaml.")
        return nil
      } catch YamlError.duplicatedKeysInMapping(let names, let context) {
        add(
          at: context.mark, "this key stands more than once in its part; here is the first", "Keep one of them.")
        guard let name = names.first, let cover = text.cover(name, at: context.mark, number: covers.count) else {
          return nil
        }
        ignore(cover)
      } catch {
        add(yaml: error)
        return nil
      }
    }
    return nil
  }
}

extension String {
  /// Puts characters of Unicode's private use over a key, one for one, so that no column moves. nil where the key is
  /// not written there as it reads, as with escapes.
  fileprivate mutating func cover(_ key: String, at mark: Mark, number: Int) -> String? {
    var scalars = Array(unicodeScalars)
    var (line, at) = (1, 0)
    while line < mark.line {
      guard let end = scalars[at...].firstIndex(of: "\n") else { return nil }
      (line, at) = (line + 1, end + 1)
    }
    at += mark.column - 1
    if at < scalars.count, ["\"", "'"].contains(scalars[at]) { at += 1 }
    let length = key.unicodeScalars.count
    guard length > 0, at + length <= scalars.count, scalars[at..<at + length].elementsEqual(key.unicodeScalars),
      let character = Unicode.Scalar(0xE000 + UInt32(number))
    else { return nil }
    let cover = repeatElement(character, count: length)
    scalars.replaceSubrange(at..<at + length, with: cover)
    self = String(String.UnicodeScalarView(scalars))
    return String(String.UnicodeScalarView(cover))
  }
}
