// swift-tools-version:6.2
// convened schedules strategy discussions, reminds one contact in each agency and records what was contributed.
// Why each package is here: docs/decisions.md. Versions are exact because Package.resolved is not kept.
import PackageDescription

// CI sets CONVENED_STRICT: a warning is an error then, in this package's own targets alone.
let swift: [SwiftSetting] =
  [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]
  + (Context.environment["CONVENED_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)])

let c: [CSetting] =
  Context.environment["CONVENED_STRICT"] == nil ? [] : [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]

// The rules and the docket are optimised in debug builds too: the simulation runs 200 seeds of 90 days in `swift test`.
let kernel = swift + [.unsafeFlags(["-O"], .when(configuration: .debug))]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let collections = Target.Dependency.product(name: "Collections", package: "swift-collections")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "convened",
  products: [
    .executable(name: "convened", targets: ["convened"]),
    .executable(name: "convenectl", targets: ["convenectl"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
  ],
  targets: [
    // The rules, and every byte that others parse.
    .target(name: "Convening", swiftSettings: kernel),
    .target(name: "Wire", dependencies: ["Convening", crypto], swiftSettings: kernel),

    // The one actor on the one queue, and the adapters above it, which never see each other.
    .target(name: "Coordination", dependencies: ["Convening", "Wire", collections], swiftSettings: kernel),
    .target(name: "Settings", dependencies: ["Convening", "Wire", yams], swiftSettings: swift),
    .target(
      name: "JournalSQLite", dependencies: ["Convening", "Wire", "Coordination", grdb, sqlite], swiftSettings: swift),
    .target(name: "CCurl", cSettings: c, linkerSettings: [.linkedLibrary("curl")]),
    .target(name: "Webhooks", dependencies: ["Convening", "Wire", "Coordination", "CCurl"], swiftSettings: swift),
    .target(
      name: "StatusAPI",
      dependencies: [
        "Convening", "Wire", "Coordination", hummingbird, httpTypes, lifecycle, logging, nio, nioPosix, nioHTTP,
      ],
      swiftSettings: swift),
    .target(
      name: "Console",
      dependencies: ["Convening", "Wire", "CCurl", hummingbird, httpTypes, lifecycle, logging, nio],
      swiftSettings: swift),

    // What is run.
    .target(name: "CHost", cSettings: c),
    .executableTarget(
      name: "convened",
      dependencies: [
        "Convening", "Wire", "Coordination", "Settings", "JournalSQLite", "Webhooks", "StatusAPI", "CHost",
        argumentParser, logging,
      ],
      // It takes the C library's place as the allocator of all, libcurl and SQLite too.
      swiftSettings: swift, linkerSettings: [.linkedLibrary("mimalloc", .when(configuration: .release))]),
    .executableTarget(
      name: "convenectl",
      dependencies: ["Convening", "Wire", "Coordination", "Settings", "JournalSQLite", "Console", argumentParser],
      swiftSettings: swift),
    .executableTarget(
      name: "bench-seed", dependencies: ["Convening", "Wire", "Coordination", "JournalSQLite", argumentParser],
      path: "Benchmarks/seed", swiftSettings: swift),

    // What is proved.
    .target(
      name: "Simulation", dependencies: ["Convening", "Wire", "Coordination", collections], path: "Tests/Simulation",
      swiftSettings: kernel),
    .testTarget(
      name: "CoordinationTests", dependencies: ["Convening", "Wire", "Coordination", "Simulation"],
      swiftSettings: swift),
    .target(
      name: "JournalConformance", dependencies: ["Convening", "Wire", "Coordination"], path: "Tests/JournalConformance",
      swiftSettings: swift),
    .testTarget(
      name: "JournalSQLiteTests",
      dependencies: [
        "Convening", "Wire", "Coordination", "JournalSQLite", "JournalConformance", "FullQuota", grdb, sqlite,
      ],
      swiftSettings: swift),
    .testTarget(name: "ConveningTests", dependencies: ["Convening"], swiftSettings: swift),
    .testTarget(
      name: "SettingsTests", dependencies: ["Convening", "Wire", "Settings", "Webhooks", yams],
      exclude: ["faults.txt"], swiftSettings: swift),
    .target(name: "SchemaWalk", dependencies: ["Wire"], path: "Tests/SchemaWalk", swiftSettings: swift),
    .testTarget(
      name: "WireTests", dependencies: ["Convening", "Wire", "JournalConformance", "SchemaWalk"], exclude: ["Golden"],
      swiftSettings: swift),
    // The test program's own getaddrinfo and pwrite: a name that stalls, a quota that is used up.
    .target(name: "StalledNames", path: "Tests/StalledNames", cSettings: c),
    .target(name: "FullQuota", path: "Tests/FullQuota", cSettings: c),
    .testTarget(
      name: "WebhooksTests",
      dependencies: ["Convening", "Wire", "Coordination", "CCurl", "Webhooks", "StalledNames"],
      swiftSettings: swift),
    .testTarget(
      name: "StatusAPITests",
      dependencies: ["StatusAPI", "Convening", "Wire", "Coordination", "SchemaWalk", lifecycle, logging],
      swiftSettings: swift),
    .testTarget(
      name: "ConsoleTests",
      dependencies: ["Convening", "Wire", "Console", "CCurl", "convenectl", argumentParser, crypto, yams],
      swiftSettings: swift),
    // One afternoon on the docket, journal and screens that ship.
    .testTarget(
      name: "StoryTests",
      dependencies: [
        "Convening", "Wire", "Coordination", "Settings", "JournalSQLite", "StatusAPI", "Console", logging,
      ],
      exclude: ["leeds.yaml"], swiftSettings: swift),
    .testTarget(name: "ConvenedTests", dependencies: ["convened", argumentParser, logging], swiftSettings: swift),
    .testTarget(
      name: "KillTests", dependencies: ["Convening", "Wire", "Console", "JournalConformance"], swiftSettings: swift),
    .testTarget(name: "TidyTests", swiftSettings: swift),
  ]
)
