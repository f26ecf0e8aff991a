// The numbers of the streams that were written last, so that an append need not ask for them.

struct StreamNumbers {
  private var recent: [String: Int64] = [:]
  private var older: [String: Int64] = [:]
  private static let most = 50_000

  /// Two generations: what is not asked for while the newer one fills is forgotten.
  subscript(name: String) -> Int64? {
    mutating get {
      if let number = recent[name] { return number }
      guard let number = older[name] else { return nil }
      self[name] = number
      return number
    }
    set {
      if recent.count >= Self.most { (older, recent) = (recent, [:]) }
      recent[name] = newValue
    }
  }

  /// After a transaction that was rolled back, nobody knows which numbers exist.
  mutating func forget() { (recent, older) = ([:], [:]) }
}
