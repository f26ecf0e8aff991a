// The one queue that owns the state. Timers, requests and answers run on it, and so does the one actor: it names this as its
// executor, so a callback that is already here enters the actor without a hop and in order.
import Convening
import Dispatch

public final class Loop: SerialExecutor {
  public let queue: DispatchQueue

  public init(label: String = "convened.loop") { queue = DispatchQueue(label: label) }

  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedSerialExecutor()
    queue.async { job.runSynchronously(on: executor) }
  }

  public func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

  public func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}
