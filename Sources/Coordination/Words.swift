// What is planned beside the ladders: steps that hours move, the coordinator's word of each day, and the word that an absent
// agency could not be told how it ended. Each is recorded as a plan, and sent as any other rung.
import Convening

extension Planning {
  /// Each step in the hours of those it asks, as things stand now.
  mutating func keepHours(of id: DiscussionID) {
    guard let discussion = discussion(id), let policy = policies[discussion.policy],
      discussion.keepsHours(under: policy)
    else { return }
    for index in discussion.positions.indices {
      if let rungs = discussion.rungsWithinHours(at: index, under: policy, arrangements, now: now) {
        record(id, .ladderPlanned(discussion.positions[index].agency, .outsideHours, rungs))
      }
    }
  }

  /// No ladder ends in silence: who was told last is told again, a day later. So they are where every agency has answered and
  /// nobody records what was decided. Of which agencies there is something to tell.
  mutating func sayDaily(of id: DiscussionID) -> [AgencyID] {
    guard let discussion = discussion(id) else { return [] }
    var agencies: [AgencyID] = []
    func say(_ step: StepName, at index: Int, _ from: Instant) {
      let agency = discussion.positions[index].agency
      record(id, .ladderPlanned(agency, .daily, [.wordOfTheDay(step, due: from, now: now)]))
      agencies.append(agency)
    }
    for index in discussion.positions.indices {
      if let from = discussion.dailyFrom(at: index), from <= now { say(Rung.daily, at: index, from) }
    }
    if let from = discussion.undecidedFrom, from <= now, let index = discussion.bearerOfUndecided {
      say(Rung.undecided, at: index, from)
    }
    if !agencies.isEmpty { keepHours(of: id) }
    return agencies
  }

  /// What somebody had to hear, and nobody can be told of any more: the coordinator hears. True where they will; false for what
  /// other steps stand in for.
  @discardableResult
  mutating func sayInstead(of message: Message, _ agency: AgencyID, of id: DiscussionID) -> Bool {
    switch message {
    case .concluded: sayUntold(agency, of: id)
    case .answered: sayUnheard(no: agency, of: id)
    case .invitation, .reminder, .rescheduled, .cancelled, .attention, .handover, .reviewDue, .ping: false
    }
  }

  /// Nobody of an agency that was absent can be told any more that it is decided: the coordinator hears. True where they will.
  @discardableResult
  mutating func sayUntold(_ agency: AgencyID, of id: DiscussionID) -> Bool {
    guard let discussion = discussion(id), discussion.isUntold(agency), let position = discussion.position(agency)
    else { return false }
    let word = Rung.word(Rung.untold, due: now, now: now)
    record(id, .ladderPlanned(agency, .raised, (position.rungs + [word]).inOrder))
    return true
  }

  /// Nobody who hears of a no, the lead and whoever convened, can be told of it: the coordinator hears. True where they will.
  private mutating func sayUnheard(no agency: AgencyID, of id: DiscussionID) -> Bool {
    guard let discussion = discussion(id), discussion.phase == .scheduled,
      let position = discussion.position(agency), let declined = position.declined,
      !position.rungs.contains(where: { $0.message == .answered })
    else { return false }
    // Of a no before it, which was taken back, they may have heard.
    let words = discussion.reminders.filter {
      $0.agency == agency && $0.message == .answered && $0.firstAt >= declined.at && !$0.isOvertaken
    }
    let isHeard = words.contains { word in
      if case .undelivered = word.state { word.place == .coordinator } else { !stopped.contains(word.route) }
    }
    guard !isHeard else { return false }
    record(
      id,
      .ladderPlanned(agency, .raised, (position.rungs + [.declined(to: [.coordinator], now: now)]).inOrder))
    return true
  }

  /// Nobody can tell whoever convened, whose route has stopped: the coordinator hears, once for each discussion and agency. True
  /// where they will.
  @discardableResult
  mutating func sayConvenerStopped(_ agency: AgencyID, of id: DiscussionID) -> Bool {
    guard let discussion = discussion(id), discussion.phase == .scheduled, let position = discussion.position(agency),
      position.isPursued, !position.climbed.contains("stopped"),
      !position.rungs.contains(where: { $0.step == "stopped" }),
      !discussion.reminders.contains(where: { $0.agency == agency && $0.step == "stopped" && !$0.isOvertaken })
    else { return false }
    record(id, .ladderPlanned(agency, .raised, ([.word("stopped", due: now, now: now)] + position.rungs).inOrder))
    return true
  }
}
