// What this process uses, from /proc/self alone: a unit with `ProcSubset=pid` has no /proc/stat, so the start time comes
// from CLOCK_BOOTTIME (proc(5), field 22 counts from boot). What cannot be read is left out.
import Convening
import Glibc
import Synchronization

struct ProcessFigures {
  var cpuSeconds: Double?
  var startSeconds: Double?
  var virtualBytes: Double?
  var residentBytes: Double?
  var threads: Double?
  var openDescriptors: Double?
  var maximalDescriptors: Double?

  init(now: Instant) {
    let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
    // The command's name stands in brackets and may hold anything; the fields count from behind it, `state` being 3.
    if let stat = ProcessFigures.read("/proc/self/stat"), let end = stat.lastIndex(of: ")") {
      let fields = stat[stat.index(after: end)...].split(separator: " ").map(String.init)
      func field(_ number: Int) -> Double? { fields.count > number - 3 ? Double(fields[number - 3]) : nil }
      if let user = field(14), let system = field(15) { cpuSeconds = (user + system) / ticks }
      threads = field(20)
      virtualBytes = field(23)
      residentBytes = field(24).map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) }
      var sinceBoot = timespec()
      if let start = field(22), clock_gettime(CLOCK_BOOTTIME, &sinceBoot) == 0 {
        let boot = Double(sinceBoot.tv_sec) + Double(sinceBoot.tv_nsec) / 1e9
        // Once: from two clocks, each look would give another.
        startSeconds = ProcessFigures.began.withLock { began in
          let first = began ?? Double(now.milliseconds) / 1000 - (boot - start / ticks)
          began = first
          return first
        }
      }
    }
    openDescriptors = ProcessFigures.entries("/proc/self/fd").map(Double.init)
    var limit = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
      maximalDescriptors = limit.rlim_cur == rlim_t.max ? .infinity : Double(limit.rlim_cur)
    }
  }

  private static let began = Mutex<Double?>(nil)

  func write(to text: inout Exposition) {
    func one(_ name: String, _ kind: Exposition.Kind, _ help: String, _ value: Double?) {
      if let value { text.one(name, kind, help, value) }
    }
    one("process_cpu_seconds_total", .counter, "User and system time in seconds.", cpuSeconds)
    one("process_start_time_seconds", .gauge, "When the process began, in seconds since 1970.", startSeconds)
    one("process_resident_memory_bytes", .gauge, "Resident memory in bytes.", residentBytes)
    one("process_virtual_memory_bytes", .gauge, "Virtual memory in bytes.", virtualBytes)
    one("process_threads", .gauge, "Threads.", threads)
    one("process_open_fds", .gauge, "Open file descriptors.", openDescriptors)
    one("process_max_fds", .gauge, "The most file descriptors that may be open.", maximalDescriptors)
  }

  private static func read(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }

  /// Names in a folder, without `.`, `..` and the descriptor that reads it.
  private static func entries(_ path: String) -> Int? {
    guard let folder = opendir(path) else { return nil }
    defer { closedir(folder) }
    var count = 0
    while readdir(folder) != nil { count += 1 }
    return max(0, count - 3)
  }
}
