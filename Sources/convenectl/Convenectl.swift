// convenectl: the command line of convened. It declares commands and options; what they do stands in `Console`. Nothing
// is decided here: the daemon refuses or records, and its words are printed.
import ArgumentParser
import Wire

@main struct Convenectl: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convenectl",
    abstract: "Convene strategy discussions, record who took part, and see what convened does.",
    discussion: """
      Every command talks to the daemon over its Unix sockets. Reading needs group convened-status or \
      convened-control, changing needs convened-control.

      Times are read as 2026-11-24T10:00:00Z, "2026-11-24 10:00", 10:00, "tomorrow 10:00", "Fri 17:00", +2h, -10m or \
      now, by Europe/London clocks unless --utc is given. A time without a date is the next one for what is to come, \
      the last one for what has happened. People are named by their roles, never by their names.

      Exit status: 0 done, 1 failure, 3 the daemon does not run (status alone), 64 usage, 65 refused as invalid, \
      66 not found, 69 the daemon is out of reach, 75 try later, 77 not permitted. check: 0, 1, 2, 3 as monitoring \
      plugins do.

      Environment: CONVENED_STATUS_SOCKET, CONVENED_CONTROL_SOCKET, NO_COLOR.
      """,
    version: convenedVersion,
    groupedSubcommands: [
      .init(
        name: "What is going on",
        subcommands: [
          StatusCommand.self, CheckCommand.self, MetricsCommand.self, WaitReadyCommand.self, ListCommand.self,
          ShowCommand.self, PlanCommand.self, TimelineCommand.self, RemindersCommand.self, AgenciesCommand.self,
          ReportCommand.self, ComplianceCommand.self,
        ]),
      .init(
        name: "A discussion's course",
        subcommands: [
          SlotsCommand.self, ConveneCommand.self, RescheduleCommand.self, DetailsSentCommand.self,
          AcknowledgeCommand.self,
          ContributeCommand.self, ConfirmCommand.self, DeclineCommand.self, CallCommand.self, HeldCommand.self,
          DecideCommand.self,
          CirculateCommand.self, CloseCommand.self, CancelCommand.self,
        ]),
      .init(
        name: "What follows",
        subcommands: [
          BarrierCommand.self, ReceiptCommand.self, ConferenceCommand.self, FollowUpCommand.self, ClockCommand.self,
          CorrectCommand.self,
        ]),
      .init(name: "Who is on duty", subcommands: [RotaCommand.self, CoverCommand.self]),
      .init(name: "The front door", subcommands: [FrontDoorCommand.self]),
      .init(name: "From a case system", subcommands: [ImportCommand.self]),
      .init(name: "What is agreed", subcommands: [PolicyCommand.self]),
      .init(
        name: "Upkeep",
        subcommands: [
          ResendCommand.self, PingCommand.self, EnableCommand.self, PauseCommand.self, ResumeCommand.self,
          ReloadCommand.self, ConfigCommand.self,
          SecretCommand.self, JournalCommand.self, ListenCommand.self, VersionCommand.self,
        ]),
    ])
}
