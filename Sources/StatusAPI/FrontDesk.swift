// The first and the last to see a request: it turns web pages away, collects the body within its limit, finds the
// operation, makes problem documents of what goes wrong, and counts. No part of a request is logged.
import Convening
import HTTPTypes
import Hummingbird
import NIOCore
import Wire

struct FrontDesk: HTTPResponder {
  typealias Context = SocketContext

  let socket: Socket
  let limits: SocketLimits
  let routes: Routes
  let tally: Tally
  private let responder: RouterResponder<SocketContext>

  init(socket: Socket, limits: SocketLimits, routes: Routes, tally: Tally) {
    (self.socket, self.limits, self.routes, self.tally) = (socket, limits, routes, tally)
    responder = FrontDesk.router(socket: socket, limits: limits, routes: routes).buildResponder()
  }

  func respond(to request: Request, context: SocketContext) async throws -> Response {
    var response: Response
    do {
      response = try await answer(request, context)
    } catch let problem as ProblemDocument {
      response = Response(problem)
      if problem.code == .tooLarge || problem.code == .crossSite { response.headers[.connection] = "close" }
    } catch is RequestCutShort {
      // The gate has answered already, or nobody is there to read an answer.
      throw RequestCutShort()
    } catch {
      routes.tell("a request failed", of: error)
      response = Response(.failed)
    }
    tally.count(route: context.endpointPath ?? Tally.unmatched, code: response.status.code)
    if request.method == .head {
      // RFC 9110, 9.3.2: never a body.
      response = response.createHeadResponse()
    }
    return response
  }

  private func answer(_ request: Request, _ context: SocketContext) async throws -> Response {
    guard request.headers[.origin] == nil, request.headers[.referer] == nil else {
      throw ProblemDocument(
        .crossSite, status: 403, "Requests from web pages are refused: leave Origin and Referer out.")
    }
    let isFile =
      socket == .control && APIOperation.takesFile(method: request.method.rawValue, target: request.uri.path)
    let most = isFile ? limits.file : limits.body
    if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > most {
      throw ProblemDocument.tooLarge(most, isFile: isFile)
    }
    return try await responder.respond(to: request, context: context)
  }

  // MARK: - The router, from the table of operations

  private static func router(socket: Socket, limits: SocketLimits, routes: Routes) -> Router<SocketContext> {
    let router = Router(context: SocketContext.self)
    router.add(middleware: UnknownPaths())
    var methods: [String: [String]] = [:]
    for operation in APIOperation.allCases where socket.has(operation) {
      methods[operation.path, default: []].append(operation.method)
      router.on(RouterPath(operation.path), method: HTTPRequest.Method(operation.method)!) { request, context in
        try await answer(operation, socket, limits, routes, request, context)
      }
    }
    for (method, path) in APIOperation.later where socket == .control || method == "GET" {
      methods[path, default: []].append(method)
      router.on(RouterPath(path), method: HTTPRequest.Method(method)!) { _, _ -> Response in throw notInThisVersion }
    }
    // A path that only the other socket has is a path all the same: the answer says where changes go.
    for path in APIOperation.allCases.map(\.path) + APIOperation.later.map(\.path) where methods[path] == nil {
      methods[path] = []
    }
    for (path, allowed) in methods {
      let isReadElsewhere = allowed.isEmpty && APIOperation.allCases.contains { $0.path == path && $0.method == "GET" }
      for method in everyMethod where !allowed.contains(method.rawValue) {
        router.on(RouterPath(path), method: method) { _, _ -> Response in
          throw methodNotAllowed(allowed.sorted(), on: socket, isReadElsewhere: isReadElsewhere)
        }
      }
    }
    return router
  }

  private static func answer(
    _ operation: APIOperation, _ socket: Socket, _ limits: SocketLimits, _ routes: Routes, _ request: Request,
    _ context: SocketContext
  ) async throws -> Response {
    let query = try BodyReader.query(try request.queryParts(), operation.query)
    let bytes: ByteBuffer
    let most = limits.body(of: operation)
    do {
      bytes = try await request.body.collect(upTo: most)
    } catch is NIOTooManyBytesError {
      throw ProblemDocument.tooLarge(most, isFile: operation.takesFile)
    }
    let body = try BodyReader.read(operation.body == nil ? [] : Array(buffer: bytes), operation.body ?? [])
    let call = Call(
      operation: operation, socket: socket, headers: request.headers, parameters: context.parameters, query: query,
      body: body, file: operation.takesFile ? Array(buffer: bytes) : [], channel: context.channel)
    try call.refuseIdleConditions()
    return try await routes.answer(call)
  }

  private static let everyMethod: [HTTPRequest.Method] = [
    .get, .head, .put, .post, .delete, .patch, .options, .trace, .connect,
  ]

  private static func methodNotAllowed(
    _ allowed: [String], on socket: Socket, isReadElsewhere: Bool
  ) -> ProblemDocument {
    let sentence =
      switch socket {
      case .status where isReadElsewhere: "This is read on the control socket alone."
      case .status: "The status socket answers GET alone. Changes go to the control socket."
      case .control: "This path has other methods: see Allow."
      }
    return ProblemDocument(.methodNotAllowed, status: 405, sentence, allow: allowed)
  }

  private static let notInThisVersion = ProblemDocument(
    .notYet, status: 501, "This path is not in this version of convened. A later one brings it.")
}

/// Paths and methods that no route has.
private struct UnknownPaths: RouterMiddleware {
  func handle(
    _ request: Request, context: SocketContext, next: (Request, SocketContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let error as HTTPError where error.status == .notFound {
      context.coreContext.endpointPath.value = Tally.unmatched
      throw ProblemDocument(.noSuchRoute, status: 404, "There is no such path. GET /v1 lists those that there are.")
    }
  }
}

extension ProblemDocument {
  static let failed = ProblemDocument(
    .internalError, status: 500, "The request failed inside the daemon. Its log says more.")
}
