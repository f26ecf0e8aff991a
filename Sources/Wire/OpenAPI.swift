// The OpenAPI 3.1 document that the sockets serve, written from `APIOperation` and the tables of fields. It carries the frozen
// lists: problem codes, event names, states.
import Convening

public enum OpenAPI {
  public static func json(version: String) -> JSON {
    [
      "openapi": "3.1.0",
      "info": [
        "title": "convened", "version": .string(version),
        "description": .string(
          "Two Unix sockets, HTTP/1.1. status.sock answers GET alone and never shows a case reference or journal "
            + "lines; control.sock takes changes. The peer's uid and pid are the audited actor."),
      ],
      "servers": [["url": "http://localhost", "description": "The Host header is not read."]],
      "paths": .object(paths),
      "webhooks": ["message": ["post": webhook]],
      "components": ["schemas": .object(OpenAPISchemas.all), "responses": ["Problem": problem]],
    ]
  }

  /// What an agency's receiver is sent.
  private static var webhook: JSON {
    let headers = [
      ("webhook-id", "The message's id, the same on every attempt."),
      ("webhook-timestamp", "Unix seconds of this attempt."),
      ("webhook-signature", "Standard Webhooks: v1,<base64>, one for each secret in use, newest first."),
      ("convened-attempt", "1 and up; unsigned."),
    ].map { name, says -> JSON in
      [
        "name": .string(name), "in": "header", "required": true, "description": .string(says),
        "schema": ["type": "string"],
      ]
    }
    return [
      "operationId": "receiveMessage", "summary": "A reminder, signed, to an agency's receiver.",
      "parameters": .array(headers),
      "requestBody": [
        "required": true,
        "content": ["application/cloudevents+json": ["schema": OpenAPISchemas.reference("WebhookMessage")]],
      ],
      "responses": [
        "2XX": ["description": "Accepted; not taken for a person's answer."],
        "410": ["description": "Nothing more is sent to this route."],
        "default": ["description": "Tried again, soon or slowly."],
      ],
    ]
  }

  private static var paths: [JSON.Member] {
    var names: [String] = []
    for operation in APIOperation.allCases where !names.contains(operation.path) { names.append(operation.path) }
    return names.map { path in
      let operations = APIOperation.allCases.filter { $0.path == path }
      let methods = operations.map { JSON.Member($0.method.lowercased(), describe($0)) }
      return JSON.Member(path, .object(parameters(inPath: path) + methods))
    }
  }

  private static func parameters(inPath path: String) -> [JSON.Member] {
    let names = path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    guard !names.isEmpty else { return [] }
    let values = names.map { name -> JSON in
      let schema: JSON =
        ["agency", "name"].contains(name)
        ? OpenAPISchemas.reference("Name")
        : path.hasPrefix("/v1/reminders")
          ? OpenAPISchemas.reference("ReminderID")
          : OpenAPISchemas.reference(path.hasPrefix("/v1/front-door") ? "ContactID" : "DiscussionID")
      return ["name": .string(name), "in": "path", "required": true, "schema": schema]
    }
    return [.init("parameters", .array(values))]
  }

  private static func describe(_ operation: APIOperation) -> JSON {
    var members: [JSON.Member] = [
      .init("operationId", .string(operation.rawValue)), .init("summary", .string(operation.says)),
      .init("tags", operation.isControlOnly ? ["control"] : ["status", "control"]),
    ]
    let parameters = queryParameters(of: operation) + headers(of: operation)
    if !parameters.isEmpty { members.append(.init("parameters", .array(parameters))) }
    if let body = operation.body {
      let schema = OpenAPISchemas.object(body)
      members.append(
        .init(
          "requestBody",
          [
            "required": .bool(body.contains(where: \.isRequired)), "content": ["application/json": ["schema": schema]],
          ]))
    }
    if operation.takesFile {
      members.append(
        .init(
          "requestBody",
          [
            "required": true, "content": ["text/csv": ["schema": ["type": "string"]]],
            "description": .string(
              "UTF-8, at most \(ImportFile.mostRows) rows. The first line names the columns, which say what the rows are.\n"
                + ImportKind.allCases.map { "\($0.rawValue): \($0.columns.joined(separator: ", "))." }
                .joined(separator: "\n")),
          ]))
    }
    members.append(.init("responses", .object(responses(of: operation))))
    return .object(members)
  }

  private static func queryParameters(of operation: APIOperation) -> [JSON] {
    operation.query.map { field in
      [
        "name": .string(field.name), "in": "query", "required": .bool(field.isRequired),
        "description": .string(field.says), "schema": OpenAPISchemas.schema(field.kind),
      ]
    }
  }

  private static func headers(of operation: APIOperation) -> [JSON] {
    func header(_ name: String, _ says: String, _ schema: JSON) -> JSON {
      ["name": .string(name), "in": "header", "description": .string(says), "schema": schema]
    }
    let tag: JSON = ["type": "string", "pattern": "^\"[0-9]+\"$"]
    let version: JSON = ["type": "string", "pattern": "^\"[0-9a-f]{32}\"$"]
    if operation == .discussion { return [header("If-None-Match", "304 where it is the revision still.", tag)] }
    guard operation.body != nil else { return [] }
    var headers: [JSON] = []
    if operation.method == "POST", operation != .reload, operation != .slots {
      headers.append(
        header(
          "Idempotency-Key", "A repeat with it answers the current document and changes nothing.",
          ["type": "string", "pattern": "^[!-~]{1,64}$"]))
    }
    if operation.takesIfMatch {
      headers.append(header("If-Match", "412 where it has changed since.", operation.answers == .rota ? version : tag))
    }
    return headers
  }

  private static func responses(of operation: APIOperation) -> [JSON.Member] {
    var responses: [JSON.Member] = []
    func answer(_ status: String, _ says: String) {
      var members: [JSON.Member] = [.init("description", .string(says))]
      if operation.answersWithTag {
        members.append(.init("headers", ["ETag": ["schema": ["type": "string"]]]))
      }
      members.append(.init("content", content(of: operation)))
      responses.append(.init(status, .object(members)))
    }
    answer(operation == .ping ? "202" : "200", operation.says)
    if operation == .convene { answer("201", "It was convened by this request.") }
    if operation == .receiveContact { answer("201", "It was first told of by this request.") }
    if operation == .keepReport { answer("201", "This request made the version.") }
    if operation == .discussion { responses.append(.init("304", ["description": "Not changed."])) }
    responses.append(.init("default", ["$ref": "#/components/responses/Problem"]))
    return responses
  }

  private static func content(of operation: APIOperation) -> JSON {
    switch operation.answers {
    case .text: ["text/plain": ["schema": ["type": "string"]]]
    case .lines:
      ["application/jsonl": ["schema": OpenAPISchemas.reference(operation == .journal ? "JournalLine" : "Entry")]]
    case .discussion, .contact, .rota, .document:
      ["application/json": ["schema": OpenAPISchemas.answer(of: operation)]]
    }
  }

  private static let problem: JSON = [
    "description": "Why it was not carried out.",
    "content": ["application/problem+json": ["schema": OpenAPISchemas.reference("Problem")]],
  ]
}
