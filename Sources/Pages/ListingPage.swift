import Core
import HTTPTypes
import Identity
import Listings
import Storage
import Web

// MARK: - One car

extension PageService {
    var listingEndpoints: [Endpoint] {
        [
            page(
                "/dealer/listings/{id}",
                query: ["done"],
                authorize: api.rule("GET /v1/organizations/{id}/listings")
            ) { call in
                try await listingPage(call, FormState(call))
            },
            action(
                "/dealer/listings/{id}/publish",
                fields: ["tag", "next"],
                authorize: api.rule("POST /v1/listings/{id}/publish"),
                publish
            ),
            action(
                "/dealer/listings/{id}/withdraw",
                fields: ["tag", "reason"],
                authorize: api.rule("POST /v1/listings/{id}/withdraw"),
                withdraw
            ),
        ]
    }

    private func listingPage(_ call: Call, _ state: FormState) async throws -> Reply {
        guard let listingID = ListingID(try call.parameter("id")) else { throw Failure(.notFound) }
        let principal = call.principal
        let (listing, obstacles) = try await database.read { tx in
            let listing = try Listings.get(tx, listingID) { Policy.sees(principal, $0.dealer.text) }
            // What is sold is not held to the rules of offering any more.
            return (listing, listing.status == .sold ? [] : try Listings.obstacles(tx, listing))
        }
        var sheet = Sheet(call, .stock)
        sheet.organization = try await organizationName(call)
        let view = ListingView(
            sheet: sheet,
            state: state,
            listing: listing,
            report: try await report(of: listing.vin.text, call),
            obstacles: obstacles,
            mayChange: Policy.owns(principal, listing.dealer.text)
                && api.rule("POST /v1/listings/{id}/publish")(principal) == .allowed,
            done: call.query["done"]
        )
        return sheet.reply(listing.content.title) { view.write(&$0) }
    }

    /// `nil` where nothing was ever recorded about the car.
    private func report(of vin: String, _ call: Call) async throws -> JSON? {
        do {
            return try await api.ask("GET /v1/vehicles/{vin}/report", call, parameters: ["vin": vin]).json()
        } catch let failure as Failure where failure.type.kind == .notFound {
            return nil
        }
    }

    private func publish(_ call: Call) async throws -> Reply {
        try await step("publish", [:], call)
        // From the list back to the list, from the car back to the car.
        guard let next = call.form["next"] else { return .seeOther("\(try listingPath(call))?done=published") }
        let path = Destination.own(next)
        return .seeOther(path + (path.contains("?") ? "&" : "?") + "done=published")
    }

    private func withdraw(_ call: Call) async throws -> Reply {
        try await step("withdraw", .object(call.form.members(["reason"])), call)
        return .seeOther("\(try listingPath(call))?done=withdrawn")
    }

    private func listingPath(_ call: Call) throws -> String { "/dealer/listings/\(try call.parameter("id"))" }

    private func step(_ name: String, _ json: JSON, _ call: Call) async throws {
        let id = try call.parameter("id")
        _ = try await showing { failure in
            try await listingPage(call, FormState(call, failure))
        } _: {
            try await api.ask(
                "POST /v1/listings/{id}/\(name)",
                call,
                parameters: ["id": id],
                headers: [.ifMatch: "\"\(call.form["tag"] ?? "")\""],
                json: json
            )
        }
    }
}
