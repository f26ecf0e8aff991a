// The daemon's help, wrapped where a terminal ends: what it shows can be copied.
import ArgumentParser
import Testing

@testable import convened

struct HelpTests {
  @Test func everyExampleStandsInTheHelpAsItIsWritten() {
    let help = Convened.helpMessage(for: Convened.self, columns: 80).split(separator: "\n")
    let examples = Convened.configuration.discussion.split(separator: "\n").drop { $0 != "EXAMPLES" }.dropFirst()
    #expect(examples.count == 4)
    for example in examples { #expect(example.count <= 78 && help.contains(example), "\(example)") }
  }
}
