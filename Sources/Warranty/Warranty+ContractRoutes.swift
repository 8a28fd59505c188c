import Core
import HTTPTypes
import Identity
import Storage
import Web

extension WarrantyService {
    var contractEndpoints: [Endpoint] {
        [
            Endpoint(
                .post,
                "/v1/warranties",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.warrantyIssue),
                handler: issue
            ),
            Endpoint(.get, "/v1/warranties/{id}", authorize: Policy.authorize(.warrantyRead), handler: read),
            Endpoint(
                .get,
                "/v1/warranties/{id}/coverage",
                query: ["component", "date", "odometer_km"],
                authorize: Policy.authorize(.warrantyRead),
                handler: coverage
            ),
            step("pay", pay),
            step("transfer", transfer),
            step("cancel", cancel),
            step("renew", renew),
            step("renewal-quote", priceRenewal),
        ]
    }

    private func step(_ name: String, _ handler: @escaping @Sendable (Call) async throws -> Reply) -> Endpoint {
        Endpoint(
            .post,
            "/v1/warranties/{id}/\(name)",
            body: .json,
            repetition: .keyed,
            authorize: Policy.authorize(.warrantyUpdate),
            handler: handler
        )
    }

    // MARK: Selling

    private func issue(_ call: Call) async throws -> Reply {
        let sale = try Warranties.Sale(call.json)
        _ = try call.ownDealership()
        let principal = try call.requirePrincipal()
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                let warranty = try warranties.issue(tx, sale, by: principal, from: Origin(call))
                return try reply(tx, warranty, .created).withLocation("/v1/warranties/\(warranty.id)")
            }
        }
    }

    private func read(_ call: Call) async throws -> Reply {
        let id = try call.warranty()
        return try await database.read { tx in
            try reply(tx, try warranties.get(tx, id) { Policy.attends(call.principal, to: $0.dealer.text) })
        }
    }

    private func reply(
        _ tx: any Transaction,
        _ warranty: StoredWarranty,
        _ status: HTTPResponse.Status = .ok
    ) throws -> Reply {
        let json = try shown(tx, warranty)
        return Reply.json(json, status: status).withETag(Identity.entityTag(version: warranty.version, json))
    }

    private func shown(_ tx: any Transaction, _ warranty: StoredWarranty) throws -> JSON {
        let today = tx.now.dateInChina
        let highest = try CarRecord(tx, vin: warranty.terms.sale.vin).highest(upTo: today)?.km ?? 0
        return warranty.json(on: today, odometerKm: max(highest, warranty.terms.sale.odometerKm))
    }

    // MARK: Coverage

    private func coverage(_ call: Call) async throws -> Reply {
        let id = try call.warranty()
        let asked = try CoverageQuery(call)
        return try await database.read { tx in
            let warranty = try warranties.get(tx, id) { Policy.attends(call.principal, to: $0.dealer.text) }
            let book = try warranties.editions.edition(tx, warranty.terms.bookHash)
            let question = try asked.question(book, warranty, CarRecord(tx, vin: warranty.terms.sale.vin), tx.now)
            let accounts = try LimitStore.accounts(tx, warranty)
            let answer = book.answer(question, for: warranty.contract, accounts: accounts)
            let json = JSON.object([.init("warranty", JSON(id))] + (answer.json(book.tree).members ?? []))
            return Reply.json(json).withETag(Identity.entityTag(version: warranty.version, json))
        }
    }

    // MARK: Steps

    private func pay(_ call: Call) async throws -> Reply {
        try call.requireEmptyObject()
        return try await take(call) { tx, warranty in
            try warranties.pay(tx, warranty, on: tx.now.dateInChina, from: Origin(call))
        }
    }

    private func transfer(_ call: Call) async throws -> Reply {
        var reader = try ObjectReader(call.json)
        let holder = reader.holder("holder")
        let use = reader.oneOf("use", SaleFacts.Use.self)
        let odometer = reader.odometer("odometer_km")
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let holder, let use, let odometer else { throw Failure(.invalidRequest) }
        return try await take(call) { tx, warranty in
            let km = odometer.kilometres
            return try warranties.transfer(tx, warranty, to: holder, use: use, odometerKm: km, from: Origin(call))
        }
    }

    private func cancel(_ call: Call) async throws -> Reply {
        var reader = try ObjectReader(call.json)
        let odometer = reader.odometer("odometer_km")
        let reason = reader.line("reason", length: WarrantyLimits.reasonCharacters)
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let odometer, let reason else { throw Failure(.invalidRequest) }
        return try await take(call) { tx, warranty in
            let km = odometer.kilometres
            return try warranties.cancel(tx, warranty, odometerKm: km, reason: reason, from: Origin(call))
        }
    }

    private func renew(_ call: Call) async throws -> Reply {
        let going = try Warranties.Going(call.json)
        return try await take(call, .created) { tx, warranty in
            try warranties.goOn(tx, warranty, going, from: Origin(call))
        }
    }

    private func priceRenewal(_ call: Call) async throws -> Reply {
        let asked = try Warranties.Going(asking: call.json)
        let id = try call.warranty()
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                let warranty = try warranties.get(tx, id) { Policy.owns(call.principal, $0.dealer.text) }
                return Reply.json(try warranties.priceToGoOn(tx, warranty, asked).json(warranty, asked.kind))
            }
        }
    }

    /// Runs a step on the caller's own contract, once for each key.
    private func take(
        _ call: Call,
        _ status: HTTPResponse.Status = .ok,
        _ step: @escaping @Sendable (any Transaction, StoredWarranty) throws -> StoredWarranty
    ) async throws -> Reply {
        let id = try call.warranty()
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                let warranty = try warranties.get(tx, id) { Policy.owns(call.principal, $0.dealer.text) }
                let tag = Identity.entityTag(version: warranty.version, try shown(tx, warranty))
                try call.requireIfMatch(tag)
                let result = try step(tx, warranty)
                let answer = try reply(tx, result, status)
                return result.id == id ? answer : answer.withLocation("/v1/warranties/\(result.id)")
            }
        }
    }
}

/// What is asked of a contract's cover.
private struct CoverageQuery {
    let component: String
    let date: CalendarDate?
    let odometerKm: Int64?

    /// - Throws: `invalidQuery` with every fault.
    init(_ call: Call) throws {
        let faults = FaultCollector()
        component = call.query["component"] ?? ""
        if !ComponentNames.queryCharacters.contains(component.count) {
            let (zh, en) = ("须写明部件，最多 60 个字", "Name a part in up to 60 characters")
            faults.add("/query/component", "required", zh: zh, en: en)
        }
        date = call.query["date"].flatMap { CalendarDate($0) }
        if call.query["date"] != nil, date == nil {
            faults.add("/query/date", "date_format", zh: "须为 YYYY-MM-DD", en: "Must be YYYY-MM-DD")
        }
        odometerKm = call.query["odometer_km"].flatMap { Int64($0) }.flatMap { OdometerKm($0)?.kilometres }
        if call.query["odometer_km"] != nil, odometerKm == nil {
            faults.add("/query/odometer_km", "out_of_range", zh: "须为里程读数（公里）", en: "Must be a reading in km")
        }
        try faults.throwIfAny(.invalidQuery)
    }

    /// - Throws: `unknownComponent` with the names that come nearest.
    func question(
        _ book: PlanBook,
        _ warranty: StoredWarranty,
        _ record: CarRecord,
        _ now: Instant
    ) throws -> CoverageQuestion {
        let date = date ?? now.dateInChina
        let highest = record.highest(upTo: date)
        let found: Component
        switch book.names.find(component) {
        case .found(let component): found = component
        case .unknown(let near):
            let faults = near.map { part in
                let (zh, en) = ("是否为：\(part.name.zh)（\(part.id)）", "Perhaps: \(part.name.en) (\(part.id))")
                return Fault("/query/component", "near_name", zh: zh, en: en)
            }
            throw Failure(.unknownComponent, faults: faults)
        }
        return CoverageQuestion(
            component: found,
            date: date,
            odometerKm: odometerKm ?? max(highest?.km ?? 0, warranty.terms.sale.odometerKm),
            lastReading: highest,
            openRecalls: record.openRecalls.map { recall in
                guard let name = recall.component, case .found(let part) = book.names.find(name) else {
                    return .init(campaign: recall.campaign, component: nil)
                }
                return .init(campaign: recall.campaign, component: part)
            }
        )
    }
}
