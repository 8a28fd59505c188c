import Core
import HTTPTypes
import Identity
import Web

// MARK: - Who is told, and where

extension PageService {
    private static let list = "/v1/watches"
    private static let one = "/v1/watches/{id}"
    /// Of the last deliveries, so many are shown.
    private static let shownDeliveries = "10"

    var webhookEndpoints: [Endpoint] {
        let (list, one) = (PageService.list, PageService.one)
        let path = "/dealer/webhooks"
        let change = api.rule("PATCH \(one)")
        return [
            page(path, query: Page.query.union(["done"]), authorize: api.rule("GET \(list)"), showWebhooks),
            page("\(path)/new", authorize: api.rule("POST \(list)")) { call in
                try await webhookForm(FormState(call), call)
            },
            action(path, fields: ["kind", "vin", "name", "url"], authorize: api.rule("POST \(list)"), createWebhook),
            page("\(path)/{id}", query: ["done"], authorize: api.rule("GET \(one)"), showWebhook),
            action("\(path)/{id}/state", fields: ["state"], authorize: change, setState),
            action("\(path)/{id}/test", authorize: api.rule("POST \(one)/test"), testWebhook),
            action("\(path)/{id}/rotate", authorize: api.rule("POST \(one)/rotate-secret"), rotateSecret),
            action("\(path)/{id}/delete", authorize: api.rule("DELETE \(one)"), deleteWebhook),
        ]
    }

    private func webhookSheet(_ call: Call) async throws -> Sheet {
        var sheet = Sheet(call, .keys)
        sheet.organization = try await organizationName(call)
        return sheet
    }

    private func which(_ call: Call) throws -> [String: String] { ["id": try call.parameter("id")] }

    // MARK: Looking

    private func showWebhooks(_ call: Call) async throws -> Reply {
        let query = call.query.filter { Page.query.contains($0.key) }
        let watches = try await api.ask("GET \(PageService.list)", call, query: query).json()
        let sheet = try await webhookSheet(call)
        let view = WebhookListView(
            sheet: sheet,
            watches: watches,
            mayCreate: api.rule("POST \(PageService.list)")(call.principal) == .allowed,
            isDeleted: call.query["done"] == "deleted"
        )
        return sheet.reply(sheet.say("通知", "Webhooks")) { view.write(&$0) }
    }

    private func showWebhook(_ call: Call) async throws -> Reply {
        let watch = try await api.ask("GET \(PageService.one)", call, parameters: which(call)).json()
        let deliveries = try await api.ask(
            "GET \(PageService.one)/deliveries",
            call,
            parameters: which(call),
            query: ["limit": PageService.shownDeliveries]
        ).json()
        let sheet = try await webhookSheet(call)
        let view = WebhookView(
            sheet: sheet,
            watch: watch,
            deliveries: deliveries.list("data"),
            mayChange: api.rule("PATCH \(PageService.one)")(call.principal) == .allowed,
            done: call.query["done"]
        )
        return sheet.reply(WebhookWords.title(watch, sheet.language)) { view.write(&$0) }
    }

    // MARK: Changing

    private func webhookForm(_ state: FormState, _ call: Call) async throws -> Reply {
        let sheet = try await webhookSheet(call)
        let isDealer = call.principal?.role == .dealer
        let view = WebhookFormView(sheet: sheet, state: state, kinds: isDealer ? ["stock", "vehicle"] : ["vehicle"])
        return sheet.reply(sheet.say("新的通知", "A new webhook")) { view.write(&$0) }
    }

    private func createWebhook(_ call: Call) async throws -> Reply {
        var fields = call.form
        // The field is on the form whatever is chosen.
        if fields["kind"] != "vehicle" { fields["vin"] = nil }
        fields["vin"] = fields["vin"]?.uppercased().filter { !$0.isWhitespace }
        let members = fields.members(["kind", "vin", "name", "url"])
        let watch = try await showing { failure in
            try await webhookForm(FormState(call, failure), call)
        } _: {
            try await api.ask("POST \(PageService.list)", call, json: .object(members)).json()
        }
        return try await showSecret(of: watch, call)
    }

    private func rotateSecret(_ call: Call) async throws -> Reply {
        let operation = "POST \(PageService.one)/rotate-secret"
        let watch = try await api.ask(operation, call, parameters: which(call), json: [:]).json()
        return try await showSecret(of: watch, call)
    }

    /// Not a page to come back to: the secret is in nobody's hands but the caller's.
    private func showSecret(of watch: JSON, _ call: Call) async throws -> Reply {
        let sheet = try await webhookSheet(call)
        return sheet.reply(sheet.say("签名密钥", "The secret")) { WebhookSecretView(sheet: sheet, watch: watch).write(&$0) }
    }

    private func setState(_ call: Call) async throws -> Reply {
        let id = try which(call)
        _ = try await api.ask(
            "PATCH \(PageService.one)",
            call,
            parameters: id,
            headers: [.ifMatch: try await webhookTag(call)],
            json: .object(call.form.members(["state"]))
        )
        return .seeOther("/dealer/webhooks/\(try call.parameter("id"))?done=changed")
    }

    private func testWebhook(_ call: Call) async throws -> Reply {
        let sent = try await api.ask("POST \(PageService.one)/test", call, parameters: which(call)).json()
        let outcome = sent.text("state") == "delivered" ? "accepted" : "refused"
        return .seeOther("/dealer/webhooks/\(try call.parameter("id"))?done=\(outcome)")
    }

    private func deleteWebhook(_ call: Call) async throws -> Reply {
        let headers: HTTPFields = [.ifMatch: try await webhookTag(call)]
        _ = try await api.ask("DELETE \(PageService.one)", call, parameters: which(call), headers: headers)
        return .seeOther("/dealer/webhooks?done=deleted")
    }

    /// Whatever version it is of: who presses a button has seen the page.
    private func webhookTag(_ call: Call) async throws -> String {
        try await api.ask("GET \(PageService.one)", call, parameters: which(call)).headers[.eTag] ?? ""
    }
}
