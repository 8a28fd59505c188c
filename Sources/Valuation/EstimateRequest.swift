import Core
import History
import Pricing
import Storage
import Web

/// Which car a price is asked for: one that is offered, one that has records, or one that is described.
struct EstimateRequest: Sendable {
    let vin: VIN?
    let listing: String?
    let car: JSON?

    /// - Throws: `invalidRequest` with every fault.
    init(reading json: JSON) throws {
        var reader = try ObjectReader(json)
        let vin = reader.value("vin", as: VIN.self, required: false)
        let listing = reader.string("listing", required: false, length: 1...40)
        let car = reader.json("car", required: false)
        if var object = reader.object("car", required: false) { _ = CarStatement.car(&object) }
        if reader.faults.faults.isEmpty, vin == nil, listing == nil, car == nil {
            reader.fault(
                "car",
                "required",
                zh: "须给出 vin、listing 或 car",
                en: "One of vin, listing and car has to be given"
            )
        }
        if vin != nil, listing != nil {
            reader.fault("vin", "not_allowed", zh: "已给出 listing，不能再给 vin", en: "There is a listing already")
        }
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        self.vin = vin
        self.listing = listing
        self.car = car
    }

    struct Subject: Sendable {
        let vin: VIN?
        let car: CarFacts
    }

    /// The car with everything that is on record. What the caller states counts more than what others stated, but what
    /// was found of a car stays.
    ///
    /// - Throws: `notFound` for a listing that the caller may not see.
    func subject(_ tx: any Transaction, _ offers: any OfferedCars, _ principal: Principal?) throws -> Subject {
        if let listing {
            guard let offered = try offers.car(tx, listing: listing, seenBy: principal) else {
                throw Failure(.notFound)
            }
            return Subject(vin: offered.vin, car: try offered.car.changed(by: car))
        }
        guard let vin else { return Subject(vin: nil, car: try CarFacts().changed(by: car)) }
        let timeline = Timeline(try Histories.rows(tx, vin: vin).map { try RecordedEvent($0) })
        var car = try LedgerFacts.car(timeline, asOf: tx.now).changed(by: car)
        LedgerFacts.apply(timeline, asOf: tx.now, to: &car)
        return Subject(vin: vin, car: car)
    }
}

extension CarFacts {
    /// With a merge patch (RFC 7396) of what can be stated. Findings cannot.
    ///
    /// - Throws: `invalidRequest` with every fault.
    func changed(by patch: JSON?) throws -> CarFacts {
        guard let patch else { return self }
        var stated = self
        stated.findings = []
        if let price = newPrice {
            // Where a price comes from is not stated: it is who states it.
            stated.newPrice = nil
            let amount: JSON = ["amount": .integer(price.fen), "currency": "CNY"]
            let tax: JSON = ["includes_purchase_tax": .bool(price.includesPurchaseTax)]
            return try stated.changed(from: ["new_price": amount.merged(with: tax)], by: patch, keeping: self)
        }
        return try stated.changed(from: [:], by: patch, keeping: self)
    }

    private func changed(from more: JSON, by patch: JSON, keeping old: CarFacts) throws -> CarFacts {
        var reader = try ObjectReader(statement.merged(with: more).merged(with: patch))
        var changed = CarStatement.car(&reader)
        try reader.faults.throwIfAny()
        changed.findings = old.findings
        // Whoever states the same again makes it no less his word; whoever does not leaves the word to others.
        if patch["new_price"] == nil { changed.newPrice = old.newPrice }
        return changed
    }
}
