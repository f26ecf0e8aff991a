// What a rung and a position keep in a word: the places that are asked, and moments that may be missing.
import Testing

@testable import Convening

struct PlacesTests {
  @Test(
    arguments: [
      ([], []), ([.contact], [.contact]), ([.lead, .contact], [.lead, .contact]),
      ([.deputy, .deputy, .manager, .deputy], [.deputy, .manager]), (Place.allCases, Place.allCases),
      (Place.allCases.reversed() + Place.allCases, Place.allCases.reversed()),
    ] as [([Place], [Place])])
  func placesStandInTheirOrderEachOnce(named: [Place], asked: [Place]) {
    #expect(Array(Places(named)) == asked)
    #expect(Places(named).count == asked.count)
    #expect(Places(named) == Places(asked))
  }

  @Test func theOrderMatters() {
    #expect(([.contact, .lead] as Places) != [.lead, .contact])
  }

  @Test func whoIsDoneWithGoesAndTheOthersKeepTheirOrder() {
    var places: Places = [.manager, .contact, .lead]
    places.removeAll { $0 == .contact }
    #expect(places == [.manager, .lead])
    places.removeAll { _ in true }
    #expect(places.isEmpty)
  }

  @Test(arguments: [nil, 0, -1, 1, Int64.max, Int64.min + 1])
  func aMomentIsKeptOrMissing(milliseconds: Int64?) {
    let moment = milliseconds.map(Instant.init)
    var compact = Compact(wrappedValue: nil)
    compact.wrappedValue = moment
    #expect(compact.wrappedValue == moment)
    #expect(compact == Compact(wrappedValue: moment))
  }

  /// An open discussion may cost 4 KB, and these are most of it.
  @Test func whatAnOpenDiscussionHoldsMostOfIsSmall() {
    #expect(MemoryLayout<Rung>.stride <= 48)
    #expect(MemoryLayout<Position>.stride <= 160)
  }
}
