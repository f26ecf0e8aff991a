// Every fault has its place and its mend: one line of the good file is changed at a time, and what is said is compared.
import Foundation
import Testing

/// One change to the good file, and what is said about it.
struct Change: Sendable, CustomTestStringConvertible {
  let says: String
  let replace: String
  let with: String
  /// Each fault's beginning, in their order: `line:column: what. mend`.
  let faults: [String]

  init(_ says: String, _ replace: String, _ with: String, _ faults: String...) {
    (self.says, self.replace, self.with, self.faults) = (says, replace, with, faults)
  }

  var testDescription: String { says }
  var yaml: String { Town.yaml.replacing(replace, with: with) }
}

@Suite struct FaultTests {
  static let keys: [Change] = [
    Change(
      "an unknown key", "journal: ", "jurnal: ",
      "1:1: the file has no `journal`. Add it.",
      "7:1: the file knows no such key. Did you mean `journal`?"),
    Change(
      "an unknown key like no other", "  source: uk", "  colour: red\n  source: uk",
      "3:3: authority knows no such key. Known are: bank_holidays, name, ring, source, time_zone."),
    Change(
      "a key of a later version", "journal: ", "pages: {url: x}\njournal: ",
      "7:1: `pages` is not in this version yet. Leave it out"),
    Change(
      "points that are no shares", "journal: ",
      "report: {goal: 90, baselines: [{label: 2021}, {label: x, value: half}]}\njournal: ",
      "7:16: goal is not a share. Write a number from 0 to 1: `0.9` for 90 %.",
      "7:32: a baseline has no `value`. Add it.",
      "7:65: value is not a share."),
    Change(
      "working hours that no hours are", "journal: ", "working: offices\njournal: ",
      "7:10: no hours go by this name. Define them under `hours`."),
    Change(
      "a later key of a route", "{url_from: edt.url,", "{url_from: edt.url, format: teams,",
      "14:28: `format` is not in this version yet."),
    Change(
      "units that are none", "{name: Health,", "{name: Health, units: {GP: GP, gp: }, counts: most,",
      "17:34: a unit's name is not a legal name.", "17:46: unit gp is empty.",
      "17:57: counts is none of the words allowed. Use `any-unit` or `all-asked`."),
    Change(
      "no units, and how they count", "{name: Health,", "{name: Health, units: {}, counts: any-unit,",
      "17:33: units of health is empty or not a list of names."),
    Change(
      "how units count that are not there", "{name: Health,", "{name: Health, counts: all-asked,",
      "17:34: `counts` says nothing where agency health has no `units`. Name its units, or leave it out."),
    Change(
      "a reading of a clock that is none", "    without_all",
      "    conference: 15 working days from every discussion\n    without_all",
      "26:17: conference is not a limit."),
    Change(
      "clocks of no time", "    without_all",
      "    assessment: 45\n    disagreement: []\n    record_circulated: 4 working weeks\n    without_all",
      "26:17: assessment is not a limit. Write `2 working days`, `4 working hours` or `30 minutes`, 400 at most.",
      "27:19: disagreement is an empty list. Write one limit for each level, as `[2 working days]`.",
      "28:24: record_circulated is not a limit. Write `2 working days`, `4 working hours` or `30 minutes`, 400 at most."
    ),
    Change(
      "an urgent ladder that is not whole", "    urgencies:\n", "    urgencies:\n      urgent: {squeeze: maybe}\n",
      "28:15: urgent has no `acknowledgement_holds`. Add it.",
      "28:15: urgent has no `last_attempt_margin`. Add it.", "28:15: urgent has no `steps`. Add it.",
      "28:25: squeeze is neither true nor false. Write `true` or `false`."),
    Change(
      "working hours that are none", "        steps:", "        fair_notice: 4 working hours\n        steps:",
      "31:22: fair_notice counts in working hours, and no hours are named as those. Add `working: office` to the file"),
    Change(
      "outside of no hours", "        steps:", "        outside_hours: wait\n        steps:",
      "31:24: outside_hours is none of the words allowed. Use `send` or `{defer_to: office}`."),
    Change(
      "deferred to no hours", "        steps:", "        outside_hours: {defer_to: night}\n        steps:",
      "31:35: no hours go by this name. Define them under `hours`."),
    Change(
      "deferred to nothing", "        steps:", "        outside_hours: {}\n        steps:",
      "31:24: outside_hours has no `defer_to`. Add it."),
    Change(
      "an urgent step that is deferred", "    urgencies:\n",
      "    urgencies:\n      urgent: {outside_hours: {defer_to: office}, acknowledgement_holds: 1 minute, "
        + "last_attempt_margin: 1 minute, steps: [{name: a, at: once, to: [contact, coordinator]}]}\n",
      "28:31: an urgent step is never deferred. Write `outside_hours: send`, or leave it out."),
    Change(
      "no time until it is undelivered", "        steps:", "        undelivered_after: soon\n        steps:",
      "31:28: undelivered_after is not a length of time."),
    Change(
      "a step that tells the convener", "to: [deputy]}", "to: [deputy], tell: convener}",
      "33:68: no team has a convener. Name one under `teams`, or leave `tell` out."),
    Change(
      "a first step that tells the convener", "to: [contact]}", "to: [contact], tell: convener}",
      "32:59: the convener has just convened it. Tell them with a later step, when nobody has answered."),
    Change(
      "a step that asks the convener", "to: [deputy]", "to: [convener]",
      "33:53: the convener answers for no agency. Write `tell: convener` beside `to`."),
    Change(
      "a team that nobody convenes for", "policies:", "teams:\n  duty: {manager: [{always: desk}]}\npolicies:",
      "20:9: team duty has no `convener`. Add it."),
    Change(
      "a front door without hours to be outside of", "policies:", "front_door: {outside_hours: desk}\npolicies:",
      "19:29: the front door is always open, so nothing is outside of its hours."),
    Change(
      "a front door of nobody", "policies:", "front_door: {manager: nobody, review_after: soon}\npolicies:",
      "19:23: no route goes by this name.", "19:45: review_after is not a limit."),
    Change(
      "a step for the silent to the acknowledger alone", "to: [deputy]", "to: [acknowledger]",
      "33:53: where nobody has acknowledged, this step reaches nobody. Name another place beside it."),
    Change(
      "an invitation to the acknowledger", "at: once, to: [contact]", "at: once, to: [contact, acknowledger]",
      "32:52: nobody has acknowledged when it is convened. Name the acknowledger in a later step."),
    Change(
      "a word of the decision to the acknowledger alone", "[contact, coordinator]}",
      "[contact, coordinator]}\n          - {name: absent, after: decision, to: [acknowledger]}",
      "35:50: where nobody has acknowledged, this step reaches nobody. Name another place beside it."),
    Change(
      "working hours in a ladder that are none", "unanswered: 2 hours", "unanswered: 2 working hours",
      "33:39: unanswered counts in working hours, and no hours are named as those. Add `working: office` to the file"),
    Change(
      "working days in a ladder", "unanswered: 2 hours", "unanswered: 2 working days",
      "33:39: unanswered counts in working days, which end with the day. Write `8 working hours`."),
    Change(
      "a secret with an end", "[desk-b, desk-a]", "[desk-b, {name: desk-a, until: 2027-01-01}]",
      "13:108: a secret with `until` is not in this version yet."),
    Change(
      "a key twice", "  name: Leeds\n", "  name: Leeds\n  name: York\n",
      "2:3: this key stands more than once in its part; here is the first. Keep one of them."),
    Change(
      "two keys twice, and another fault", "journal: journal.sqlite", "journal: a\njournal: [b]\nsecrets: c",
      "7:1: this key stands more than once", "8:10: journal is not a word or a text",
      "9:1: this key stands more than once"),
    Change(
      "an agency twice", "  health: {name: Health,", "  \"csc\": {}\n  health: {name: Health,",
      "16:3: this key stands more than once", "17:3: agency csc has no `contact`"),
    Change("a key that is a list", "journal: ", "[a, b]: c\njournal: ", "7:1: a key of the file is not a word. Use: "),
  ]

  static let types: [Change] = [
    Change("a list for a text", "name: Leeds", "name: [Leeds]", "2:9: name is not a word or a text."),
    Change("nothing for a text", "name: Leeds", "name:", "2:8: name is empty."),
    Change("true for a text", "name: Leeds", "name: true", "2:9: name is not a word or a text. Put it in quotes"),
    Change("two lines for one", "name: Leeds", "name: \"Leeds\\nYork\"", "2:9: name is not one short line."),
    Change("a text for a list", "secret: [edt]", "secret: edt", "14:36: secret is not a list. Write `[one, two]`."),
    Change(
      "a text for an object", "sockets: {status: status.sock, control: control.sock}", "sockets: here",
      "9:10: sockets is not a list of keys and values."),
    Change(
      "a text for a flag", "[edt], ca_file: ca.pem", "[edt], insecure: often",
      "14:53: insecure is neither true nor false. Write `true` or `false`."),
    Change("a list for the file", Town.yaml, "[1, 2]", "1:1: the file is not a list of keys and values."),
    Change("an empty file", Town.yaml, "# nothing\n", "is empty. Begin with the pattern"),
    Change("two documents", "policies:\n", "---\npolicies:\n", "19:1: this is not YAML: but found another document"),
    Change("no YAML", "name: Leeds", "name: [Leeds", "3:9: this is not YAML: "),
    Change("a tab", "  name: Leeds", "\tname: Leeds", "2:1: this is not YAML: "),
    Change("a character that YAML has not", "name: Leeds", "name: \"Le\u{7}eds\"", "2:12: this is not YAML: "),
  ]

  static let authority: [Change] = [
    Change("a source with a space", "uk.gov.leeds.convened", "Leeds City", "3:11: source has a space"),
    Change("a time zone that is none", "Europe/London", "Europe/Leeds", "4:14: this machine knows no such time zone."),
    Change(
      "a time zone without some midnights", "Europe/London", "Africa/Cairo",
      "4:14: the clocks of this time zone change at midnight"),
    Change(
      "no holder of the ring", "ring: [{office: \"0113 496 0100\"}, {otherwise: \"0113 496 0110\"}]", "ring: []",
      "5:9: ring is an empty list. End the list with `{otherwise: …}` or `{always: …}`."),
    Change(
      "no bank holidays", "holidays.json", "none.json",
      "6:18: the bank holidays' file ~/none.json cannot be read. Install https://www.gov.uk/bank-holidays.json there."),
    Change(
      "bank holidays that are no JSON", "holidays.json", "ca.pem",
      "6:18: the bank holidays' file ~/ca.pem is not JSON."),
    Change(
      "one path for both sockets", "control: control.sock", "control: status.sock",
      "9:41: both sockets have one path. Give each its own."),
    Change(
      "a path too long for a socket", "status: status.sock", "status: /\(String(repeating: "x", count: 107))",
      "9:19: this path is too long for a socket. Shorten it to 107 bytes"),
  ]

  static let hours: [Change] = [
    Change(
      "hours that end before they begin", "to: \"17:00\"", "to: \"08:30\"",
      "11:46: `to` is not later than `from`. Hours end on the day"),
    Change("no time of day", "\"08:30\"", "\"8:30\"", "11:33: from is not a time of day. Write it in quotes"),
    Change("a signed time of day", "\"08:30\"", "\"+8:30\"", "11:33: from is not a time of day."),
    Change("a time after midnight", "\"17:00\"", "\"24:01\"", "11:46: to is not a time of day."),
    Change("no days", "Mon-Fri", "weekdays", "11:18: days are not days of the week. Write `Mon-Fri`"),
    Change("days around the week's end", "Mon-Fri", "Sat-Mon", "11:18: days are not days of the week."),
    Change("a list that ends in a comma", "Mon-Fri", "\"Mon,\"", "11:18: days are not days of the week."),
    Change(
      "half open", "to: \"17:00\"}", "to: \"17:00\", bank_holidays: maybe}",
      "11:70: bank_holidays is none of the words allowed. Use `open` or `closed`."),
    Change(
      "a name that is taken", "  office: {days",
      "  always: {days: Sat, from: \"08:00\", to: \"09:00\"}\n  office: {days",
      "11:3: `always` is a word of its own."),
    Change(
      "hours that nobody defined", "{office: desk}", "{lunch: desk}",
      "16:39: no hours go by this name. Define them under `hours`, or write `always` or `otherwise`."),
  ]

  static let routes: [Change] = [
    Change("no address", "{url_from: edt.url, ", "{", "14:8: route edt has no `url`. Add `url`, or `url_from`"),
    Change(
      "two addresses", "{url_from: edt.url", "{url: \"https://a.example/\", url_from: edt.url",
      "14:46: route edt has both `url` and `url_from`. Keep one."),
    Change(
      "plain http", "https://hook", "http://hook",
      "13:56: the URL of route desk is not https. Use https; plain http is for this machine alone"),
    Change(
      "a host that only begins like this machine", "https://hook.leeds.example/desk", "http://127.0.0.1.example/",
      "13:56: the URL of route desk is not https."),
    Change(
      "a user in the address", "https://hook", "https://me:word@hook",
      "13:56: the URL of route desk is not a plain https address. Write `https://host/path`, without a user."),
    Change(
      "another scheme", "https://hook", "ftp://hook", "13:56: the URL of route desk is not a plain https address."),
    Change(
      "no host", "https://hook.leeds.example/desk", "https:///desk",
      "13:56: the URL of route desk is not a plain https address."),
    Change(
      "a port that there is not", "leeds.example/desk", "leeds.example:65536/desk",
      "13:56: the port in the URL of route desk is not from 1 to 65535. Write `https://host:8443/path`, or leave"),
    Change("port 0", ".example/desk", ".example:0/desk", "13:56: the port in the URL of route desk is not"),
    Change("a colon alone", ".example/desk", ".example:/desk", "13:56: the port in the URL of route desk is not"),
    Change("a port in words", ".example/desk", ".example:https", "13:56: the port in the URL of route desk is not"),
    Change("a port with a sign", ".example/desk", ".example:+443", "13:56: the port in the URL of route desk is not"),
    Change(
      "a host with what no name has", "hook.leeds", "ho%20ok.leeds",
      "13:56: the host in the URL of route desk is neither a name nor an address. Write it in letters, digits, `.`,"),
    Change(
      "an IPv6 address that is none", "hook.leeds.example", "[zz]",
      "13:56: the host in the URL of route desk is neither a name nor an address."),
    Change(
      "an IPv6 address that does not end", "hook.leeds.example", "[2001:db8::1",
      "13:56: the host in the URL of route desk is neither a name nor an address."),
    Change(
      "an IPv6 address and a card", "hook.leeds.example", "[fe80::1%25eth0]",
      "13:56: the host in the URL of route desk is neither a name nor an address."),
    Change("no secret", "secret: [edt], ", "", "14:8: route edt has no `secret`. Add it."),
    Change("an empty list of secrets", "secret: [edt]", "secret: []", "14:36: secret is an empty list. Name one;"),
    Change("a secret twice", "[desk-b, desk-a]", "[desk-b, desk-b]", "13:108: the secret stands here twice."),
    Change(
      "a secret that is not there", "secret: [edt]", "secret: [ebt]",
      "14:37: the secret's file ~/secrets/ebt cannot be read. Make it: `convenectl secret new --out ~/secrets/ebt`."),
    Change(
      "a file that holds no secret", "secret: [edt]", "secret: [edt.url]",
      "14:37: the file ~/secrets/edt.url holds no signing secret. It is `whsec_`"),
    Change(
      "a secret in another folder", "secret: [edt]", "secret: [../ca.pem]",
      "14:37: a secret's name is not a plain file name."),
    Change(
      "an address that is a secret file", "url_from: edt.url", "url_from: https://a.example/",
      "14:19: url_from is not a plain file name. Put what is secret into a file"),
    Change("an authority that is not there", "ca.pem", "cb.pem", "14:52: the file ~/cb.pem cannot be read. Put the"),
    Change(
      "an authority without a certificate", "ca.pem", "holidays.json",
      "14:52: the file ~/holidays.json holds no certificate."),
    Change(
      "a route's name in capitals", "{otherwise: edt}]}", "{otherwise: EDT}]}",
      "16:66: a route is not a legal name. Use lower-case letters, digits and hyphens, 63 at most."),
    Change(
      "a route that nobody defined", "{otherwise: edt}]}", "{otherwise: etd}]}",
      "16:66: no route goes by this name. Define it under `routes`."),
  ]

  static let agencies: [Change] = [
    Change(
      "an agency that joins none", "  csc: {name: Social Care,", "  csc: {name: Social Care, at_once: 0,",
      "16:37: `at_once` is not a whole number. Give a number from 1 to 99."),
    Change(
      "an agency that joins many", "  csc: {name: Social Care,", "  csc: {name: Social Care, at_once: several,",
      "16:37: `at_once` is not a whole number. Give a number from 1 to 99."),
    Change(
      "an agency without a contact", "contact: [{always: edt}], deputy", "deputy",
      "17:3: agency health has no `contact`. Name its single point of contact"),
    Change(
      "hours that nobody holds", "{office: desk}, {otherwise: edt}]}", "{office: desk}]}",
      "16:38: contact of csc has hours that nobody holds. End the list with"),
    Change(
      "a line that is never reached", "{office: desk}, {otherwise: edt}", "{always: desk}, {otherwise: edt}",
      "16:54: this line of contact of csc is never reached. Remove it, or move it up."),
    Change(
      "hours twice", "{office: desk}, {otherwise", "{office: desk}, {office: edt}, {otherwise",
      "16:54: this line of contact of csc is never reached."),
    Change("no holder", "contact: [{always: edt}]", "contact: []", "17:35: contact of health is an empty list."),
    Change(
      "a holder without hours", "contact: [{always: edt}]", "contact: [edt]",
      "17:36: a line of contact of health is not one `hours: holder`. Write `{office: …}` or `{always: …}`."),
    Change(
      "an agency called coordination", "  csc: {", "  coordination: {contact: [{always: edt}]}\n  csc: {",
      "16:3: `coordination` stands for the coordinator. Choose another name."),
    Change(
      "no coordinator", "coordination: {coordinator: [{always: edt}]}", "coordination: {}",
      "18:15: coordination has no `coordinator`. Add it."),
    Change(
      "no agencies at all",
      "agencies:\n  csc: {name: Social Care, contact: [{office: desk}, {otherwise: edt}]}\n"
        + "  health: {name: Health, contact: [{always: edt}], deputy: [{always: desk}]}\n", "",
      "1:1: the file has no `agencies`. Add it."),
  ]

  @Test(arguments: keys + types + authority + hours + routes + agencies + policies + ladders)
  func eachFaultHasItsPlaceAndItsMend(change: Change) throws {
    try #require(change.yaml != Town.yaml)
    let faults = try Town().faults(change.yaml)
    #expect(
      faults.count == change.faults.count && zip(faults, change.faults).allSatisfy { $0.hasPrefix($1) },
      "said: \(faults.joined(separator: "\n      "))")
  }

  @Test func tenFaultsAreSaidAtOnceInTheirOrder() throws {
    let changes = [
      Self.keys[0], Self.authority[0], Self.authority[4], Self.hours[0], Self.routes[2], Self.agencies[2],
      Self.policies[2], Self.policies[4], Self.ladders[0], Self.ladders[7],
    ]
    let yaml = changes.reduce(Town.yaml) { $0.replacing($1.replace, with: $1.with) }
    let faults = try Town().faults(yaml)
    #expect(faults.count == 11)
    for fault in changes.flatMap(\.faults) { #expect(faults.contains { $0.hasPrefix(fault) }, "\(fault) is missing") }
    let lines = faults.compactMap { Int($0.prefix { $0 != ":" }) }
    #expect(lines == lines.sorted())
  }

  @Test func aFileThatIsNotThereOrNotTextSaysSo() throws {
    let town = try Town()
    let latin = Data("a: \u{FFFD}\nb: ".utf8) + Data([0xE9])
    #expect(try town.faults(latin) == ["2:1: this line is not UTF-8. Save the file as UTF-8."])
    let large = Data(repeating: 0x20, count: 1 << 21)
    #expect(try town.faults(large) == ["is larger than 1 MiB. Check the path: settings are a page or two of text."])
    #expect(try town.faults(nil as Data?) == ["cannot be read. Check the path, and that this user may read it."])
  }
}
