import Core
import Cryptography
import HTTPTypes
import Storage
import Support
import Testing

@testable import Identity
@testable import Web

@Suite struct SecretsAtRestTests {
    /// The answer with the secret is kept for repeated requests, too: this is what could give it away.
    @Test func `a copy of the store holds no usable key`() async throws {
        let store = try await TestStore.open(in: .disk)
        let admin = try await Bootstrap.firstAdministrator(store.database, pepper: World.pepper)
        let second = try await SecretsAtRestTests.createKey(through: store.database, store.clock, for: admin)
        let bytes = try store.bytesOnDisk()
        #expect(bytes.contains(Array("bootstrap".utf8)), "the files that were read are not the store's")
        for text in [admin.key, second] {
            #expect(bytes.contains(Array(text.publicID.utf8)))
            #expect(!bytes.contains(Array(text.secret.utf8)))
            #expect(!bytes.contains(Array(text.secret.dropFirst(20).prefix(32).utf8)))
        }
        #expect(!bytes.contains(World.pepper.withUnsafeBytes { Array($0) }))
        try await store.database.close()
        #expect(!(try store.bytesOnDisk()).contains(Array(second.secret.utf8)))
    }

    /// Over the endpoint, with an `Idempotency-Key`.
    private static func createKey(
        through database: any Database,
        _ clock: ManualClock,
        for admin: Bootstrap.Administrator
    ) async throws -> APIKeyText {
        let authenticator = KeyAuthenticator(
            database: database,
            clock: clock,
            pepper: World.pepper,
            logger: World.logger
        )
        let identity = Identity(database: database, authenticator: authenticator, pepper: World.pepper)
        let path = "/v1/organizations/{id}/api-keys"
        let endpoint = try requireSome(
            identityEndpoints(identity).first { $0.method == .post && $0.path == path }
        )
        let idempotency = Idempotency(secret: World.secret("sealing"))
        let digest = SHA256.hash(Array("body".utf8))
        let call = Call(
            endpoint: endpoint,
            cursors: CursorSigner(secret: World.secret("cursor")),
            principal: try await authenticator.authenticate(bearer: admin.key.secret),
            parameters: ["id": admin.organization.text],
            json: ["name": "second"],
            idempotency: idempotency.request(scope: "scope", key: "key", fingerprint: digest)
        )
        let first = try await endpoint.handler(call)
        let replayed = try await endpoint.handler(call)
        #expect(try replayed.json == first.json)
        #expect(replayed.headers[.idempotencyReplayed] == "true")
        return try requireSome(APIKeyText(try first.json["secret"]?.stringValue ?? ""))
    }
}
