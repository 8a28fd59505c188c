import Core
import HTTPTypes
import Storage
import Web

extension Identity {
    var organizationEndpoints: [Endpoint] {
        [
            Endpoint(
                .post,
                "/v1/organizations",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.organizationCreate),
                handler: createOrganization
            ),
            Endpoint(
                .get,
                "/v1/organizations",
                query: Page.query,
                authorize: Policy.authorize(.organizationList),
                handler: listOrganizations
            ),
            Endpoint(
                .get,
                "/v1/organizations/{id}",
                authorize: Policy.authorize(.organizationRead),
                handler: readOrganization
            ),
            Endpoint(
                .patch,
                "/v1/organizations/{id}",
                body: .json,
                authorize: Policy.authorize(.organizationUpdate),
                handler: updateOrganization
            ),
            Endpoint(
                .post,
                "/v1/organizations/{id}/suspension",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.organizationSuspend),
                handler: suspendOrganization
            ),
            Endpoint(
                .delete,
                "/v1/organizations/{id}/suspension",
                authorize: Policy.authorize(.organizationSuspend),
                handler: reinstateOrganization
            ),
        ]
    }

    private func createOrganization(_ call: Call) async throws -> Reply {
        let draft = try Organization.Draft(reading: call.json)
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                let organization = try Organizations.create(tx, draft, from: Origin(call))
                return organization.reply(.created).withLocation("/v1/organizations/\(organization.id)")
            }
        }
    }

    private func listOrganizations(_ call: Call) async throws -> Reply {
        let page = try call.page()
        let organizations = try await database.read { tx in
            try Organizations.page(tx, after: page.position ?? "", limit: page.limit + 1)
        }
        return call.list(organizations, on: page, position: \.id.text, json: \.json)
    }

    private func readOrganization(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.sees)
        return try await database.read { tx in try Organizations.get(tx, id) }.reply(.ok)
    }

    private func updateOrganization(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.owns)
        let patch = try Organization.Patch(reading: call.json, mayRename: call.principal?.role == .admin)
        return try await database.writeRetrying { tx in
            try Organizations.update(tx, id, patch, from: Origin(call), if: call.requireIfMatch).reply(.ok)
        }
    }

    private func suspendOrganization(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.owns)
        var reader = try ObjectReader(call.json)
        let reason = reader.line("reason", length: Organization.reasonLength)
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let reason else { throw Failure(.invalidRequest) }
        let reply = try await database.writeRetrying { tx in
            try call.once(in: tx) {
                try Organizations.suspend(tx, id, reason: reason, from: Origin(call), if: call.requireIfMatch)
                    .reply(.ok)
            }
        }
        authenticator.invalidate()
        return reply
    }

    private func reinstateOrganization(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.owns)
        let organization = try await database.writeRetrying { tx in
            try Organizations.reinstate(tx, id, from: Origin(call), if: call.requireIfMatch)
        }
        authenticator.invalidate()
        return organization.reply(.ok)
    }
}

extension Organization {
    fileprivate func reply(_ status: HTTPResponse.Status) -> Reply {
        Reply.json(json, status: status).withETag(entityTag)
    }
}
