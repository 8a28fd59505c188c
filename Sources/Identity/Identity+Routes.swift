package import Core
import HTTPTypes
import Storage
package import Web

/// Every operation of this slice.
package func identityEndpoints(_ identity: Identity) -> [Endpoint] {
    identity.organizationEndpoints + identity.apiKeyEndpoints + identity.signingKeyEndpoints + identity.trailEndpoints
}

extension Identity {
    fileprivate var trailEndpoints: [Endpoint] {
        [
            Endpoint(
                .get,
                "/v1/organizations/{id}/audit-trail",
                query: Page.query,
                authorize: Policy.authorize(.auditRead),
                handler: auditTrail
            )
        ]
    }

    /// Newest first. `record` is in its canonical form, so that its SHA-256 is `hash`.
    private func auditTrail(_ call: Call) async throws -> Reply {
        let id = try call.parameter("id")
        guard Policy.sees(call.principal, id) else { throw Failure(.notFound) }
        let page = try call.page()
        let before = page.position.flatMap { Int64($0) } ?? .max
        let records = try await database.read { tx in
            if id != AuditTrail.platformChain { _ = try Organizations.get(tx, try OrganizationID(reading: id)) }
            return try AuditTrail.page(tx, id, before: before, limit: page.limit + 1)
        }
        let shown = records.prefix(page.limit)
        let next = records.count > shown.count ? shown.last.map { String($0.seq) } : nil
        return call.list(next: next) { writer in
            for (index, record) in shown.enumerated() {
                writer.raw(index == 0 ? "{\"hash\":" : ",{\"hash\":")
                writer.string(record.hash.hex)
                writer.raw(",\"record\":")
                writer.bytes.append(contentsOf: record.text.utf8)
                writer.raw("}")
            }
        }
    }
}

extension ID {
    /// - Throws: `notFound` for a text that is no identifier of this type: there is nothing of that name.
    package init(reading text: String) throws {
        guard let id = ID(text) else { throw Failure(.notFound) }
        self = id
    }
}

extension Call {
    /// The organisation in the path, where `isVisible` says that it is there for this caller. Asked before the store
    /// is, so that another's identifier costs the same as one that does not exist.
    package func organization(where isVisible: (Principal?, String) -> Bool) throws -> OrganizationID {
        let id = try OrganizationID(reading: parameter("id"))
        guard isVisible(principal, id.text) else { throw Failure(.notFound) }
        return id
    }

    /// For a change that may be repeated: once it has come about, the version does not matter any more, but a caller
    /// who names none is told so every time.
    func requireAnyIfMatch() throws {
        if headers[.ifMatch] == nil { try requireIfMatch(nil) }
    }

    /// A page out of `elements`, of which one more than fits has been fetched if there are more.
    package func list<Element>(
        _ elements: [Element],
        on page: Page,
        position: (Element) -> String,
        json: (Element) -> JSON
    ) -> Reply {
        let shown = elements.prefix(page.limit)
        return list(shown.map(json), next: elements.count > shown.count ? shown.last.map(position) : nil)
    }
}
