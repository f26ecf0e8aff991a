// libcurl's multi interface on a Dispatch queue: all its sockets in one epoll descriptor, which one read source watches for
// the life of the process, and one timer. (A source for each socket loses events: its cancellation is asynchronous while
// libcurl closes at once.) It carries transfers and knows nothing of what they are for.
internal import CCurl
import Dispatch
import Glibc

final class CurlMulti {
  /// A transfer that ended, by its easy handle.
  private let ended: (UnsafeMutableRawPointer, CURLcode) -> Void
  private let multi: UnsafeMutableRawPointer
  private let epoll: Int32
  private let source: any DispatchSourceRead
  private let timer: any DispatchSourceTimer
  private let nudge: any DispatchSourceUserDataAdd
  private var isClosed = false
  /// When libcurl wants to be called, and when the timer goes off: never later. Nanoseconds of uptime.
  private var due = UInt64.max
  private var armed = UInt64.max
  /// By its number, a small one. One that libcurl gives up stays in the epoll set until it is heard of all the same: the
  /// next post takes it up again, and one call to the system does for three.
  private var watches: [Watch] = []
  /// Which batch of events is handled, or was last.
  private var batch = 0

  private struct Watch {
    /// libcurl wants to hear of it.
    var isWatched = false
    /// An event of the batch in which it was taken up may be an earlier bearer's.
    var takenUpIn = 0
  }
  private var sockets = [Int32](repeating: 0, count: 256)
  private var bits = [Int32](repeating: 0, count: 256)

  /// - Parameter ended: called on the queue, outside of libcurl, after the handle was removed.
  init(queue: DispatchQueue, connections: Int, ended: @escaping (UnsafeMutableRawPointer, CURLcode) -> Void) {
    guard let multi = curl_multi_init() else { preconditionFailure("libcurl has no memory to start with") }
    (self.multi, self.ended) = (multi, ended)
    epoll = ccurl_epoll_open()
    precondition(epoll >= 0, "this process may open no epoll descriptor")
    source = DispatchSource.makeReadSource(fileDescriptor: epoll, queue: queue)
    timer = DispatchSource.makeTimerSource(flags: .strict, queue: queue)
    nudge = DispatchSource.makeUserDataAddSource(queue: queue)
    ccurl_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, context)
    ccurl_multi_set_pointer(multi, CURLMOPT_TIMERDATA, context)
    ccurl_multi_set_socket_function(multi) { _, socket, what, context, _ in
      CurlMulti.of(context).watch(socket, what)
      return 0
    }
    ccurl_multi_set_timer_function(multi) { _, milliseconds, context in
      CurlMulti.of(context).setTimer(milliseconds)
      return 0
    }
    ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, connections)
    // Never reached while the docket counts right: nothing is to wait inside libcurl, where its time would run.
    ccurl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, 2 * connections)
    source.setEventHandler { [weak self] in self?.drain() }
    source.setCancelHandler { [epoll] in Glibc.close(epoll) }
    timer.setEventHandler { [weak self] in self?.timedOut() }
    nudge.setEventHandler { [weak self] in self?.nudged() }
    source.activate()
    timer.activate()
    nudge.activate()
  }

  private var context: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  private static func of(_ context: UnsafeMutableRawPointer?) -> CurlMulti {
    guard let context else { preconditionFailure("libcurl lost the context that it was given") }
    return Unmanaged<CurlMulti>.fromOpaque(context).takeUnretainedValue()
  }

  func add(_ easy: UnsafeMutableRawPointer) { curl_multi_add_handle(multi, easy) }

  /// What was added leaves before this returns where a connection stands: whatever holds the queue up next does not hold
  /// it up. How it ended is told later.
  func go() {
    act(CURL_SOCKET_TIMEOUT, 0)
    nudge.add(data: 1)
  }

  func remove(_ easy: UnsafeMutableRawPointer) { curl_multi_remove_handle(multi, easy) }

  /// Ends everything. libcurl calls back while it cleans up, so this is no work for `deinit`.
  func close() {
    guard !isClosed else { return }
    isClosed = true
    curl_multi_cleanup(multi)
    timer.cancel()
    nudge.cancel()
    source.cancel()
  }

  // MARK: - libcurl calls; nothing here may call it back

  private func watch(_ socket: Int32, _ what: Int32) {
    guard socket >= 0 else { return }
    while watches.count <= socket { watches.append(Watch()) }
    guard what != CURL_POLL_REMOVE else { return watches[Int(socket)].isWatched = false }
    if !watches[Int(socket)].isWatched { watches[Int(socket)] = Watch(isWatched: true, takenUpIn: batch) }
    ccurl_epoll_watch(epoll, socket, what & CURL_POLL_IN, what & CURL_POLL_OUT)
  }

  private func setTimer(_ milliseconds: Int) {
    switch milliseconds {
    case ..<0: due = .max
    // "Now" means as soon as libcurl is not on the stack; once for many transfers.
    case 0: nudge.add(data: 1)
    default:
      due = DispatchTime.now().uptimeNanoseconds + UInt64(milliseconds) * 1_000_000
      arm()
    }
  }

  /// libcurl names its deadline anew with every post, nearly always a later one: the timer goes off once for nothing and
  /// is set then, which is far cheaper than each time.
  private func arm() {
    guard due < armed else { return }
    armed = due
    timer.schedule(deadline: DispatchTime(uptimeNanoseconds: due), leeway: .nanoseconds(0))
  }

  // MARK: - We call libcurl

  /// Everything that has arrived, until nothing more has.
  func drain() {
    guard !isClosed else { return }
    var count: Int32
    repeat {
      batch += 1
      count = ccurl_epoll_ready(epoll, &sockets, &bits, 256)
      for (socket, bits) in zip(sockets, bits).prefix(Int(max(count, 0))) {
        // Each was taken up once: only that brings it into the epoll set.
        let watch = watches[Int(socket)]
        guard watch.takenUpIn != batch else { continue }
        if watch.isWatched { act(socket, bits) } else { ccurl_epoll_forget(epoll, socket) }
      }
      // After each batch: every removal goes through all messages that wait.
      reap()
    } while count == 256 && !isClosed
  }

  /// What has arrived comes before what is late: a slow disk must not turn an answered post into a timeout.
  private func timedOut() {
    armed = .max
    guard DispatchTime.now().uptimeNanoseconds >= due else { return arm() }
    due = .max
    drain()
    act(CURL_SOCKET_TIMEOUT, 0)
    reap()
  }

  private func nudged() {
    act(CURL_SOCKET_TIMEOUT, 0)
    reap()
  }

  private func act(_ socket: Int32, _ bits: Int32) {
    guard !isClosed else { return }
    var running: Int32 = 0
    curl_multi_socket_action(multi, socket, bits, &running)
  }

  private func reap() {
    var left: Int32 = 0
    // Whoever is told of an end may close everything.
    while !isClosed, let message = curl_multi_info_read(multi, &left) {
      // The message is libcurl's own and dies with the removal: what is needed of it is copied first.
      guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
      let result = message.pointee.data.result
      curl_multi_remove_handle(multi, easy)
      ended(easy, result)
    }
  }
}
