// The documents that the screens are written from, in the shapes that the daemon answers.
import Console
import Convening
import Testing
import Wire

/// The lines are these, word for word.
func check(_ lines: [String], _ golden: String, at location: SourceLocation = #_sourceLocation) {
  #expect(lines.joined(separator: "\n") == golden, sourceLocation: location)
}

enum Documents {
  static let london = CivilZone(name: "Europe/London")!
  /// Friday 30 April 2027, 17:05 BST.
  static let page = Page(
    clock: Clock(zone: london, now: Instant("2027-04-30T16:05:00Z")!), paint: Paint(isOn: false))

  static func json(_ text: String) throws -> JSON { try JSON(parsing: text) }

  static let status = """
    {"schema":"convened.status/1","state":"ready","since":"2027-04-26T06:02:00Z","version":"1.0.0",
     "attention":[{"discussion":"7Q2F-M9KD","urgency":"urgent","meeting_at":"2027-04-30T16:30:00Z","agency":"health",
       "why":"unanswered","since":"2027-04-30T15:40:00Z","ring":[{"label":"on-call nurse","number":"0113 496 0188"},
       {"label":"on-call director","number":"0113 496 0190"}],
       "next":{"at":"2027-04-30T16:10:00Z","place":"coordinator","label":"emergency duty team"}}],
     "checks":[{"name":"journal","state":"ok","size_bytes":61440},{"name":"calendar","state":"ok","horizon_days":611},
       {"name":"endpoints","state":"warn","detail":"health-hub is failing"}],
     "discussions":{"open":2,"overdue":1,"decided_without_all":0},
     "reminders":{"scheduled":12,"in_flight":0,"undelivered":1,"oldest_due_s":0,"next_due":"2027-04-30T16:10:00Z"},
     "agencies":[
       {"agency":"childrens-social-care","holder":"edt","until":"2027-05-04T07:30:00Z","endpoint":"ok",
        "last_accepted":"2027-04-30T16:00:00Z","last_answered":"2027-04-30T16:02:00Z","awaiting":2,
        "name":"Children's Social Care","label":"Emergency duty team"},
       {"agency":"police","holder":"police-unit","until":"2027-04-30T19:00:00Z","endpoint":"unknown",
        "last_accepted":null,"last_answered":null,"awaiting":2,"name":"Police","label":null},
       {"agency":"health","holder":null,"until":null,"endpoint":"failing","last_accepted":"2027-04-29T16:00:00Z",
        "last_answered":null,"awaiting":1,"name":"Health","label":null}],
     "clock":{"synchronised":null,"last_step_s":0},"journal":{"seq":8812,"head":"sha256:00"}}
    """

  static let discussion = """
    {"schema":"convened.discussion/1","id":"7Q2F-M9KD","revision":9,"state":"scheduled",
     "meeting_at":"2027-04-30T16:30:00Z","urgency":"standard",
     "positions":[{"agency":"childrens-social-care","required":true,"state":"contributed","contribution":"phone_live",
       "reason":null,"units":[],"counts":true,"contributed_at":"2027-04-30T16:02:00Z"},
      {"agency":"police","required":true,"state":"acknowledged","contribution":null,"reason":null,"units":[]},
      {"agency":"health","required":true,"state":"declined","contribution":null,"reason":"B13","units":[]},
      {"agency":"education","required":false,"state":"invited","contribution":null,"reason":null,"units":[]}],
     "quorum":{"quorate":false,"missing":["police","health"]},"clocks":[],
     "next":{"at":"2027-04-30T16:10:00Z","agency":"police","place":"deputy","step":"chase"},"form":"phone"}
    """

  static let timeline = """
    {"schema":"convened.timeline/1","id":"7Q2F-M9KD","retries":[],"entries":[
    {"seq":8790,"revision":1,"event":"convened","occurred_at":"2027-04-30T15:40:02Z","recorded_at":"2027-04-30T15:40:02Z",
     "actor":{"uid":1001,"pid":1,"role":"team manager"},"data":{"meeting_at":"2027-04-30T16:30:00Z","duration_min":60,
     "form":"phone","urgency":"standard","need_identified_at":"2027-04-30T15:25:00Z",
     "agencies":["police","health"],"team":"duty-and-advice-2","by_role":"team manager","policy":"leeds-2027-04"}},
    {"seq":8791,"revision":2,"event":"ladderPlanned","recorded_at":"2027-04-30T15:40:02Z","agency":"police",
     "data":{"reason":"convened","rungs":[]}},
    {"seq":8792,"revision":3,"event":"attemptBegan","recorded_at":"2027-04-30T15:40:03Z","agency":"police",
     "data":{"reminder":"msg_A","attempt":1,"route":"police-unit","place":"contact","step":"invite",
     "message":"invitation","sequence":1,"due":"2027-04-30T15:40:02Z"}},
    {"seq":8793,"revision":4,"event":"attemptBegan","recorded_at":"2027-04-30T15:40:03Z","agency":"health",
     "data":{"reminder":"msg_B","attempt":1,"route":"health-hub","place":"contact","step":"invite",
     "message":"invitation","sequence":1,"due":"2027-04-30T15:40:02Z"}},
    {"seq":8794,"revision":5,"event":"attemptEnded","recorded_at":"2027-04-30T15:40:03.120Z",
     "data":{"reminder":"msg_A","attempt":1,"verdict":"accepted","status":200,"took_ms":117}},
    {"seq":8795,"revision":6,"event":"attemptEnded","recorded_at":"2027-04-30T15:40:18Z",
     "data":{"reminder":"msg_B","attempt":1,"verdict":"retry","fault":"timeout","took_ms":15000,"next":"2027-04-30T15:40:23Z"}},
    {"seq":8796,"revision":7,"event":"attemptBegan","recorded_at":"2027-04-30T15:40:23.500Z",
     "data":{"reminder":"msg_B","attempt":2,"route":"health-hub"}},
    {"seq":8797,"revision":8,"event":"attemptEnded","recorded_at":"2027-04-30T15:40:24Z",
     "data":{"reminder":"msg_B","attempt":2,"verdict":"accepted","status":202,"took_ms":90}},
    {"seq":8798,"revision":9,"event":"acknowledged","occurred_at":"2027-04-30T15:43:00Z",
     "recorded_at":"2027-04-30T15:44:10Z","agency":"police","data":{"by_role":"duty DS","via":"phone"}},
    {"seq":8799,"revision":10,"event":"attemptBegan","recorded_at":"2027-04-30T15:50:03Z","agency":"health",
     "data":{"reminder":"msg_C","attempt":1,"route":"named-nurse","place":"deputy","step":"chase","message":"reminder",
     "sequence":2,"due":"2027-04-30T15:48:00Z","escalates":"msg_B"}},
    {"seq":8800,"revision":11,"event":"attemptEnded","recorded_at":"2027-04-30T15:50:04Z",
     "data":{"reminder":"msg_C","attempt":1,"verdict":"gone","status":410,"took_ms":90}},
    {"seq":8801,"revision":12,"event":"placeSkipped","recorded_at":"2027-04-30T15:50:04Z","agency":"health",
     "data":{"place":"lead","step":"lead","reason":"no_holder"}},
    {"seq":8802,"revision":13,"event":"rungsPassed","recorded_at":"2027-04-30T15:50:05Z","agency":"health",
     "data":{"steps":["chase","lead"],"reason":"newer"}},
    {"seq":8803,"revision":14,"event":"attemptBegan","recorded_at":"2027-04-30T15:51:00Z","agency":"health",
     "data":{"reminder":"msg_D","attempt":1,"route":"edt","place":"coordinator","step":"ring","message":"attention",
     "sequence":3,"due":"2027-04-30T15:51:00Z"}},
    {"seq":8804,"revision":15,"event":"attemptLost","recorded_at":"2027-04-30T15:52:00Z",
     "data":{"reminder":"msg_D","attempt":1,"next":"2027-04-30T15:52:05Z"}},
    {"seq":8805,"revision":16,"event":"somethingNew","recorded_at":"2027-04-30T16:00:00Z","agency":"police","data":{}},
    {"seq":8806,"revision":17,"event":"contributionRecorded","occurred_at":"2027-04-30T16:20:00Z",
     "recorded_at":"2027-04-30T16:20:30Z","agency":"police","data":{"kind":"phone_live","by_role":"duty DS","via":"phone"}},
    {"seq":8807,"revision":18,"event":"declined","occurred_at":"2027-04-30T16:21:00Z","recorded_at":"2027-04-30T16:21:00Z",
     "agency":"health","data":{"code":"B13","by_role":"named nurse"}},
    {"seq":8808,"revision":19,"event":"held","occurred_at":"2027-04-30T16:31:00Z","recorded_at":"2027-04-30T16:40:00Z",
     "data":{"form":"phone"}},
    {"seq":8809,"revision":20,"event":"decided","occurred_at":"2027-04-30T16:48:00Z","recorded_at":"2027-04-30T16:49:00Z",
     "data":{"by_role":"team manager","missing":["health"]}},
    {"seq":8810,"revision":21,"event":null,"erased":true},
    {"seq":8811,"revision":22,"event":"circulated","occurred_at":"2027-05-04T08:00:00Z","recorded_at":"2027-05-04T08:00:00Z",
     "data":{"to":["police","health"],"closes_at":"2027-06-02T23:00:00Z"}},
    {"seq":8812,"revision":23,"event":"closed","recorded_at":"2027-06-02T23:00:00Z","data":{"by_policy":true}}]}
    """

  /// Decided a quarter of an hour ago, without two of three; as the control socket shows it.
  static let decided = """
    {"schema":"convened.discussion/1","id":"7Q2F-M9KD","revision":19,"state":"decided",
     "meeting_at":"2027-04-30T15:30:00Z","urgency":"urgent",
     "positions":[{"agency":"childrens-social-care","required":true,"state":"contributed","contribution":"phone_live",
       "reason":null,"units":[],"counts":true,"contributed_at":"2027-04-30T15:31:00Z","details_sent_at":null,
       "barrier":null},
      {"agency":"police","required":true,"state":"no_response","contribution":null,"reason":"B10","units":[],
       "details_sent_at":null,"barrier":{"code":"B10","by":"chair","proposed":"B14","answer":"disputed",
       "answer_code":"B05","answer_until":"2027-05-04T23:00:00Z","answered_late":false}},
      {"agency":"health","required":true,"state":"no_response","contribution":null,"reason":"B14","units":[],
       "details_sent_at":"2027-04-30T15:20:00Z","barrier":{"code":"B14","by":"rules","proposed":"B14","answer":null,
       "answer_code":null,"answer_until":"2027-05-04T23:00:00Z","answered_late":false}}],
     "quorum":{"quorate":false,"missing":["police","health"]},
     "clocks":[
      {"id":"C2","level":1,"started":"2027-04-30T11:32:00Z","due":"2027-04-30T15:32:00Z",
       "stopped":"2027-04-30T15:40:00Z","margin_s":-480,"rule":"4 hours from the need being identified","provisional":false},
      {"id":"C3","level":1,"started":"2027-04-30T15:42:00Z","due":"2027-04-30T15:57:00Z",
       "stopped":"2027-04-30T15:43:00Z","margin_s":840,"rule":"15 minutes from the decision","provisional":false},
      {"id":"C4","level":1,"started":"2027-04-30T15:42:00Z","due":"2027-05-04T23:00:00Z","stopped":null,"margin_s":null,
       "rule":"1 working day from the decision","provisional":false},
      {"id":"C5","level":1,"started":"2027-04-30T15:40:00Z","due":"2027-05-24T23:00:00Z","stopped":null,"margin_s":null,
       "rule":"15 working days from the initiating discussion","provisional":false},
      {"id":"C6","level":1,"started":"2027-04-30T09:00:00Z","due":"2028-01-06T00:00:00Z","stopped":null,"margin_s":null,
       "rule":"45 working days from the referral","provisional":true},
      {"id":"follow-up","level":1,"started":"2027-04-30T15:42:00Z","due":"2027-04-30T16:00:00Z",
       "stopped":null,"margin_s":null,"rule":null,"provisional":false}],
     "next":null,"form":"phone","decided_at":"2027-04-30T15:42:00Z","conference_held_at":null,"follow_up_done_at":null,
     "receipts":[]}
    """

  /// What is recorded beside the ladder and after the decision, as it shows without the outcome.
  static let afterwards = """
    {"schema":"convened.timeline/1","id":"7Q2F-M9KD","entries":[
    {"seq":1,"event":"detailsSent","occurred_at":"2027-04-30T15:41:00Z","recorded_at":"2027-04-30T15:45:00Z",
     "agency":"health","data":{"agency":"health","place":"contact","route":"health-hub"}},
    {"seq":2,"event":"telephoned","occurred_at":"2027-04-30T15:54:10Z","recorded_at":"2027-04-30T15:54:10Z",
     "agency":"health","data":{"agency":"health","number":"0113 496 0180","result":"no-reply","by_role":"team manager"}},
    {"seq":3,"event":"decided","occurred_at":"2027-04-30T16:48:00Z","recorded_at":"2027-04-30T16:49:00Z",
     "data":{"by_role":"team manager","missing":["health"]}},
    {"seq":4,"event":"clockStarted","occurred_at":"2027-04-30T16:48:00Z","recorded_at":"2027-04-30T16:49:00Z",
     "data":{"clock":"C3","due":"2027-04-30T17:03:00Z","provisional":false}},
    {"seq":5,"event":"clockStarted","occurred_at":"2027-04-30T16:48:00Z","recorded_at":"2027-04-30T16:49:00Z",
     "data":{"clock":"C4","due":"2027-05-04T23:00:00Z","provisional":false}},
    {"seq":6,"revision":6,"event":null,"hidden":true},
    {"seq":7,"event":"clockStarted","occurred_at":"2027-04-30T16:48:00Z","recorded_at":"2027-04-30T16:49:00Z",
     "data":{"clock":"follow-up","due":"2027-05-10T23:00:00Z","provisional":false}},
    {"seq":8,"event":"barrierProposed","occurred_at":"2027-04-30T16:49:00Z","recorded_at":"2027-04-30T16:49:00Z",
     "agency":"health","data":{"agency":"health","code":"B14","until":"2027-05-04T23:00:00Z"}},
    {"seq":9,"event":"barrierNamed","occurred_at":"2027-05-05T08:00:00Z","recorded_at":"2027-05-05T08:00:00Z",
     "agency":"health","data":{"agency":"health","code":"B10","by":"agency","agreed":false}},
    {"seq":10,"event":"receiptRecorded","occurred_at":"2027-05-05T09:12:00Z","recorded_at":"2027-05-05T09:12:00Z",
     "agency":"health","data":{"agency":"health","occurred_at":"2027-05-05T09:12:00Z"}},
    {"seq":11,"revision":11,"event":null,"hidden":true},
    {"seq":12,"event":"followUpDone","occurred_at":"2027-05-10T13:00:00Z","recorded_at":"2027-05-10T13:00:00Z",
     "data":{"by_role":"team manager","occurred_at":"2027-05-10T13:00:00Z"}},
    {"seq":13,"revision":13,"event":null,"hidden":true},
    {"seq":14,"revision":14,"event":null,"hidden":true},
    {"seq":15,"revision":15,"event":null,"hidden":true}]}
    """

  /// What tells of the outcome, as it shows with it.
  static let outcome = """
    {"schema":"convened.timeline/1","id":"7Q2F-M9KD","entries":[
    {"seq":3,"event":"decided","occurred_at":"2027-04-30T16:48:00Z","recorded_at":"2027-04-30T16:49:00Z",
     "data":{"by_role":"team manager","missing":["health"],"outcome":"s47_joint","flags":["icpc_expected"],
     "dissent":["police"]}},
    {"seq":6,"event":"clockStarted","occurred_at":"2027-04-30T16:31:00Z","recorded_at":"2027-04-30T16:49:00Z",
     "data":{"clock":"C5","due":"2027-05-24T23:00:00Z","provisional":false}},
    {"seq":9,"event":"clockStarted","occurred_at":"2027-05-04T10:00:00Z","recorded_at":"2027-05-04T10:00:00Z",
     "data":{"clock":"C11","due":"2027-05-06T23:00:00Z","provisional":false}},
    {"seq":11,"event":"clockMoved","occurred_at":"2027-05-05T10:00:00Z","recorded_at":"2027-05-05T10:00:00Z",
     "data":{"clock":"C5","due":"2027-05-25T23:00:00Z","provisional":false}},
    {"seq":13,"event":"conferenceHeld","occurred_at":"2027-05-21T09:00:00Z","recorded_at":"2027-05-21T11:00:00Z",
     "data":{}},
    {"seq":14,"event":"clockStarted","occurred_at":"2027-05-21T09:00:00Z","recorded_at":"2027-05-21T11:00:00Z",
     "data":{"clock":"C7","due":"2027-06-07T23:00:00Z","provisional":false}},
    {"seq":15,"event":"clockStopped","occurred_at":"2027-06-04T13:00:00Z","recorded_at":"2027-06-04T13:00:00Z",
     "data":{"clock":"C7"}}]}
    """

  static let report = """
    {"schema":"convened.report/1","from":"2026-10-01","to":"2026-12-01","by":"month","policy":["leeds-2026-04"],
     "definitions":{"three_partner":"Every agency that the policy requires."},
     "months":[{"month":"2026-10","n":214,"three_partner":{"k":152,"share":0.7103,"low":0.6462,"high":0.7669},
       "agencies":[{"agency":"health","k":160,"share":0.7477,"invited":214,"contributed_when_invited":0.7477}],
       "decision_latency":{"n":214,"median_s":540,"p90_s":2100,"within_policy":0.81}},
      {"month":"2026-11","n":0,"three_partner":{"k":0,"share":null,"low":null,"high":null},
       "agencies":[{"agency":"health","k":0,"share":null,"invited":0,"contributed_when_invited":null}],
       "decision_latency":{"n":0,"median_s":null,"p90_s":null,"within_policy":null}}],
     "total":{"n":214,"three_partner":{"k":152,"share":0.7103,"low":0.6462,"high":0.7669},
       "agencies":[{"agency":"health","k":160,"share":0.7477,"invited":214,"contributed_when_invited":0.7477}],
       "decision_latency":{"n":214,"median_s":540,"p90_s":2100,"within_policy":0.81}}}
    """

  static let plan = """
    {"schema":"convened.plan/1","id":"7Q2F-M9KD","from":"2027-04-30T16:05:00Z","entries":[
     {"at":"2027-04-30T16:10:00Z","agency":"health","place":"deputy","route":"named-nurse","step":"chase",
      "message":"reminder","rule":"2 hours without an answer","unless":"health answers"},
     {"at":"2027-05-01T08:00:00Z","agency":"health","place":"lead","route":null,"step":"lead","message":"reminder",
      "rule":"45 minutes before the meeting","unless":"health contributes or declines"},
     {"at":"2027-05-01T08:01:00Z","agency":"childrens-social-care","place":"contact","route":"duty","step":"moved",
      "message":"rescheduled","rule":"rescheduled","unless":"nothing: it tells what has changed"}]}
    """

  static let list = """
    {"schema":"convened.discussions/1","discussions":[
     {"id":"7Q2F-M9KD","state":"scheduled","meeting_at":"2027-04-30T16:30:00Z","urgency":"standard","quorate":null,
      "quorum":{"quorate":false,"missing":["police","health"]}},
     {"id":"0000-0001","state":"decided","meeting_at":"2027-05-04T08:00:00Z","urgency":"standard","quorate":true,
      "quorum":{"quorate":true,"missing":[]}}],"cursor":null}
    """

  static let reminders = """
    {"schema":"convened.reminders/1","reminders":[
     {"id":"msg_01JD8Z6X0V3W9Y5T7R1Q2N4M6K","discussion":"7Q2F-M9KD","agency":"health","place":"deputy","step":"chase",
      "message":"reminder","route":"named-nurse","state":"retrying","due":"2027-04-30T16:00:00Z",
      "next":"2027-04-30T16:07:00Z","attempts":3,"last_status":503,"last_fault":null},
     {"id":null,"discussion":"7Q2F-M9KD","agency":"police","place":"contact","step":"before","message":"reminder",
      "route":null,"state":"scheduled","due":"2027-04-30T16:20:00Z","next":null,"attempts":0,"last_status":null,
      "last_fault":null}]}
    """

  static let agencies = """
    {"schema":"convened.agencies/1","agencies":[{"agency":"health","name":"Health","places":[
      {"place":"contact","route":"on-call-nurse","label":"on-call nurse","phone":"0113 496 0188","because":"otherwise",
       "until":"2027-05-04T07:30:00Z","next":{"at":"2027-05-04T07:30:00Z","route":"health-hub","label":"health hub"},
       "endpoint":"ok"},
      {"place":"deputy","route":null,"label":null,"phone":null,"because":"nobody","until":null,"next":null,
       "endpoint":"unknown"}],"awaiting":1,"last_answered":"2027-04-30T15:00:00Z"}],
     "coordination":{"place":"coordinator","route":"edt","label":"Emergency duty team","phone":"0113 496 0110",
       "because":"always","until":null,"next":null,"endpoint":"stopped"},
     "teams":[{"team":"duty","places":[{"place":"convener","route":"desk","label":"Advice desk","phone":null,
       "because":"hours","until":null,"next":null,"endpoint":"ok"}]}],"routes":[]}
    """
}
