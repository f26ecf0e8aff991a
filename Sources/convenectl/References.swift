// What the help says of references, once for all commands that take one.
import ArgumentParser

extension ArgumentHelp {
  static var discussion: ArgumentHelp { "The discussion's reference, eight letters and digits, no U, as 7Q2F-M9KD." }
  static var contact: ArgumentHelp { "The contact's reference, eight letters and digits, no U, as 7Q2F-M9KD." }
  static var newReference: ArgumentHelp {
    "The reference, eight letters and digits, no U, as 7Q2F-M9KD; drawn if left out."
  }
}
