import Core
import HTTPTypes
import Identity
import Web

// MARK: - API keys

extension PageService {
    /// How long a new key may work, in days; the first is what is chosen where nobody chooses.
    static let keyLifetimes: [Int64] = [APIKey.lifetimeDefaultDays, 90, 180, APIKey.lifetimeMaximumDays]
    private static let scopePrefix = "scope."
    private static let scopeFields = Set(Scope.allCases.map { scopePrefix + $0.rawValue })

    var keyEndpoints: [Endpoint] {
        let path = "/v1/organizations/{id}/api-keys"
        return [
            page("/dealer/keys", query: Page.query.union(["done"]), authorize: api.rule("GET \(path)"), showKeys),
            page("/dealer/keys/new", authorize: api.rule("POST \(path)")) { call in
                try await keyForm(FormState(call), call)
            },
            action(
                "/dealer/keys",
                fields: PageService.scopeFields.union(["name", "days"]),
                authorize: api.rule("POST \(path)"),
                createKey
            ),
            action("/dealer/keys/{key}/revoke", authorize: api.rule("DELETE \(path)/{key}"), revokeKey),
        ]
    }

    private func own(_ call: Call) throws -> [String: String] { ["id": try call.requirePrincipal().organization] }

    private func sheet(_ call: Call) async throws -> Sheet {
        var sheet = Sheet(call, .keys)
        sheet.organization = try await organizationName(call)
        return sheet
    }

    private func showKeys(_ call: Call) async throws -> Reply {
        let query = call.query.filter { Page.query.contains($0.key) }
        let keys = try await api.ask("GET /v1/organizations/{id}/api-keys", call, parameters: own(call), query: query)
            .json()
        let decision = api.rule("POST /v1/organizations/{id}/api-keys")(call.principal)
        let sheet = try await sheet(call)
        let view = KeyListView(
            sheet: sheet,
            keys: keys,
            // Who has to show the second factor first is led there.
            mayCreate: decision == .allowed || decision == .stepUpNeeded,
            mayRevoke: api.rule("DELETE /v1/organizations/{id}/api-keys/{key}")(call.principal) == .allowed,
            now: clock.now(),
            isRevoked: call.query["done"] == "revoked"
        )
        return sheet.reply(sheet.say("密钥", "API keys")) { view.write(&$0) }
    }

    private func keyForm(_ state: FormState, _ call: Call) async throws -> Reply {
        let sheet = try await sheet(call)
        let principal = try call.requirePrincipal()
        let view = KeyFormView(
            sheet: sheet,
            state: state,
            scopes: principal.scopes.sorted(),
            chosen: call.form.isEmpty
                ? Set(OrganizationKind.dealer.defaultScopes.names).intersection(principal.scopes)
                : Set(PageService.scopes(in: call.form))
        )
        return sheet.reply(sheet.say("新密钥", "A new key")) { view.write(&$0) }
    }

    private static func scopes(in form: [String: String]) -> [String] {
        form.keys.filter { $0.hasPrefix(scopePrefix) }.map { String($0.dropFirst(scopePrefix.count)) }.sorted()
    }

    private func createKey(_ call: Call) async throws -> Reply {
        let secondsPerDay: Int64 = 86_400
        let days = call.form["days"].flatMap { Int64($0) }.flatMap { PageService.keyLifetimes.contains($0) ? $0 : nil }
        let expiresAt = clock.now().adding(seconds: (days ?? APIKey.lifetimeDefaultDays) * secondsPerDay)
        let scopes = PageService.scopes(in: call.form).map { JSON($0) }
        let members =
            call.form.members(["name"]) + [
                .init("scopes", .array(scopes)), .init("expires_at", JSON(expiresAt.truncatedToMilliseconds)),
            ]
        let key = try await showing { failure in
            try await keyForm(FormState(call, failure), call)
        } _: {
            try await api.ask(
                "POST /v1/organizations/{id}/api-keys",
                call,
                parameters: own(call),
                json: .object(members)
            ).json()
        }
        let sheet = try await sheet(call)
        // Not a page to come back to: the secret is in nobody's hands but the caller's.
        return sheet.reply(sheet.say("密钥已创建", "The key is made")) { KeyView(sheet: sheet, key: key).write(&$0) }
    }

    private func revokeKey(_ call: Call) async throws -> Reply {
        let which = try own(call).merging(["key": try call.parameter("key")]) { $1 }
        let operation = "/v1/organizations/{id}/api-keys/{key}"
        // Whatever version it is of: who revokes a key wants no more of it.
        let tag = try await api.ask("GET \(operation)", call, parameters: which).headers[.eTag]
        _ = try await api.ask("DELETE \(operation)", call, parameters: which, headers: [.ifMatch: tag ?? ""])
        return .seeOther("/dealer/keys?done=revoked")
    }
}
