// One step of a world, kept for the case of a failure and told in words only then.
import Convening
import Coordination

struct Trace {
  let at: Instant
  let inputs: [Input]
  let entries: [Entry]
  let replies: [(ticket: Int, reply: Reply)]
  var restart: String?

  var words: String {
    if let restart { return "\(at)  restart: \(restart)" }
    var text = "\(at)  in: \(inputs.map(Trace.words).joined(separator: "; "))"
    for entry in entries { text += "\n    \(entry.stream) \(String(describing: entry.event).prefix(600))" }
    for (_, reply) in replies {
      if case .refused(let refusal) = reply { text += "\n    refused: \(refusal.code)" }
    }
    return text
  }

  private static func words(_ input: Input) -> String {
    switch input {
    case .started: "started"
    case .clockStepped(let step): "the clock moved by \(step.milliseconds) ms"
    case .breakAccepted(let accepted): "accepted break at \(accepted.seq)"
    case .arranged: "arranged"
    case .stopping: "stopping"
    case .revisited(let id, _): "\(id) revisited"
    case .attemptEnded(_, let id, let attempt, let answer): "\(id) #\(attempt) \(answer.verdict)"
    case .request(let request, let ticket, _): "\(ticket): \(request.change)"
    }
  }
}
