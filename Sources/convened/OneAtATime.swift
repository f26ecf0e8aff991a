// Work that is done one after another, in the order in which it was asked for: two reloads at once would leave the routes of one
// file beside the places of another.
import Synchronization

final class OneAtATime: Sendable {
  private let last = Mutex<Task<Void, Never>?>(nil)

  func run<Result: Sendable>(_ work: @escaping @Sendable () async -> Result) async -> Result {
    let task = last.withLock { last in
      let before = last
      let task = Task {
        await before?.value
        return await work()
      }
      last = Task { _ = await task.value }
      return task
    }
    return await task.value
  }
}
