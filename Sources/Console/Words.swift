// The words for people: of agencies, places, states and codes. A name that is not known here is shown as it is, without
// its hyphens; nothing is dropped.
import Convening
import Wire

public enum Words {
  /// "Social Care" for `childrens-social-care`, "Police" for `police`: where no document has the authority's own name.
  static func agency(_ id: String) -> String {
    switch id {
    case "childrens-social-care", "social-care": return "Social Care"
    case "csc": return "CSC"
    case "coordination": return "Coordination"
    default: return capitalised(plain(id))
    }
  }

  /// "a", "a and b", "a, b and c".
  public static func joined(_ words: [String]) -> String {
    guard words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + words[words.count - 1]
  }

  /// A slug or a code without its hyphens: "on call nurse".
  public static func plain(_ slug: String) -> String { slug.replacing("-", with: " ").replacing("_", with: " ") }

  public static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

  public static func form(_ form: String) -> String {
    switch Form(rawValue: form) {
    case .meeting: "meeting"
    case .video: "video"
    case .phone: "telephone"
    case nil: plain(form)
    }
  }

  public static func kind(_ kind: String) -> String {
    switch ContributionKind(rawValue: kind) {
    case .inPerson: "in person"
    case .video: "by video"
    case .phoneLive: "by telephone, live"
    case .writtenBefore: "in writing, before"
    case .writtenDuring: "in writing, during"
    case .mashCheckOnly: "hub check only, not counted"
    case .verbalRelayed: "relayed by word of mouth, not counted"
    case .afterDecision: "after the decision, not counted"
    case nil: plain(kind)
    }
  }

  /// Why no status came back. A refusal is a machine's here, never a person's.
  public static func fault(_ fault: String) -> String {
    switch fault {
    case "timeout": "timed out"
    case "refused": "connection refused"
    case "reset": "connection broken off"
    case "dns": "name not found"
    case "tls": "TLS failed"
    case "blocked": "address not allowed (allow_addresses)"
    case "pin": "another public key than the route's pins"
    case "proxy": "no way through the proxy"
    case "url": "address not usable"
    case "protocol": "no HTTP answer"
    case "unknown-route": "route not known"
    default: plain(fault)
    }
  }

  public static func via(_ via: String) -> String {
    switch Via(rawValue: via) {
    case .link: "link"
    case .phone: "telephone"
    case .api: "system"
    case nil: plain(via)
    }
  }

  public static func place(_ place: String) -> String {
    switch Place(rawValue: place) {
    case .contact: "point of contact"
    case .deputy: "deputy"
    case .lead: "lead"
    case .coordinator: "coordinator"
    case .convener: "convener"
    case .acknowledger: "who answered"
    case .manager: "manager"
    case nil: plain(place)
    }
  }

  /// DOMAIN's codes; the code itself stands beside the words.
  public static func reason(_ code: String) -> String {
    let words: String? =
      switch BarrierCode(rawValue: code) {
      case .b01: "not invited"
      case .b02: "invited too late"
      case .b03: "wrong contact or route"
      case .b04: "notification failed"
      case .b05: "details not sent"
      case .b10: "no capacity"
      case .b11: "gap in the rota"
      case .b12: "out of hours, no cover"
      case .b13: "declined as not involved"
      case .b14: "no response"
      case .b15: "attendee not suitable"
      case .b16: "information not accessible in time"
      case .b17: "objection to sharing information"
      case .b20: "no point of contact"
      case .b21: "several providers, unclear lead"
      case .b22: "across a border"
      case .b23: "specialist needed"
      case .b30: "emergency, held without waiting"
      case .b31: "technical failure"
      case .b32: "time changed"
      case .b99: "other"
      case nil: nil
      }
    return words.map { "\(code) \($0)" } ?? code
  }

  /// DOMAIN's clocks, by what must be done before they have run out; the clock's own name stands beside the words.
  public static func clock(_ id: String) -> String {
    let words: String? =
      switch ClockID(rawValue: id) {
      case .c1: "decision on referral"
      case .c2: "discussion"
      case .c3: "record of decision"
      case .c4: "circulation"
      case .c5: "conference"
      case .c6: "assessment"
      case .c7: "first core group"
      case .c10: "full meeting"
      case .c11: "disagreement"
      case .followUp, nil: nil
      }
    return words.map { "\($0) (\(id))" } ?? id
  }

  /// "met, 2 days left", "missed by 4 h": what was left of a limit once it was done.
  public static func margin(_ left: Elapsed) -> String {
    left < .zero ? "missed by \(Clock.words(.zero - left))" : "met, \(Clock.words(left)) left"
  }

  /// What came of a call.
  public static func result(_ result: String) -> String {
    switch CallResult(rawValue: result) {
    case .answered: "answered"
    case .noReply: "no reply"
    case .messageLeft: "message left"
    case nil: plain(result)
    }
  }

  /// When a discussion without a time meets.
  public static let noTime = "as soon as they answer"

  /// Of a late entry, whether and how it was asked.
  static let nothingTold = "nothing recorded"

  /// Its first message is still to come.
  static let toBeAsked = "to be asked"

  /// Of a clock of the conference that stopped without one: the discussion that follows goes on with it.
  static func goesOn(in discussion: String?) -> String { "goes on in \(discussion ?? "the discussion that follows")" }

  /// Why a time does not suit.
  static func obstacle(_ why: String) -> String {
    switch Slots.Obstacle.Why(rawValue: why) {
    case .closed: "nobody holds its contact place"
    case .full: "joins as many as it can"
    case .notWorking: "not in working hours"
    case nil: plain(why)
    }
  }

  /// What was decided; any other word without its underlines.
  static func outcome(_ outcome: String) -> String {
    switch Outcome(rawValue: outcome) {
    case .s47Joint: "joint section 47 enquiry"
    case .s47SingleCSC: "section 47 enquiry by children's social care alone"
    case .policeSingle: "investigation by the police alone"
    case .assessmentContinuesS17: "assessment continues under section 17"
    case .earlyHelp: "early help"
    case .nfa: "no further action"
    case .furtherDiscussion: "a further discussion"
    case .transferredOtherAuthority: "transferred to another authority"
    case nil: plain(outcome)
    }
  }

  /// An agency's position.
  public static func position(_ state: String) -> String {
    switch state {
    case "no_response": "no answer"
    case "not_required": "not required"
    case "not_invited": "not asked"
    case "invited": "asked"
    case "contributed": "took part"
    default: plain(state)
    }
  }

  /// Eight thousand eight hundred and twelve as `8,812`; with what is counted, `counted` says it.
  public static func number(_ number: Int) -> String { grouped(number) }

  /// `71 %`; a dash where there is nothing to share out, `c` where it is suppressed.
  public static func percent(_ share: JSON?) -> String {
    if let suppressed = share?.string { return suppressed }
    guard let share = share?.number else { return "–" }
    return "\(Int((share * 100).rounded())) %"
  }
}

extension JSON {
  /// The moment that a member says; nil where it is absent, null or no moment.
  func moment(_ name: String) -> Instant? { self[name]?.string.flatMap { Instant($0) } }

  func text(_ name: String) -> String? { self[name]?.string }

  func items(_ name: String) -> [JSON] { self[name]?.array ?? [] }

  func texts(_ name: String) -> [String] { items(name).compactMap(\.string) }
}
