// What is asked for at once is done one after another: nothing begins before what was asked for earlier has ended.
import Synchronization
import Testing

@testable import convened

private final class Said: Sendable {
  let numbers = Mutex<[Int]>([])
}

@Suite struct OneAtATimeTests {
  @Test func nothingBeginsBeforeTheLastHasEnded() async {
    let turns = OneAtATime()
    let said = Said()
    await withTaskGroup(of: Int.self) { group in
      for number in 1...40 {
        group.addTask {
          await turns.run {
            said.numbers.withLock { $0.append(number) }
            // Whoever may come in between would come here.
            for _ in 0..<20 { await Task.yield() }
            said.numbers.withLock { $0.append(-number) }
            return number
          }
        }
      }
      var answers: Set<Int> = []
      for await answer in group { answers.insert(answer) }
      #expect(answers == Set(1...40))
    }
    let all = said.numbers.withLock { $0 }
    #expect(all.count == 80)
    #expect(stride(from: 0, to: 80, by: 2).allSatisfy { all[$0] == -all[$0 + 1] }, "\(all)")
  }
}
