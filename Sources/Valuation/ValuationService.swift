package import Core
import Cryptography
import HTTPTypes
import Identity
package import Pricing
package import Storage
package import Web

/// What the endpoints of this slice share.
package struct ValuationService: Sendable {
    package let database: any Database
    package let market: Market
    let offers: any OfferedCars

    package init(database: any Database, market: Market, offers: any OfferedCars) {
        self.database = database
        self.market = market
        self.offers = offers
    }

    package var endpoints: [Endpoint] {
        estimateEndpoints + ruleSetEndpoints + comparableEndpoints + backtestEndpoints
    }

    private var estimateEndpoints: [Endpoint] {
        [
            Endpoint(
                .post,
                "/v1/pricing/estimates",
                body: .json,
                rateLimit: .pricing,
                authorize: Policy.authorize(.pricingEstimate),
                handler: estimate
            ),
            Endpoint(
                .get,
                "/v1/pricing/estimates/{id}",
                rateLimit: .pricing,
                authorize: Policy.authorize(.pricingRead),
                handler: read
            ),
            Endpoint(
                .post,
                "/v1/pricing/estimates/{id}/what-if",
                body: .json,
                rateLimit: .pricing,
                authorize: Policy.authorize(.pricingEstimate),
                handler: whatIf
            ),
        ]
    }

    // MARK: Estimates

    private func estimate(_ call: Call) async throws -> Reply {
        let request = try EstimateRequest(reading: call.json)
        let (principal, offers) = (call.principal, offers)
        let (subject, now) = try await database.read { tx in
            (try request.subject(tx, offers, principal), tx.now)
        }
        let appraised = try await market.appraised(subject.car, vin: subject.vin?.text, on: now.dateInChina)
        let context = EstimateContext(
            organization: principal?.organization,
            vin: subject.vin?.text,
            listing: request.listing
        )
        let stored = try await database.writeRetrying { try Estimates.keep($0, appraised, context) }
        return Reply.json(stored.json(isVerified: nil), status: .created)
            .withLocation("/v1/pricing/estimates/\(stored.id)")
    }

    private func read(_ call: Call) async throws -> Reply {
        let (stored, ruleSet) = try await find(call)
        return .json(stored.json(isVerified: try await isVerified(stored, ruleSet)))
    }

    /// Made again from what is kept, and held against what was answered.
    private func isVerified(_ stored: StoredEstimate, _ ruleSet: RuleSet) async throws -> Bool {
        try await withTaskExecutorPreference(globalConcurrentExecutor) {
            try stored.replayed(by: market.estimator(ruleSet)) == stored.answer
        }
    }

    /// The same sales and the same rules, another car: only what reads the difference moves.
    private func whatIf(_ call: Call) async throws -> Reply {
        var reader = try ObjectReader(call.json)
        let change = reader.json("car")
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        let (stored, ruleSet) = try await find(call)
        let car = try stored.car.changed(by: change)
        let answer = try await withTaskExecutorPreference(globalConcurrentExecutor) {
            let estimator = market.estimator(ruleSet)
            return estimator.answer(try estimator.estimate(car, on: stored.valuedOn, evidence: stored.evidence))
        }
        return .json([
            "of": JSON(stored.id),
            "car": car.statement,
            "estimate": answer,
            "moved": .array(movedRules(from: stored.answer, to: answer).map { JSON($0) }),
        ])
    }

    private func movedRules(from old: JSON, to new: JSON) -> [String] {
        func effects(_ answer: JSON) -> [String: JSON] {
            (answer["lines"]?.arrayValue ?? []).reduce(into: [:]) { effects, line in
                effects[line["rule"]?.stringValue ?? ""] = line["effect_log"]
            }
        }
        let (before, after) = (effects(old), effects(new))
        return Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
    }

    private func find(_ call: Call) async throws -> (StoredEstimate, RuleSet) {
        guard let id = EstimateID(try call.parameter("id")) else { throw Failure(.notFound) }
        let principal = call.principal
        return try await database.read { tx in
            let found = try Estimates.get(tx, id) { Policy.sees(principal, $0) }
            return (found.estimate, found.ruleSet)
        }
    }
}

extension Market {
    /// Not on the event loop: looking through sales takes a fraction of a millisecond, and others wait for it.
    package func appraised(_ car: CarFacts, vin: String?, on day: CalendarDate) async throws -> Appraised {
        try await withTaskExecutorPreference(globalConcurrentExecutor) {
            try appraise(car, vin: vin, on: day)
        }
    }
}

extension RateLimit {
    /// Estimates are kept for ever, so strangers get what people need and no programs.
    package static let pricing = RateLimit(name: "pricing", quota: 300, memberQuota: 60_000, windowSeconds: 60)
}
