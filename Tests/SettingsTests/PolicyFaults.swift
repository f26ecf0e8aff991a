// What is wrong with policies and their ladders, a change of the settings each: rows of `FaultTests`.

extension FaultTests {
  static let policies: [Change] = [
    Change(
      "no policy", "policies:\n", "policies: []\nx:\n", "19:11: policies is an empty list. Add one;",
      "20:1: the file knows no such key."),
    Change("a policy without an id", "- id: leeds-2026\n    from", "- from", "20:5: a policy has no `id`. Add it."),
    Change(
      "a first day that is none", "2026-04-01", "2026-02-30", "21:11: `from` is not a day. Write it as 2027-04-01."),
    Change("none in force", "2026-04-01", "2026-11-25", "20:3: no policy is in force on 2026-11-24."),
    Change(
      "a required agency that is not there", "[csc, health]", "[csc, police]",
      "22:21: no agency goes by this name. Define it under `agencies`."),
    Change("a required agency twice", "[csc, health]", "[csc, csc]", "22:21: the agency stands here twice."),
    Change("nobody required", "[csc, health]", "[]", "22:15: required is an empty list. Name those that the law"),
    Change(
      "a kind that is none", "[in_person, video]", "[in_person, telepathy]",
      "23:27: a kind of contribution is none of the words allowed. Use `in_person`, `video`,"),
    Change("nothing counts", "[in_person, video]", "[]", "23:15: counting is an empty list."),
    Change(
      "what comes too late", "[in_person, video]", "[in_person, after_decision]",
      "23:27: a contribution after the decision cannot count towards it."),
    Change(
      "a length of time without a unit", "15 minutes", "15",
      "24:24: decision_recorded is not a length of time. Write a number and a unit: `90 seconds`"),
    Change("no time", "15 minutes", "0 minutes", "24:24: decision_recorded is not a length of time."),
    Change("a signed time", "15 minutes", "\"+15 minutes\"", "24:24: decision_recorded is not a length of time."),
    Change("a time beyond ten years", "15 minutes", "999999999 days", "24:24: decision_recorded is not a length of"),
    Change(
      "a limit that is none", "20 working days from circulation", "20 working hours",
      "25:18: close_after is not a limit. Write `20 working days from circulation`, 400 at most,"),
    Change(
      "a reason that is neither", "reason: required", "reason: perhaps",
      "26:27: reason is none of the words allowed. Use `required` or `optional`."),
    Change(
      "no ladder", "      standard:", "      usual:", "28:7: urgencies knows no such key.",
      "28:7: urgencies has no `standard`. Add it."),
  ]

  static let ladders: [Change] = [
    Change(
      "a first step that waits", "at: once", "unanswered: 1 hour",
      "32:13: the first step does not ask at once. Begin with `{name: invite, at: once, to: [contact]}`."),
    Change(
      "a second step at once", "unanswered: 2 hours", "at: once",
      "33:31: only the first step may be `at: once`. Use `unanswered:` or `before:`."),
    Change("a step at noon", "at: once", "at: noon", "32:32: at is none of the words allowed. Write `once`."),
    Change(
      "a step without a time", "unanswered: 2 hours, ", "",
      "33:13: a step needs one of `at`, `unanswered`, `before`. Say when it is due, once."),
    Change(
      "a step with two times", "unanswered: 2 hours", "unanswered: 2 hours, before: 1 hour",
      "33:13: a step needs one of `at`, `unanswered`, `before`."),
    Change("two steps of one name", "name: chase", "name: invite", "33:20: two steps are called invite."),
    Change(
      "a step that bears a notice's name", "name: chase", "name: cancelled", "33:20: this name is taken by a notice."),
    Change(
      "a place that no agency has", "to: [deputy]", "to: [lead]",
      "33:53: no agency has a lead. Fill the place under `agencies`, or leave it out."),
    Change(
      "a place that is none", "to: [deputy]", "to: [boss]",
      "33:53: a place is none of the words allowed. Use `contact`, `deputy`, `lead`, `coordinator` or `acknowledger`."),
    Change(
      "a place twice", "[contact, coordinator]", "[contact, contact, coordinator]",
      "34:83: the place stands here twice."),
    Change(
      "a ladder that ends in silence", "[contact, coordinator]", "[contact]",
      "32:11: no step asks the coordinator: the ladder can end in silence. Let the last one ask them too."),
    Change(
      "a step after the decision that tells the coordinator", "before: 45 minutes", "after: decision",
      "32:11: no step asks the coordinator: the ladder can end in silence. Let the last one ask them too.",
      "34:70: the coordinator is not absent. Name places of the agency's own."),
    Change(
      "a step after the decision with another moment", "unanswered: 2 hours", "after: decision, before: 1 hour",
      "33:52: a step after the decision has no other moment. Leave `before` out."),
    Change(
      "a step after something else", "unanswered: 2 hours", "after: lunch",
      "33:34: after is none of the words allowed. Write `decision`."),
    Change("a step to nobody", "to: [deputy]", "to: []", "33:52: to is an empty list. Name a place"),
    Change(
      "another reason to stay silent", "unless: contributed", "unless: acknowledged",
      "34:56: unless is none of the words allowed. Write `contributed`."),
    Change(
      "no steps", "to: [contact]}\n", "to: [contact]}\n          - 7\n",
      "33:13: a step is not a list of keys and values."),
  ]
}
