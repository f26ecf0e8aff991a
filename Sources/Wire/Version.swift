// The version of the whole: the daemon, the command line and what they write on the wire say the same one.

/// Of convened and convenectl; a semantic version (semver.org, 2.0.0).
public let convenedVersion = "0.1.0"
