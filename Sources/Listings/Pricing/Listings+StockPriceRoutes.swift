import Core
import Cryptography
import HTTPTypes
import Identity
import Pricing
import Storage
import Valuation
import Web

extension ListingService {
    private static let lines = "application/x-ndjson"
    private static let estimatesPerRead = 50

    var stockPriceEndpoints: [Endpoint] {
        [
            Endpoint(
                .get,
                "/v1/organizations/{id}/stock-estimates",
                produces: [ListingService.lines],
                rateLimit: .bulk,
                deadlineSeconds: Limits.importDeadlineSeconds,
                authorize: Policy.authorize(.stockAlertRead),
                handler: estimateStock
            ),
            Endpoint(
                .get,
                "/v1/organizations/{id}/stock-alerts",
                query: Page.query,
                authorize: Policy.authorize(.stockAlertRead),
                handler: listAlerts
            ),
            Endpoint(
                .get,
                "/v1/organizations/{id}/stock-alert-days",
                authorize: Policy.authorize(.stockAlertRead),
                handler: readAlertDays
            ),
            Endpoint(
                .put,
                "/v1/organizations/{id}/stock-alert-days",
                body: .json,
                authorize: Policy.authorize(.stockAlertUpdate),
                handler: changeAlertDays
            ),
        ]
    }

    // MARK: What the stock is worth

    /// A line for each car that is not sold, made as it is sent: nothing of it is kept.
    private func estimateStock(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.sees)
        let cars = try await database.read { tx in
            _ = try Organizations.get(tx, id)
            return try StockOverview.cars(tx, of: id, isSold: false)
        }
        guard let ruleSet = market.ruleSet else { throw Failure(.pricingWarming, retryAfterSeconds: 1) }
        let language = call.language
        return Reply(
            .ok,
            headers: [.contentType: ListingService.lines],
            body: .stream { writer in
                var priced = 0
                for start in stride(from: 0, to: cars.count, by: ListingService.estimatesPerRead) {
                    let some = Array(cars[start..<min(start + ListingService.estimatesPerRead, cars.count)])
                    let valued = try await value(some)
                    priced += valued.count { (try? $0.outcome.get()) != nil }
                    try await writer.write(Array(valued.map { $0.json(language).bytes + [0x0A] }.joined()))
                }
                let summary: JSON = [
                    "summary": [
                        "cars": JSON(cars.count), "priced": JSON(priced), "rule_set": JSON(ruleSet.name.hash.hex),
                    ]
                ]
                try await writer.write(summary.bytes + [0x0A])
            }
        )
    }

    private struct Valued: Sendable {
        let car: StockCar
        let total: Money
        let outcome: Result<Appraised, Failure>

        func json(_ language: Language) -> JSON {
            let known: [JSON.Member] = [
                .init("listing", JSON(car.id)), .init("vin", JSON(car.vin)), .init("title", JSON(car.title)),
                .init("status", JSON(car.status.rawValue)), .init("days", JSON(car.days)),
                .init("price_fen", .integer(total.fen)),
            ]
            switch outcome {
            case .success(let appraised):
                return .object(known + [.init("estimate", appraised.answer), .init("refusal", .null)])
            case .failure(let failure):
                let refusal: JSON = [
                    "code": JSON(failure.type.code), "detail": JSON(failure.detail.text(in: language)),
                    "pointers": .array(failure.faults.map { JSON($0.pointer) }),
                ]
                return .object(known + [.init("estimate", .null), .init("refusal", refusal)])
            }
        }
    }

    private func value(_ cars: [StockCar]) async throws -> [Valued] {
        let market = market
        return try await database.read { tx in
            let listings = try ListingStore.find(tx, all: cars.map(\.id))
            let byID = Dictionary(listings.map { ($0.id, $0) }) { first, _ in first }
            return try cars.compactMap { car in
                guard let listing = byID[car.id] else { return nil }
                let facts = listing.car(try Listings.timeline(tx, listing), asOf: tx.now)
                let outcome: Result<Appraised, Failure>
                do {
                    let today = tx.now.dateInChina
                    outcome = .success(try market.appraise(facts, vin: listing.vin.text, on: today))
                } catch let failure as Failure {
                    outcome = .failure(failure)
                }
                return Valued(car: car, total: listing.content.total, outcome: outcome)
            }
        }
    }

    // MARK: What stands too long

    /// Those that have stood longest come first.
    private func listAlerts(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.sees)
        let page = try call.page()
        guard market.isReady else { throw Failure(.pricingWarming, retryAfterSeconds: 1) }
        let cars = try await database.read { tx in
            _ = try Organizations.get(tx, id)
            return try StockOverview.cars(tx, of: id, isSold: false)
        }
        let standing = cars.filter { $0.band != .fresh && $0.status != .withdrawn }
            .sorted { ListingService.position($0) < ListingService.position($1) }
        let behind = standing.filter { car in page.position.map { ListingService.position(car) > $0 } ?? true }
        let shown = Array(behind.prefix(page.limit))
        let alerts = try await value(shown).map { valued in
            StockAlert(car: valued.car, total: valued.total, estimate: try? valued.outcome.get().estimate)
        }
        let next = behind.count > shown.count ? shown.last.map(ListingService.position) : nil
        return call.list(alerts.map(\.json), next: next)
    }

    /// Days of the calendar sort as they are written.
    private static func position(_ car: StockCar) -> String { "\(car.since) \(car.id)" }

    private func readAlertDays(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.sees)
        let lines = try await database.read { tx in
            _ = try Organizations.get(tx, id)
            return try StockAlertStore.find(tx, id.text)
        }
        return Reply.json(lines.json).withETag(lines.entityTag)
    }

    private func changeAlertDays(_ call: Call) async throws -> Reply {
        let id = try call.organization(where: Policy.owns)
        let days = try StockAlertDays.days(reading: call.json)
        let lines = try await database.writeRetrying { tx in
            _ = try Organizations.get(tx, id)
            let current = try StockAlertStore.find(tx, id.text)
            try call.requireIfMatch(current.entityTag)
            let lines = StockAlertDays(
                slowFromDays: Int(days.slow),
                overdueFromDays: Int(days.overdue),
                version: current.version + 1
            )
            try StockAlertStore.put(tx, id.text, lines)
            return lines
        }
        return Reply.json(lines.json).withETag(lines.entityTag)
    }
}
