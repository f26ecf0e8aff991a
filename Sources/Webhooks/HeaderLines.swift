// The header lines of one attempt as libcurl wants them, a list of C strings. Each attempt's are written into the same
// room, and libcurl reads them where they stand: a list made by libcurl is two allocations a line.
internal import CCurl

struct HeaderLines: ~Copyable {
  private let nodes: UnsafeMutablePointer<curl_slist>
  private let most: Int
  private var room: UnsafeMutablePointer<CChar>
  private var size: Int

  /// - Parameter most: how many lines there will ever be, at least 1.
  init(most: Int) {
    (self.most, size) = (most, 512)
    nodes = .allocate(capacity: most)
    room = .allocate(capacity: size)
  }

  deinit {
    nodes.deallocate()
    room.deallocate()
  }

  /// The first of the list. It stays where it is, whatever is written.
  var list: UnsafeMutablePointer<curl_slist> { nodes }

  /// At least one line and at most `most`, each a name with its colon and a value.
  mutating func write(_ lines: [(name: StaticString, value: String)]) {
    precondition((1...most).contains(lines.count))
    let needed = lines.reduce(0) { $0 + $1.name.utf8CodeUnitCount + $1.value.utf8.count + 1 }
    if needed > size {
      room.deallocate()
      (room, size) = (.allocate(capacity: needed), needed)
    }
    var end = UnsafeMutableRawPointer(room)
    for (index, var line) in lines.enumerated() {
      let start = end.assumingMemoryBound(to: CChar.self)
      end.copyMemory(from: line.name.utf8Start, byteCount: line.name.utf8CodeUnitCount)
      end += line.name.utf8CodeUnitCount
      line.value.withUTF8 { value in
        guard let first = value.baseAddress else { return }
        end.copyMemory(from: first, byteCount: value.count)
        end += value.count
      }
      end.storeBytes(of: 0, as: UInt8.self)
      end += 1
      nodes[index] = curl_slist(data: start, next: index + 1 < lines.count ? nodes + index + 1 : nil)
    }
  }
}
