// Runs the built convenectl as a script does, away from any terminal, or with a terminal where its errors go, as a person sees it.
import Foundation

enum BuiltProgram {
  struct Run {
    let exit: Int32
    let out: String
    let err: String
  }

  /// - Parameters:
  ///   - socket: the daemon's, for reads and changes; nil: there is none.
  ///   - onTerminal: standard error is a terminal.
  static func run(_ arguments: [String], socket: String? = nil, onTerminal: Bool = false) async throws -> Run {
    try await withCheckedThrowingContinuation { then in
      Thread.detachNewThread {
        then.resume(with: Result { try perform(arguments, socket: socket, onTerminal: onTerminal) })
      }
    }
  }

  private static func perform(_ arguments: [String], socket: String?, onTerminal: Bool) throws -> Run {
    let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "convenectl")
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = [
      "CONVENED_STATUS_SOCKET": socket ?? "/nowhere", "CONVENED_CONTROL_SOCKET": socket ?? "/nowhere",
    ]
    let (out, err) = try (Pipe(), onTerminal ? Ends.terminal() : Ends.pipe())
    process.standardOutput = out
    process.standardError = err.written
    process.standardInput = FileHandle.nullDevice
    try process.run()
    // The program has its own: its end is the end of what is read.
    try err.written.close()
    let output = out.fileHandleForReading.readDataToEndOfFile()
    let errors = err.all()
    process.waitUntilExit()
    return Run(
      exit: process.terminationStatus, out: String(decoding: output, as: UTF8.self),
      err: String(decoding: errors, as: UTF8.self))
  }

  /// Where standard error goes, and where it is read.
  private struct Ends {
    let written: FileHandle
    let read: FileHandle

    static func pipe() -> Ends {
      let pipe = Pipe()
      return Ends(written: pipe.fileHandleForWriting, read: pipe.fileHandleForReading)
    }

    static func terminal() throws -> Ends {
      var (master, slave): (Int32, Int32) = (-1, -1)
      guard openpty(&master, &slave, nil, nil, nil) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
      return Ends(
        written: FileHandle(fileDescriptor: slave, closeOnDealloc: true),
        read: FileHandle(fileDescriptor: master, closeOnDealloc: true))
    }

    /// Until nobody can write any more, which a terminal says by an error.
    func all() -> [UInt8] {
      var (bytes, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 4096))
      while true {
        let count = Foundation.read(read.fileDescriptor, &buffer, buffer.count)
        if count > 0 { bytes += buffer[..<count] } else if count == 0 || errno != EINTR { return bytes }
      }
    }
  }
}
