import Core
import HTTPTypes
import Identity
package import Storage
package import Web

/// What the endpoints of the outbox share.
package struct OutboxService: Sendable {
    private let database: any Database
    private let vault: SubjectVault

    package init(database: any Database, vault: SubjectVault) {
        self.database = database
        self.vault = vault
    }

    package var endpoints: [Endpoint] {
        [
            Endpoint(
                .get,
                "/v1/outbox",
                query: Page.query,
                authorize: Policy.authorize(.outboxList),
                handler: list
            ),
            Endpoint(
                .post,
                "/v1/outbox/{id}/reveal",
                body: .json,
                authorize: Policy.authorize(.outboxReveal),
                handler: reveal
            ),
        ]
    }

    private func list(_ call: Call) async throws -> Reply {
        let page = try call.page()
        return try await database.read { tx in
            let messages = try Outbox.page(tx, vault, before: page.position ?? "~", limit: page.limit + 1)
            return call.list(messages, on: page, position: { $0["id"]?.stringValue ?? "" }, json: { $0 })
        }
    }

    private func reveal(_ call: Call) async throws -> Reply {
        guard let id = MessageID(try call.parameter("id")) else { throw Failure(.notFound) }
        var reader = try ObjectReader(call.json)
        let purpose = reader.purpose()
        let reason = reader.reason()
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let purpose, let reason else { throw Failure(.invalidRequest) }
        return try await database.write { tx in
            guard let stored = try OutboxStore.find(tx, id) else { throw Failure(.notFound) }
            try vault.refuseNaming(tx, stored.subject, in: [("/reason", reason)])
            return .json(try Outbox.reveal(tx, vault, id, for: purpose, reason: reason, by: Origin(call)))
        }
    }
}
