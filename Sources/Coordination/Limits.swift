// Every bound of the kernel, in one place, each with the range that the simulation explores.
import Convening

public struct Limits: Hashable, Sendable {
  /// Inputs in one turn; simulated 2...500: a start and a step of the clock before it are looked at together.
  public var inputsPerTurn = 500
  /// Discussions looked at in one turn because their time has come; simulated 1...2000.
  public var duePerTurn = 2000
  /// Discussions planned anew in one turn after a policy was adopted; simulated 1...200.
  public var replansPerTurn = 200
  /// Closed discussions read again in one turn after other bank holidays were adopted; simulated 1...20.
  public var revisitsPerTurn = 20
  /// Commands that may wait for a turn; more are refused. Simulated 1...1000.
  public var waitingCommands = 1000
  /// Keyed test messages and routes enabled whose answers are remembered; older ones are done again when they are asked for
  /// again. Simulated 100...10,000.
  public var rememberedAnswers = 10_000
  /// Attempts under way at one endpoint; simulated 1...8.
  public var perEndpoint = 8
  /// Attempts under way in all; simulated 1...6000.
  public var inFlight = 6000

  public init() {}
}
