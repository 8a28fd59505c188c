import Core
import OpenAPI

/// The document as the tests read it: operations by name, with everything that they refer to.
struct APIDocument: Sendable {
    let document: JSON
    /// What programs call.
    let operations: [Operation]
    /// What people look at: forms in, pages out.
    let pages: [Operation]

    /// Read once for all tests.
    static func load() throws -> APIDocument {
        try loaded.get()
    }

    private static let loaded = Result<APIDocument, any Error> { APIDocument(try OpenAPIDocument.tree()) }

    private init(_ document: JSON) {
        self.document = document
        let all = (document["paths"]?.members ?? []).flatMap { path in
            (path.value.members ?? []).filter { $0.name != "parameters" }.map { member in
                Operation(
                    method: member.name.uppercased(),
                    path: path.name,
                    json: member.value,
                    shared: path.value["parameters"]?.arrayValue ?? []
                )
            }
        }
        operations = all.filter { !$0.isPage }
        pages = all.filter(\.isPage)
    }

    func operation(_ id: String) throws -> Operation {
        guard let operation = operations.first(where: { $0.id == id }) else { throw UnknownOperation(id: id) }
        return operation
    }

    var schemas: [JSON.Member] { document["components"]?["schemas"]?.members ?? [] }

    func schema(_ name: String) -> JSON {
        document["components"]?["schemas"]?[name] ?? .null
    }

    /// What a reference leads to; everything else leads to itself.
    func resolved(_ json: JSON) -> JSON {
        guard let reference = json["$ref"]?.stringValue else { return json }
        return reference.split(separator: "/").dropFirst().reduce(document) { $0[String($1)] ?? .null }
    }

    /// Every member of the document, with the names that lead there.
    func walk(_ visit: (_ path: [String], _ json: JSON) -> Void) {
        func walk(_ json: JSON, _ path: [String]) {
            visit(path, json)
            switch json {
            case .object(let members): for member in members { walk(member.value, path + [member.name]) }
            case .array(let elements):
                for (index, element) in elements.enumerated() { walk(element, path + ["\(index)"]) }
            default: return
            }
        }
        walk(document, [])
    }
}

struct UnknownOperation: Error {
    let id: String
}

// MARK: - Operations

struct Operation: Sendable, CustomStringConvertible {
    let method: String
    let path: String
    let json: JSON
    /// Parameters of the path.
    let shared: [JSON]

    var id: String { json["operationId"]?.stringValue ?? "" }
    var description: String { "\(method) \(path)" }
    var isRead: Bool { method == "GET" }
    var isPage: Bool { json["tags"]?.strings == ["pages"] }

    func parameters(_ contract: APIDocument) -> [JSON] {
        (shared + (json["parameters"]?.arrayValue ?? [])).map(contract.resolved)
    }

    func parameterNames(in place: String, _ contract: APIDocument) -> Set<String> {
        let found = parameters(contract).filter { $0["in"]?.stringValue == place }
        return Set(found.compactMap { $0["name"]?.stringValue })
    }

    var bodyTypes: [JSON.Member] { json["requestBody"]?["content"]?.members ?? [] }

    /// By status, or `default`.
    func responses(_ contract: APIDocument) -> [(status: String, response: Response)] {
        (json["responses"]?.members ?? []).map { ($0.name, Response(json: contract.resolved($0.value))) }
    }

    /// What is documented for a status, the catch-all included.
    func response(_ status: Int, _ contract: APIDocument) -> Response? {
        let all = responses(contract)
        if let response = all.first(where: { $0.status == String(status) })?.response { return response }
        guard let rest = all.first(where: { $0.status == "default" })?.response, rest.codes(status) != nil else {
            return nil
        }
        return rest
    }
}

struct Response: Sendable {
    let json: JSON

    var content: [JSON.Member] { json["content"]?.members ?? [] }

    var headers: [JSON.Member] { json["headers"]?.members ?? [] }

    /// The codes of problems with this status; `nil` where none is documented.
    func codes(_ status: Int) -> [String]? {
        guard let codes = json["x-problem-codes"] else { return nil }
        return (codes.arrayValue ?? codes[String(status)]?.arrayValue)?.compactMap(\.stringValue)
    }

    /// Every code, with the status that it is listed under, which a plain list leaves to the response.
    func allCodes(under status: String) -> [(status: String, code: String)] {
        guard let codes = json["x-problem-codes"] else { return [] }
        if let list = codes.arrayValue { return list.compactMap(\.stringValue).map { (status, $0) } }
        return (codes.members ?? []).flatMap { member in
            (member.value.arrayValue ?? []).compactMap(\.stringValue).map { (member.name, $0) }
        }
    }
}

extension JSON {
    var strings: [String] { (arrayValue ?? []).compactMap(\.stringValue) }
}
