// The versions that matter when something looks wrong: ours, the time-zone data's (Foundation's own, not the system's),
// and libcurl's. SQLite's is told by whoever reads the journal.
import Foundation
import Wire

public enum Versions {
  public static var all: [(key: String, name: String, version: String)] {
    [
      ("convenectl", "convenectl", convenedVersion),
      ("time_zone_data", "time-zone data", TimeZone.timeZoneDataVersion),
      ("libcurl", "libcurl", SocketClient.libraryVersion),
    ]
  }
}
