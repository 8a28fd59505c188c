import Core
import HTTPTypes
import Web

/// The operations of the API as the pages ask them: what the API refuses, a page refuses for the same reason, because
/// nobody wrote the rule a second time.
struct OwnAPI: Sendable {
    private let operations: [String: Endpoint]

    init(_ endpoints: [Endpoint]) {
        operations = endpoints.reduce(into: [:]) { $0["\($1.method.rawValue) \($1.path)"] = $1 }
    }

    func knows(_ operation: String) -> Bool { operations[operation] != nil }

    /// Who may do it: for the page that does nothing else.
    ///
    /// - Parameter operation: as `GET /v1/me`. What there is not, nobody may.
    func rule(_ operation: String) -> @Sendable (Principal?) -> AccessDecision {
        guard let endpoint = operations[operation] else { return OwnAPI.nobody }
        return endpoint.authorize
    }

    /// - Throws: whatever the operation refuses with.
    func ask(
        _ operation: String,
        _ call: Call,
        parameters: [String: String] = [:],
        query: [String: String] = [:],
        headers: HTTPFields = [:],
        json: JSON = .null,
        stream: BodyStream? = nil
    ) async throws -> Reply {
        guard let endpoint = operations[operation] else { throw UnknownOperation(name: operation) }
        return try await call.asking(
            endpoint,
            parameters: parameters,
            query: query,
            headers: headers,
            json: json,
            stream: stream
        )
    }

    private static let nobody: @Sendable (Principal?) -> AccessDecision = { _ in
        .forbidden(LocalizedText(zh: "此服务未提供该功能", en: "This server does not offer it"))
    }
}

/// A page asks for what the API does not have: a defect.
struct UnknownOperation: Error {
    let name: String
}

extension JSON {
    /// A text in both languages, as `{"zh": …, "en": …}`.
    func words(_ language: Language) -> String {
        self[language == .chinese ? "zh" : "en"]?.stringValue ?? ""
    }

    func text(_ name: String) -> String { self[name]?.stringValue ?? "" }

    func number(_ name: String) -> Int64 { self[name]?.integerValue ?? 0 }

    func list(_ name: String) -> [JSON] { self[name]?.arrayValue ?? [] }
}
