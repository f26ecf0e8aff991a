// Documents that other tests make, held against the OpenAPI document: whoever makes one asks here whether each member has a
// schema.
import SchemaWalk
import Testing
import Wire

private let openAPI = SchemaWalk(OpenAPI.json(version: "1"))

/// It is as the OpenAPI document says.
func expectItsSchema(_ document: JSON, _ operation: APIOperation, at location: SourceLocation = #_sourceLocation) {
  #expect(openAPI.faults(of: document, answering: operation) == [], sourceLocation: location)
}

@Test func theWalkFindsWhatDoesNotFit() {
  let health: JSON = ["schema": "convened.health/1", "state": "live"]
  let members = health.members ?? []
  for (document, fault) in [
    (.object(members + [.init("why", "x")]), "live/why has no schema"),
    (["schema": "convened.health/1"], "live: no state"),
    (["schema": "convened.health/1", "state": 1], "live/state: 1 is no string"),
    (["schema": "other", "state": "live"], #"live/schema: "other" is not "convened.health/1""#), (health, ""),
  ] as [(JSON, String)] {
    #expect(openAPI.faults(of: document, answering: .live).joined() == fault)
  }
}

/// A schema that says nothing would let anything pass.
@Test(arguments: APIOperation.allCases)
func everyAnswerIsDescribed(operation: APIOperation) {
  let answers = OpenAPI.json(version: "1")["paths"]?[operation.path]?[operation.method.lowercased()]?["responses"]
  let schema = (answers?["200"] ?? answers?["202"])?["content"]?.members?.first?.value["schema"]
  #expect(schema?.members?.isEmpty == false)
  #expect(schema != ["type": "object"])
}

/// Where an ETag is answered, a change that names another is refused; nowhere else is one read.
@Test func ifMatchIsDescribedWhereItIsRead() {
  let document = OpenAPI.json(version: "1")
  for operation in APIOperation.allCases {
    let described = document["paths"]?[operation.path]?[operation.method.lowercased()]
    let headers =
      described?["parameters"]?.array?.filter { $0["in"] == "header" }.compactMap { $0["name"]?.string } ?? []
    let answers = described?["responses"]
    let hasTag = (answers?["200"] ?? answers?["202"])?["headers"]?["ETag"] != nil
    #expect(headers.contains("If-Match") == (hasTag && operation.method != "GET"), "\(operation)")
    #expect(headers.contains("If-Match") == operation.takesIfMatch, "\(operation)")
  }
}
