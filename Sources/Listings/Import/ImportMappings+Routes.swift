import Core
import HTTPTypes
import Identity
import Storage
import Web

extension ImportService {
    var mappingEndpoints: [Endpoint] {
        [
            Endpoint(
                .post,
                "/v1/import-mappings",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.importMappingWrite),
                handler: createMapping
            ),
            Endpoint(
                .get,
                "/v1/import-mappings",
                query: Page.query,
                authorize: Policy.authorize(.importMappingRead),
                handler: listMappings
            ),
            Endpoint(
                .get,
                "/v1/import-mappings/{id}",
                authorize: Policy.authorize(.importMappingRead),
                handler: readMapping
            ),
            Endpoint(
                .delete,
                "/v1/import-mappings/{id}",
                authorize: Policy.authorize(.importMappingWrite),
                handler: deleteMapping
            ),
        ]
    }

    private func createMapping(_ call: Call) async throws -> Reply {
        let draft = try ImportMapping.Draft(reading: call.json)
        let dealer = try call.ownDealership()
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                let mapping = try ImportMappings.create(tx, draft, of: dealer, from: Origin(call))
                return Reply.json(mapping.json, status: .created)
                    .withETag(mapping.entityTag)
                    .withLocation("/v1/import-mappings/\(mapping.id)")
            }
        }
    }

    private func listMappings(_ call: Call) async throws -> Reply {
        let organization = try call.requirePrincipal().organization
        let page = try call.page()
        let mappings = try await database.read { tx in
            try ImportMappingStore.page(tx, of: organization, after: page.position ?? "", limit: page.limit + 1)
        }
        return call.list(mappings, on: page, position: \.id.text, json: \.json)
    }

    private func readMapping(_ call: Call) async throws -> Reply {
        let id = try call.importMapping()
        let mapping = try await database.read { tx in
            try ImportMappings.get(tx, id) { Policy.sees(call.principal, $0) }
        }
        return Reply.json(mapping.json).withETag(mapping.entityTag)
    }

    private func deleteMapping(_ call: Call) async throws -> Reply {
        let id = try call.importMapping()
        try await database.writeRetrying { tx in
            let mapping = try ImportMappings.get(tx, id) { Policy.owns(call.principal, $0) }
            try call.requireIfMatch(mapping.entityTag)
            try ImportMappings.delete(tx, mapping, from: Origin(call))
        }
        return Reply(.noContent)
    }
}

extension Call {
    fileprivate func importMapping() throws -> ImportMappingID {
        guard let id = ImportMappingID(try parameter("id")) else { throw Failure(.notFound) }
        return id
    }
}
