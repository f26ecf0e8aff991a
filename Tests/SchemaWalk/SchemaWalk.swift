// Holds a served document against the OpenAPI document: every member has a schema that says something, every schema's type,
// words and needed members are there. It knows the part of JSON Schema 2020-12 that convened uses, and no more.
import Wire

public struct SchemaWalk: Sendable {
  private let openAPI: JSON

  /// `openAPI` as `GET /v1/openapi.json` answers it.
  public init(_ openAPI: JSON) { self.openAPI = openAPI }

  /// What does not fit, each with its place; none where the document is as it is described.
  public func faults(of document: JSON, answering operation: APIOperation) -> [String] {
    let answers = openAPI["paths"]?[operation.path]?[operation.method.lowercased()]?["responses"]
    let content = (answers?["200"] ?? answers?["202"])?["content"]
    guard let schema = content?.members?.first?.value["schema"] else { return ["\(operation) has no schema"] }
    return faults(document, schema, "\(operation)")
  }

  private func faults(_ value: JSON, _ schema: JSON, _ place: String) -> [String] {
    guard schema.members?.isEmpty == false else { return ["\(place) has a schema that says nothing"] }
    if let name = schema["$ref"]?.string?.split(separator: "/").last {
      guard let target = openAPI["components"]?["schemas"]?[String(name)] else { return ["\(place): no \(name)"] }
      return faults(value, target, place)
    }
    if let either = schema["anyOf"]?.array {
      return either.map { faults(value, $0, place) }.min { $0.count < $1.count } ?? ["\(place): nothing to choose from"]
    }
    if let words = schema["enum"]?.array, !words.contains(value) { return ["\(place): \(value.text) is no such word"] }
    if let only = schema["const"], only != value { return ["\(place): \(value.text) is not \(only.text)"] }
    if let type = schema["type"]?.string, type != Self.type(of: value),
      (type, Self.type(of: value)) != ("number", "integer")
    {
      return ["\(place): \(value.text.prefix(60)) is no \(type)"]
    }
    switch value {
    case .object(let members): return faults(members, schema, place)
    case .array(let values):
      guard let items = schema["items"] else { return ["\(place): no schema for what is in the list"] }
      return values.enumerated().flatMap { faults($1, items, "\(place)/\($0)") }
    case .null, .bool, .int, .double, .string: return []
    }
  }

  private func faults(_ members: [JSON.Member], _ schema: JSON, _ place: String) -> [String] {
    let others = schema["additionalProperties"]
    let strange = members.flatMap { member -> [String] in
      if let own = schema["properties"]?[member.name] { return faults(member.value, own, "\(place)/\(member.name)") }
      guard let others, others != false else { return ["\(place)/\(member.name) has no schema"] }
      return others == true ? [] : faults(member.value, others, "\(place)/\(member.name)")
    }
    let needed = (schema["required"]?.array ?? []).compactMap(\.string)
    return strange + needed.filter { name in !members.contains { $0.name == name } }.map { "\(place): no \($0)" }
  }

  private static func type(of value: JSON) -> String {
    switch value {
    case .null: "null"
    case .bool: "boolean"
    case .int: "integer"
    case .double: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }
}
