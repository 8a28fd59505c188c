import Core
import HTTPTypes
import Storage
import Web

// MARK: - API keys

extension Identity {
    var apiKeyEndpoints: [Endpoint] {
        [
            Endpoint(
                .post,
                "/v1/organizations/{id}/api-keys",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.keyCreate),
                handler: createAPIKey
            ),
            Endpoint(
                .get,
                "/v1/organizations/{id}/api-keys",
                query: Page.query,
                authorize: Policy.authorize(.keyList),
                handler: listAPIKeys
            ),
            Endpoint(
                .get,
                "/v1/organizations/{id}/api-keys/{key}",
                authorize: Policy.authorize(.keyList),
                handler: readAPIKey
            ),
            Endpoint(
                .delete,
                "/v1/organizations/{id}/api-keys/{key}",
                authorize: Policy.authorize(.keyRevoke),
                handler: revokeAPIKey
            ),
        ]
    }

    private func createAPIKey(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.owns)
        guard let principal = call.principal else { throw Failure(.unauthenticated) }
        let draft = try APIKey.Draft(reading: call.json)
        return try await database.writeRetrying { [pepper] tx in
            try call.once(in: tx) {
                let (key, text) = try APIKeys.create(
                    tx,
                    for: try Organizations.get(tx, id),
                    draft,
                    by: APIKeys.Issuer(principal),
                    pepper: pepper,
                    from: Origin(call)
                )
                return Reply.json(key.json(showing: text), status: .created)
                    .withETag(key.entityTag)
                    .withLocation("/v1/organizations/\(id)/api-keys/\(key.id)")
            }
        }
    }

    private func listAPIKeys(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.sees)
        let page = try call.page()
        let keys = try await database.read { tx in
            _ = try Organizations.get(tx, id)
            return try APIKeys.page(tx, of: id, after: page.position ?? "", limit: page.limit + 1)
        }
        return call.list(keys, on: page, position: \.id.text, json: \.json)
    }

    private func readAPIKey(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.sees)
        let keyID = try APIKeyID(reading: call.parameter("key"))
        let key = try await database.read { tx in try APIKeys.get(tx, keyID, of: id) }
        return Reply.json(key.json).withETag(key.entityTag)
    }

    private func revokeAPIKey(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.owns)
        let keyID = try APIKeyID(reading: call.parameter("key"))
        try call.requireAnyIfMatch()
        _ = try await database.writeRetrying { tx in
            try APIKeys.revoke(tx, keyID, of: id, from: Origin(call), if: call.requireIfMatch)
        }
        authenticator.invalidate()
        return Reply(.noContent)
    }
}

// MARK: - Signing keys

extension Identity {
    var signingKeyEndpoints: [Endpoint] {
        [
            Endpoint(
                .post,
                "/v1/organizations/{id}/signing-keys",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.signingKeyCreate),
                handler: createSigningKey
            ),
            Endpoint(
                .get,
                "/v1/organizations/{id}/signing-keys",
                query: Page.query,
                authorize: Policy.authorize(.signingKeyList),
                handler: listSigningKeys
            ),
            Endpoint(
                .get,
                "/v1/organizations/{id}/signing-keys/{key}",
                authorize: Policy.authorize(.signingKeyList),
                handler: readSigningKey
            ),
            Endpoint(
                .delete,
                "/v1/organizations/{id}/signing-keys/{key}",
                authorize: Policy.authorize(.signingKeyRevoke),
                handler: revokeSigningKey
            ),
        ]
    }

    private func createSigningKey(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.owns)
        let draft = try SigningKey.Draft(reading: call.json)
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                let organization = try Organizations.get(tx, id)
                let key = try SigningKeys.create(tx, for: organization, draft, from: Origin(call))
                return Reply.json(key.json, status: .created)
                    .withETag(key.entityTag)
                    .withLocation("/v1/organizations/\(id)/signing-keys/\(key.id)")
            }
        }
    }

    private func listSigningKeys(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.sees)
        let page = try call.page()
        let keys = try await database.read { tx in
            _ = try Organizations.get(tx, id)
            return try SigningKeys.page(tx, of: id, after: page.position ?? "", limit: page.limit + 1)
        }
        return call.list(keys, on: page, position: \.id.text, json: \.json)
    }

    private func readSigningKey(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.sees)
        let keyID = try SigningKeyID(reading: call.parameter("key"))
        let key = try await database.read { tx in try SigningKeys.get(tx, keyID, of: id) }
        return Reply.json(key.json).withETag(key.entityTag)
    }

    private func revokeSigningKey(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.owns)
        let keyID = try SigningKeyID(reading: call.parameter("key"))
        try call.requireAnyIfMatch()
        _ = try await database.writeRetrying { tx in
            try SigningKeys.revoke(tx, keyID, of: id, from: Origin(call), if: call.requireIfMatch)
        }
        return Reply(.noContent)
    }
}
