import Core
import Cryptography
import HTTPTypes
import Logging
import Storage
import Support
import Web

@testable import Identity

/// A store with organisations in it, and everything that asks it questions.
struct World: Sendable {
    let store: TestStore
    let database: ObservedDatabase
    let authenticator: KeyAuthenticator
    let identity: Identity
    let cursors = CursorSigner(secret: World.secret("cursor"))

    static let pepper = secret("pepper")
    static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    var clock: ManualClock { store.clock }

    static func open(_ engine: Engine = .sqlite) async throws -> World {
        let store = try await TestStore.open(engine)
        let database = ObservedDatabase(store.database)
        let authenticator = KeyAuthenticator(
            database: database,
            clock: store.clock,
            pepper: pepper,
            logger: logger
        )
        let identity = Identity(database: database, authenticator: authenticator, pepper: pepper)
        return World(store: store, database: database, authenticator: authenticator, identity: identity)
    }

    @discardableResult
    func write<Result: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> Result) async throws -> Result
    {
        try await store.database.write(body)
    }

    func read<Result: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> Result) async throws -> Result {
        try await store.database.read(body)
    }

    // MARK: Who there is

    func organization(
        _ kind: OrganizationKind = .dealer,
        _ name: String = "诚信二手车",
        uscc: String = World.creditCodes[0]
    ) async throws -> Organization {
        if kind == .platform {
            return try await write { try requireSome(Organizations.createPlatform($0, name: name)) }
        }
        let draft = Organization.Draft(kind: kind, name: name, uscc: try USCC(parsing: uscc))
        return try await write { try Organizations.create($0, draft, from: .system) }
    }

    func key(
        for organization: Organization,
        _ draft: APIKey.Draft = APIKey.Draft(name: "主系统"),
        by issuer: APIKeys.Issuer = .platform
    ) async throws -> (key: APIKey, text: APIKeyText) {
        try await write { tx in
            try APIKeys.create(
                tx,
                for: organization,
                draft,
                by: issuer,
                pepper: World.pepper,
                from: .system
            )
        }
    }

    func principal(
        of organization: Organization,
        scopes: Set<Scope> = Set(Scope.allCases),
        credential: String = "key_00000000000000000000000000"
    ) -> Principal {
        Principal(
            organization: organization.id.text,
            role: organization.kind.role,
            scopes: Set(scopes.names),
            credential: credential
        )
    }

    /// What the trail of a chain says, oldest first.
    func trail(_ chain: String) async throws -> [JSON] {
        try await read { try AuditTrail.page($0, chain, limit: 1000) }.reversed().map { record in
            try JSONParser.parse(Array(record.text.utf8))
        }
    }

    func verdict(_ chain: String) async throws -> AuditTrail.Verdict {
        try await read { try AuditTrail.verify($0, chain) }
    }

    // MARK: Requests

    /// Calls an endpoint as the frame does, after it has decided that the caller may.
    func call(
        _ method: HTTPRequest.Method,
        _ path: String,
        as principal: Principal?,
        _ parameters: [String: String] = [:],
        query: [String: String] = [:],
        ifMatch: String? = nil,
        json: JSON = .null
    ) async throws -> Reply {
        let endpoint = try requireSome(
            identityEndpoints(identity).first { $0.method == method && $0.path == path }
        )
        var headers = HTTPFields()
        if let ifMatch { headers[.ifMatch] = ifMatch }
        return try await endpoint.handler(
            Call(
                endpoint: endpoint,
                cursors: cursors,
                requestID: "request-1",
                principal: principal,
                parameters: parameters,
                query: query,
                headers: headers,
                json: json
            )
        )
    }

    // MARK: Material

    /// Organisations that exist, and so have codes that check.
    static let creditCodes = [
        "91350100M000100Y43", "91110000802100433B", "91110108551385082Q", "91440300708461136T",
    ]

    static func secret(_ text: String) -> SecretBytes {
        SecretBytes(SHA256.hash(Array(text.utf8)).bytes)
    }
}

extension Reply {
    var json: JSON {
        get throws {
            guard case .bytes(let bytes) = body else { return .null }
            return try JSONParser.parse(bytes)
        }
    }

    var entityTag: String? { headers[.eTag] }
}

struct Missing: Error {}

/// What `#require` does, where there is no test around.
func requireSome<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw Missing() }
    return value
}

/// The problem that `body` is refused with.
func failure<Result>(_ body: () async throws -> Result) async throws -> Failure {
    do {
        _ = try await body()
    } catch let failure as Failure {
        return failure
    } catch let problem as WebProblem {
        return problem.failure
    }
    throw Missing()
}
