// What another system calls a team, as the name that it has here: "Mosaic team 7" is `mosaic-team-7`. An export knows its own
// words alone, and a whole file is not refused for a capital letter.
import Convening

public enum TeamName {
  /// Characters of the text, and of the name.
  public static let limit = 63
  /// To whoever gave a text of which nothing is left.
  public static let nothingLeft = "Give a team's name, with at least one letter from a to z or one digit."

  /// What is a name already stays as it is. Of any other text the letters A to Z are read in lower case, each run of what is
  /// neither one of them nor a digit as one hyphen, and none of those at its ends. nil where nothing is left.
  public static func read(_ text: String) -> TeamID? {
    if let name = TeamID(text) { return name }
    let runs = text.unicodeScalars.split { !$0.isASCII || !($0.properties.isAlphabetic || ("0"..."9").contains($0)) }
    return TeamID(runs.map { String($0).lowercased() }.joined(separator: "-"))
  }
}
