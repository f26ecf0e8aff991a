// What the clock and the receivers bring about: rungs that are climbed, attempts that begin and end. Capacity has one owner,
// and it is here: an attempt begins only when its endpoint has a slot, and what finds none is woken by an outcome.
import Convening
import Wire

extension Planning {
  /// Everything of one discussion whose time has come.
  mutating func work(on id: DiscussionID) {
    guard let discussion = discussion(id) else { return }
    turn.worked.insert(id)
    if let closing = discussion.closing(at: now) { record(id, closing) }
    // By index: in a storm each discussion is looked at for each endpoint that it waits for, mostly in vain.
    for index in discussion.reminders.indices {
      if case .inFlight(let since) = discussion.reminders[index].state, clock.isLost(since: since, at: now) {
        lose(discussion.reminders[index], of: id)
      }
    }
    guard !isStopping else { return }
    if docket.handovers.isWaiting(id) { handOver(id) }
    keepHours(of: id)
    guard pause == nil || !Pause.holdsBack(discussion.convene.urgency) else { return }
    raiseTheUndelivered(of: id)
    guard let discussion = self.discussion(id) else { return }
    for index in discussion.positions.indices
    where discussion.positions[index].rungs.contains(where: { $0.due <= now }) {
      climb(discussion.positions[index].agency, of: id)
    }
    // What was left of a ladder may just have been climbed, or passed.
    for agency in sayDaily(of: id) { climb(agency, of: id) }
    guard let discussion = self.discussion(id) else { return }
    for index in discussion.reminders.indices {
      // As it stands now: a retry before it may have opened what replaces it.
      if discussion.reminders[index].isDue(at: now), let reminder = self.discussion(id)?.reminders[index],
        reminder.isDue(at: now)
      {
        retry(reminder, of: id)
      }
    }
  }

  /// Gives the slots that are free to those who wait for them, in their order.
  mutating func serveQueues() {
    guard !isStopping else { return }
    for route in docket.queues.keys.sorted() {
      guard let queue = docket.queues[route] else { continue }
      var taken = turn.queues[route]?.taken ?? 0
      // A route that has stopped serves its whole queue at once: so many a turn.
      let most = taken + docket.limits.duePerTurn
      while taken < min(queue.count, most), hasRoom(route) {
        let id = queue[queue.index(queue.startIndex, offsetBy: taken)]
        taken += 1
        turn.queues[route, default: .init()].taken = taken
        turn.queues[route, default: .init()].takenIDs.insert(id)
        work(on: id)
      }
    }
  }

  // MARK: - Rungs

  /// The rungs of one agency that are due: one message per place, the newest step.
  mutating func climb(_ agency: AgencyID, of id: DiscussionID) {
    // Each round passes what is late, or tries places that no round before it tried.
    var tried: Set<Place> = []
    while let discussion = discussion(id), let position = discussion.position(agency) {
      let due = position.rungs.filter { $0.due <= now && !$0.waits(until: clock.escalationsFrom, at: now) }
      let late = due.filter { $0.stopAfter <= now }
      if !late.isEmpty {
        record(id, .rungsPassed(agency, late.map(\.step), .tooLate))
        sayTooLate(late, agency, of: id)
        for message in [Message.concluded, .answered] where late.contains(where: { $0.message == message }) {
          sayInstead(of: message, agency, of: id)
        }
        continue
      }
      var isUntold = false
      for notice in due where notice.isNotice {
        guard !ask(notice, agency, discussion) else { continue }
        // The convener hears of a no, though their word stands in for nobody; and nobody hears in the coordinator's stead.
        let isHeard = notice.places.contains(.coordinator) || canHear(notice, agency, of: id)
        if notice.message != .answered || !isHeard {
          isUntold = sayInstead(of: notice.message, agency, of: id) || isUntold
        }
        guard notice.message == .rescheduled else { continue }
        // Nobody of those who know the old time hears of the new one: somebody else must.
        isUntold =
          raise(agency, past: Set(notice.places), of: id, adding: stoppedWord(on: notice, agency, of: id)) || isUntold
      }
      if isUntold { continue }
      // As those notices have left it.
      guard let position = self.discussion(id)?.position(agency) else { return }
      guard let newest = due.last(where: { !$0.isNotice }) else { return }
      if newest.places.contains(.convener), holder(.convener, position, discussion).map(stopped.contains) ?? false,
        sayConvenerStopped(agency, of: id)
      {
        continue
      }
      let older = due.filter { !$0.isNotice && $0.step != newest.step }
      if let widened = position.rungs(widening: newest, for: older) {
        record(id, .ladderPlanned(agency, .late, widened))
        continue
      }
      // Whom the newest step asks now, an older one that waits for the clock asks no more.
      let covered = position.rungs.filter { rung in
        !rung.isNotice && rung.step != newest.step && rung.due <= newest.due && !due.contains(rung)
          && Set(newest.places).isSuperset(of: rung.places)
      }
      if !(older + covered).isEmpty { record(id, .rungsPassed(agency, (older + covered).map(\.step), .newer)) }
      guard !ask(newest, agency, discussion) else { return }
      tried.formUnion(newest.places)
      // Somebody further up has been asked instead already: the steps after this one keep their time.
      guard self.discussion(id)?.position(agency)?.isAsked(beyond: newest.places, stopped) == false else { return }
      guard raise(agency, past: tried, of: id, adding: stoppedWord(on: newest, agency, of: id)) else { return }
    }
  }

  /// A place of the rung could not be asked because its route has stopped: the coordinator hears of it, once for each
  /// discussion and agency.
  private func stoppedWord(on rung: Rung, _ agency: AgencyID, of id: DiscussionID) -> Rung? {
    guard let discussion = discussion(id), let position = discussion.position(agency) else { return nil }
    let isStopped = rung.places.contains { place in
      !place.isTold && holder(place, position, discussion).map(stopped.contains) ?? false
    }
    guard isStopped, !discussion.hasStoppedWord(about: position) else { return nil }
    return .word(Rung.stopped, due: now, now: now)
  }

  /// Nobody asked the agency in time, and it has said nothing: the coordinator hears at least.
  private mutating func sayTooLate(_ late: [Rung], _ agency: AgencyID, of id: DiscussionID) {
    // A word that waited too long for a slot is itself such a step, and so is that of a new time.
    guard let newest = late.last(where: { !$0.isNotice || [.attention, .rescheduled].contains($0.message) }),
      let discussion = discussion(id),
      let index = discussion.positions.firstIndex(where: { $0.agency == agency }),
      discussion.silentFrom(at: index) != nil,
      // One that is still to be sent says the same.
      !discussion.positions[index].rungs.contains(where: { $0.step == "too-late" && $0.stopAfter > now }),
      // What they heard of an earlier time of the meeting is another matter.
      !discussion.reminders.contains(where: { $0.agency == agency && $0.place == .coordinator && !$0.isOvertaken })
    else { return }
    let word = Rung.word("too-late", due: newest.due, now: now)
    record(id, .ladderPlanned(agency, .raised, ([word] + discussion.positions[index].rungs).inOrder))
  }

  private func canHear(_ notice: Rung, _ agency: AgencyID, of id: DiscussionID) -> Bool {
    guard let discussion = discussion(id), let position = discussion.position(agency) else { return false }
    return notice.places.contains { place in holder(place, position, discussion).map { !stopped.contains($0) } ?? false
    }
  }

  private func holder(_ place: Place, _ position: Position, _ discussion: Discussion) -> RouteName? {
    discussion.holder(place, of: position, arrangements, at: now)
  }

  /// Who has heard of what the rung says: of a decision, or of a decline, those who were told of it, of anything else those
  /// who were asked.
  private func known(to rung: Rung, _ position: Position, _ id: DiscussionID) -> [Position.Asked] {
    guard [.concluded, .answered].contains(rung.message) else { return position.asked }
    let told = discussion(id)?.reminders.filter { $0.agency == position.agency && $0.message == rung.message } ?? []
    return position.asked.filter { asked in told.contains { $0.place == asked.place && $0.route == asked.route } }
  }

  /// Asks each place of a rung. False where nobody could be asked at all, now or when a slot is free.
  @discardableResult
  private mutating func ask(_ rung: Rung, _ agency: AgencyID, _ discussion: Discussion) -> Bool {
    var reached = false
    for place in rung.places {
      // As the place before this one has left it.
      guard let position = self.discussion(discussion.id)?.position(agency) else { return reached }
      let route = holder(place, position, discussion)
      if let reason = whyNotToAsk(place, route, rung, position, discussion.id)
        ?? Position.skips(place, route, known(to: rung, position, discussion.id), stopped)
      {
        record(discussion.id, .placeSkipped(position.agency, place, step: rung.step, reason, route: route))
        if reason == .alreadyAsked, place != .convener, let route {
          reached = reached || !discussion.isRefused(position.agency, by: route, at: now)
        }
        // Who has not answered is asked by other steps.
        if reason == .notAcknowledged { reached = true }
        continue
      }
      // Whoever convened answers for no agency: their word stands in for nobody who could not be asked.
      reached = reached || place != .convener || rung.places == [.convener]
      guard let route else { continue }
      if hasRoom(route) { open(rung, place, route, position, discussion) } else { wait(discussion.id, for: route) }
    }
    return reached
  }

  /// There is nobody to ring for where the agency has it in hand; and where one step turned out empty and the next is due at
  /// once, one word to the convener is enough. A step to whoever has acknowledged asks nobody where nobody has, and nobody
  /// twice. nil where they are asked, as far as that goes.
  private func whyNotToAsk(
    _ place: Place, _ route: RouteName?, _ rung: Rung, _ position: Position, _ id: DiscussionID
  ) -> SkipReason? {
    switch place {
    case .convener:
      if !rung.isNotice, !rung.ifUnanswered, position.acknowledged != nil { return .acknowledged }
      return isAsked(position.agency, at: now, id) { $0.place == .convener } ? .alreadyAsked : nil
    case .acknowledger:
      if position.acknowledged == nil { return .notAcknowledged }
      return isAsked(position.agency, at: now, id) { $0.route == route } ? .alreadyAsked : nil
    case .contact, .deputy, .lead, .coordinator, .manager: return nil
    }
  }

  private func isAsked(
    _ agency: AgencyID, at moment: Instant, _ id: DiscussionID, _ such: (Reminder) -> Bool
  ) -> Bool {
    discussion(id)?.reminders.contains { $0.agency == agency && $0.firstAt == moment && such($0) } ?? false
  }

  private mutating func open(
    _ rung: Rung, _ place: Place, _ route: RouteName, _ position: Position, _ discussion: Discussion
  ) {
    let reminder = ReminderID(at: now, using: &turn.lots)
    let earlier = (self.discussion(discussion.id) ?? discussion).reminders.filter { $0.agency == position.agency }
    // The first message to the agency itself invites, whatever step it comes from.
    let isFirst = !earlier.contains { !$0.place.isTold && $0.message != .answered && $0.step != rung.step }
    let message = rung.message(to: place, isFirst: isFirst)
    let stopAfter = [.attention, .answered, .concluded].contains(message) ? now + noticeLife : rung.stopAfter
    let superseded = earlier.filter { $0.place == place && $0.isReplaced(by: message) }
    // The last that asked the agency itself, under another step, and had no answer: this place is asked because of it.
    let unanswered = earlier.last { $0.pursuesAnswer && $0.message != .attention && $0.step != rung.step }
    let isNew = !rung.isNotice && !position.asked.contains { $0.place == place }
    let escalates = isNew && (rung.ifUnanswered || position.acknowledged == nil) ? unanswered?.id : nil
    let ladder = policies[discussion.policy].map(discussion.ladder)
    let margin = ladder?.lastAttemptMargin ?? .zero
    // A notice of a new time asks anew, and is of use until then.
    let isAsking = !place.isTold && [.invitation, .reminder, .rescheduled].contains(message)
    let facts = ReminderBody.Facts(
      id: reminder, source: arrangements.source, message: message, time: now, discussion: discussion.id,
      agency: position.agency, place: place, step: rung.step, sequence: position.messages + 1,
      urgency: discussion.convene.urgency, meeting: discussion.meeting, stopAfter: stopAfter,
      lateBy: max(now - rung.due, .zero), supersedes: superseded.suffix(16).map(\.id),
      escalates: escalates, ring: ring(for: message, rung.step, position.agency),
      detailsSentAt: position.detailsSent.last { $0.route == route }?.at)
    let body = ReminderBody.compose(facts)
    let opening = Opening(
      agency: position.agency, place: place, step: rung.step, message: message, sequence: facts.sequence, due: rung.due,
      stopAfter: stopAfter, margin: margin, supersedes: facts.supersedes, escalates: facts.escalates,
      undeliveredFrom: isAsking ? ladder?.undelivered(from: now, stopAfter: min(stopAfter, discussion.deadline)) : nil,
      body: body)
    record(discussion.id, .attemptBegan(reminder, attempt: 1, route: route, opening: opening))
    turn.counters.lateness.observe(Double((now - rung.due).milliseconds) / 1000)
    begin(.discussion(discussion.id), reminder, attempt: 1, route, body)
  }

  /// Whom to ring: for a word to the coordinator about an agency those who should have answered, for all others the authority.
  private func ring(for message: Message, _ step: StepName, _ agency: AgencyID) -> [String] {
    let isOfAgency = [.attention, .answered].contains(message) && step != Rung.undecided
    let holders = isOfAgency ? arrangements.telephones(of: agency, at: now).compactMap(\.phone) : []
    return holders.isEmpty ? arrangements.ringNumbers(at: now) : holders
  }

  /// A place that has not taken its message in for too long: the next one is asked, and this one is tried on. Nothing where
  /// somebody beyond it was asked already, or the agency has answered.
  private mutating func raiseTheUndelivered(of id: DiscussionID) {
    // By index, as above. Whoever is asked next is asked in this turn.
    guard let discussion = discussion(id), discussion.phase == .scheduled else { return }
    for index in discussion.reminders.indices {
      guard let from = discussion.reminders[index].undeliveredFrom, from <= now, !discussion.reminders[index].hasRisen
      else { continue }
      let reminder = discussion.reminders[index]
      // One that is tried again in this very turn, as after a pause, may be taken in yet.
      guard !(reminder.isDue(at: now) && hasRoom(reminder.route)), !reminder.isSettled, !reminder.isOvertaken,
        let position = self.discussion(id)?.position(reminder.agency),
        position.acknowledged == nil, !position.isAsked(beyond: [reminder.place], stopped)
      else { continue }
      raise(reminder.agency, past: [reminder.place], of: id, because: .undelivered)
    }
    if let joined = docket.isWaitingSince(id), joined + Ladder.leastPatience <= now { raiseTheUnsent(of: id) }
  }

  /// A step that has found no slot for as long has arrived no more than one that nobody accepts: the next place is asked, and
  /// this one keeps its place in the queue.
  private mutating func raiseTheUnsent(of id: DiscussionID) {
    guard let discussion = discussion(id), let policy = policies[discussion.policy] else { return }
    let ladder = discussion.ladder(under: policy)
    for index in discussion.positions.indices {
      guard let position = self.discussion(id)?.positions[index], position.acknowledged == nil,
        let unsent = docket.unsent(discussion, at: index, ladder, arrangements, now: now), unsent.from <= now,
        // What has a slot by now is sent in this very turn.
        !unsent.routes.contains(where: hasRoom), !position.isAsked(beyond: unsent.places, stopped)
      else { continue }
      raise(position.agency, past: Set(unsent.places), of: id, because: .undelivered)
    }
  }

  /// Makes the next rung that asks somebody else due at once. True where that changed something.
  @discardableResult
  mutating func raise(
    _ agency: AgencyID, past places: Set<Place>, of id: DiscussionID, adding word: Rung? = nil,
    because reason: PlanReason = .raised
  ) -> Bool {
    guard let discussion = discussion(id), discussion.phase == .scheduled,
      let position = discussion.position(agency), position.isPursued, let policy = policies[discussion.policy]
    else { return false }
    // Asking once more whoever takes nothing in reaches nobody.
    let stuck = discussion.reminders.filter { reminder in
      reminder.agency == agency && !reminder.isSettled && reminder.undeliveredFrom.map { $0 <= now } ?? false
    }
    let raised = position.rungsRaised(
      past: places.union(stuck.map(\.place)), at: now, ladder: discussion.ladder(under: policy),
      meetingAt: discussion.deadline)
    // One word is enough, however many routes stop before there is a slot for it.
    let words = word.map { word in position.rungs.contains { $0.step == word.step } ? [] : [word] } ?? []
    guard raised != nil || !words.isEmpty else { return false }
    record(id, .ladderPlanned(agency, reason, (words + (raised ?? position.rungs)).inOrder))
    turn.counters.escalations[.init(agency.text, "unreachable"), default: 0] += 1
    keepHours(of: id)
    return true
  }
}
