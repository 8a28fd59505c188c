import Core
import Identity
import Support
import Testing
import Web

/// A walk through the API in one language, in which every answer is held against the document at once.
final class Visit {
    let contract: APIDocument
    let server: ServerUnderTest
    let administrator: String
    private let running: RunningServer
    let rules: AnswerRules
    private(set) var faults: [String] = []
    private(set) var succeeded: Set<String> = []
    private(set) var refused: Set<String> = []

    /// - Parameter rateLimitScale: for walks of many who sign in at once.
    init(_ language: Language, rateLimitScale: Int = 1) async throws {
        contract = try APIDocument.load()
        server = try await ServerUnderTest.open()
        running = try await server.start(rateLimitScale: rateLimitScale)
        administrator = try await server.administrator().key.secret
        rules = AnswerRules(contract: contract, language: language)
        // The only moment when it is not ready.
        try await refuse("searchListings", "search_warming")
        try await refuse("getCheckpoint", "log_not_started")
        try await refuse("getVehicleIndexNote", "log_not_started")
        try await server.warmUp()
    }

    private var signedIn: String?

    /// A key that gets to whatever the operation does: an administrator's, or where keys are refused somebody's who has
    /// signed in.
    func key(for operation: Operation) async throws -> String {
        guard operation.json["x-people-only"] == true else { return try await ownKey(for: operation) }
        if let signedIn { return signedIn }
        let me = try await call("getMe", Request(key: administrator))
        let platform = try #require(me.json["organization"]?["id"]?.stringValue)
        let auditor = try await joining(platform, "auditor@example.com", as: "auditor", scopes: [])
        signedIn = auditor.token
        return auditor.token
    }

    private var claimsTokens: [String: String] = [:]

    /// What an administrator may not do is asked by somebody of the claims staff, or by a buyer.
    private func ownKey(for operation: Operation) async throws -> String {
        guard let roles = operation.json["x-roles"]?.strings, !roles.contains("admin") else { return administrator }
        let role = ["claims_manager", "finance"].first(where: roles.contains) ?? "buyer"
        if let token = claimsTokens[role] { return token }
        let token = role == "buyer" ? try await buyer("13700137001") : try await claimsStaff(role).token
        claimsTokens[role] = token
        return token
    }

    /// A request, in the words of the document.
    struct Request {
        var parameters: [String: String] = [:]
        var query = ""
        var key: String?
        var headers: HTTPClient.Headers = []
        var json: JSON?
        /// A body that is no JSON, or no valid one.
        var bytes: [UInt8]?
    }

    /// Sends a request that should succeed. What it sends must be what the document asks for.
    @discardableResult
    func call(_ id: String, _ request: Request = Request()) async throws -> Answer {
        let operation = try contract.operation(id)
        if let json = request.json, let schema = operation.bodyTypes.first?.value["schema"] {
            faults += SchemaChecker(contract: contract).faults(json, schema).map { "\(operation) request: \($0)" }
        }
        let answer = try await send(operation, request)
        if answer.status >= 400 { faults.append("\(operation) refused: \(answer.http.text)") }
        succeeded.insert(id)
        return answer
    }

    /// Sends a request that should be refused with this code.
    @discardableResult
    func refuse(_ id: String, _ code: String, _ request: Request = Request()) async throws -> Answer {
        let operation = try contract.operation(id)
        let answer = try await send(operation, request)
        if answer.json["code"]?.stringValue != code {
            faults.append("\(operation) answered \(answer.status) \(answer.http.text) instead of \(code)")
        }
        refused.insert(id)
        return answer
    }

    /// Sends a request whose answer may be anything.
    func unchecked(_ operation: Operation, _ request: Request) async throws -> Answer {
        let noted = faults
        defer { faults = noted }
        return try await send(operation, request)
    }

    /// The bytes of a page.
    func page(_ path: String) async throws -> [UInt8] {
        try await running.client.send("GET", path).body
    }

    private func send(_ operation: Operation, _ request: Request) async throws -> Answer {
        let language: HTTPClient.Headers = [("Accept-Language", rules.language.rawValue)]
        var headers = request.headers + language
        if let key = request.key { headers.append(("Authorization", "Bearer \(key)")) }
        let body = request.bytes ?? request.json?.bytes
        if body != nil, let type = operation.bodyTypes.first?.name, !headers.contains(where: { $0.0 == "Content-Type" })
        {
            headers.append(("Content-Type", type))
        }
        let target = target(of: operation, request)
        let http = try await running.client.send(operation.method, target, headers: headers, body: body)
        faults += rules.faults(http, to: operation)
        return Answer(http)
    }

    private func target(of operation: Operation, _ request: Request) -> String {
        let path = operation.path.split(separator: "/").map { segment in
            segment.hasPrefix("{") ? request.parameters[String(segment.dropFirst().dropLast())] ?? "" : String(segment)
        }
        return "/" + path.joined(separator: "/") + (request.query.isEmpty ? "" : "?\(request.query)")
    }
}

struct Answer {
    let http: HTTPAnswer
    let json: JSON

    init(_ http: HTTPAnswer) {
        self.http = http
        json = (try? JSONParser.parse(http.body)) ?? .null
    }

    var status: Int { http.status }

    func text(_ name: String) throws -> String {
        try #require(json[name]?.stringValue, "no \(name) in \(http.text)")
    }

    func entityTag() throws -> String {
        try #require(http.header("ETag"), "\(http.text)")
    }
}
