package import Core

/// A contract as it stands: what was sold, and what has happened since. Pure: the same facts give the same standing.
package struct Contract: Sendable, Hashable {
    package let terms: ContractTerms
    /// An opaque reference; no name of a person is ever kept here.
    package private(set) var holder: String
    package private(set) var paidOn: CalendarDate?
    package private(set) var ending: Ending?
    package private(set) var transfers: Int64

    package struct Ending: Sendable, Hashable {
        package let kind: Kind
        package let date: CalendarDate
        package let odometerKm: Int64
        /// By layer, what was paid back or counted towards another contract.
        package let refunds: [Refund]

        package enum Kind: String, Sendable, Hashable, CaseIterable {
            case cancelled
            case upgraded
        }

        package init(kind: Kind, date: CalendarDate, odometerKm: Int64, refunds: [Refund]) {
            self.kind = kind
            self.date = date
            self.odometerKm = odometerKm
            self.refunds = refunds
        }
    }

    package enum Status: String, Sendable, Hashable, CaseIterable {
        case notYet = "not_yet"
        case unpaid
        case waiting
        case active
        case expired
        case lapsed
        case cancelled
        case upgraded
    }

    package init(
        terms: ContractTerms,
        holder: String,
        paidOn: CalendarDate? = nil,
        ending: Ending? = nil,
        transfers: Int64 = 0
    ) {
        self.terms = terms
        self.holder = holder
        self.paidOn = paidOn
        self.ending = ending
        self.transfers = transfers
    }

    package var price: Money { Money(fen: terms.layers.reduce(0) { $0 + $1.price.fen }) }

    private var isFree: Bool { price == .zero }

    private func isLapsed(on date: CalendarDate) -> Bool {
        !isFree && date > terms.paymentDueOn && paidOn.map { $0 > terms.paymentDueOn } != false
    }

    /// Of what was sold; what the law grants has no such status.
    package func status(on date: CalendarDate, odometerKm: Int64) -> Status {
        if let ending, date >= ending.date { return ending.kind == .cancelled ? .cancelled : .upgraded }
        if isLapsed(on: date) { return .lapsed }
        let standings = terms.soldLayers.map { standing(of: $0, on: date, odometerKm) }
        if standings.contains(.inForce) { return isFree || paidOn != nil ? .active : .unpaid }
        if standings.contains(.waiting) { return isFree || paidOn != nil ? .waiting : .unpaid }
        return standings.first == .notYet ? .notYet : .expired
    }

    /// - Returns: how the layer stands by time and distance alone.
    package func standing(of layer: CoverLayer, on date: CalendarDate, _ odometerKm: Int64) -> CoverLayer.Standing {
        layer.standing(on: date, odometerKm, after: terms.tier?.period)
    }

    // MARK: What happens

    private func requireLiving(_ date: CalendarDate, _ odometerKm: Int64) throws {
        switch status(on: date, odometerKm: odometerKm) {
        case .cancelled, .upgraded, .expired: throw Failure(.contractEnded)
        case .lapsed: throw Failure(.contractLapsed)
        case .notYet, .unpaid, .waiting, .active: return
        }
    }

    /// - Throws: `Failure.contractEnded`, `.contractLapsed` or `.contractPaid`.
    package mutating func pay(on date: CalendarDate) throws {
        guard ending == nil else { throw Failure(.contractEnded) }
        guard !isFree, paidOn == nil else { throw Failure(.contractPaid) }
        guard !isLapsed(on: date) else { throw Failure(.contractLapsed) }
        paidOn = date
    }

    /// - Throws: `Failure.contractEnded`, `.contractLapsed`, or `.notTransferable` for other than private use.
    package mutating func transfer(
        to holder: String,
        use: SaleFacts.Use,
        on date: CalendarDate,
        odometerKm: Int64
    ) throws {
        try requireLiving(date, odometerKm)
        guard use == .private else {
            throw Failure(
                .notTransferable,
                zh: "新车主用于营运，合同不能转让；法定保障不受影响",
                en: "The new owner uses the car commercially; what the law grants is not touched"
            )
        }
        guard holder != self.holder else {
            throw Failure(.notTransferable, zh: "新旧持有人相同", en: "The holder would be the same")
        }
        self.holder = holder
        transfers += 1
    }

    /// - Parameter accounts: what was reserved and paid, by layer.
    /// - Throws: `Failure.contractEnded`, `.contractLapsed` or `.openClaims`.
    package mutating func end(
        _ kind: Ending.Kind,
        on date: CalendarDate,
        odometerKm: Int64,
        accounts: [String: LimitAccount]
    ) throws {
        try requireLiving(date, odometerKm)
        guard accounts.values.allSatisfy({ $0.reserved == .zero }) else { throw Failure(.openClaims) }
        let refunds = try terms.soldLayers.map { layer in
            try Refund(
                layer,
                paid: paidOn == nil ? .zero : layer.price,
                claims: accounts[layer.id]?.paid ?? .zero,
                on: date,
                odometerKm: odometerKm,
                freeLookUntil: terms.freeLookUntil
            )
        }
        ending = Ending(kind: kind, date: date, odometerKm: odometerKm, refunds: refunds)
    }

    /// Where the next contract begins.
    ///
    /// - Throws: `Failure.notRenewable` outside the days before the end.
    package func renewal(on date: CalendarDate, odometerKm: Int64, days: Int) throws -> Continuation {
        try requireLiving(date, odometerKm)
        guard let period = terms.tier?.period, period.contains(date, odometerKm), ending == nil else {
            throw Failure(.notRenewable)
        }
        let opens = period.end.adding(days: -days)
        guard date >= opens else {
            throw Failure(.notRenewable, zh: "\(opens) 起可以续保", en: "It can be renewed from \(opens) on")
        }
        return Continuation(predecessor: terms, start: period.end, startKm: odometerKm, waits: false)
    }

    /// - Throws: `Failure.notAnUpgrade` for a plan that is not higher.
    package func upgrade(
        to plan: WarrantyPlan,
        from current: WarrantyPlan,
        on date: CalendarDate,
        odometerKm: Int64
    ) throws -> Continuation {
        try requireLiving(date, odometerKm)
        guard plan.kind == .tier, plan.rank > current.rank else { throw Failure(.notAnUpgrade) }
        let waits = terms.tier.map { standing(of: $0, on: date, odometerKm) == .waiting } ?? false
        return Continuation(predecessor: terms, start: date, startKm: odometerKm, waits: waits)
    }
}

/// What is paid back for a layer that ends before its time. Paid back and earned add up to what was paid, to the fen.
package struct Refund: Sendable, Hashable {
    package let layer: String
    package let paid: Money
    /// The smaller share of unused time and unused distance, before claims.
    package let unused: Money
    package let claims: Money
    package let refund: Money

    package var earned: Money { Money(fen: paid.fen - refund.fen) }

    package init(layer: String, paid: Money, unused: Money, claims: Money, refund: Money) {
        self.layer = layer
        self.paid = paid
        self.unused = unused
        self.claims = claims
        self.refund = refund
    }

    /// - Throws: `Failure.amountOutOfRange` for amounts that no contract has.
    package init(
        _ layer: CoverLayer,
        paid: Money,
        claims: Money,
        on date: CalendarDate,
        odometerKm: Int64,
        freeLookUntil: CalendarDate
    ) throws {
        let unused: Money
        if date <= freeLookUntil, claims == .zero {
            unused = paid
        } else {
            unused = try Refund.unused(paid, of: layer.period, on: date, odometerKm: odometerKm)
        }
        self.init(
            layer: layer.id,
            paid: paid,
            unused: unused,
            claims: claims,
            refund: Money(fen: max(0, unused.fen - claims.fen))
        )
    }

    private static func unused(
        _ paid: Money,
        of period: Period,
        on date: CalendarDate,
        odometerKm: Int64
    ) throws -> Money {
        let usedDays = min(max(0, Int64(date.daysSinceEpoch - period.start.daysSinceEpoch)), period.days)
        let usedKm = min(max(0, odometerKm - period.startKm), period.km)
        let (leftDays, leftKm) = (period.days - usedDays, period.km - usedKm)
        // leftDays / days < leftKm / km, without dividing.
        let byTime = leftDays * period.km < leftKm * period.days
        let weights = byTime ? [leftDays, usedDays] : [leftKm, usedKm]
        return try Money.split(paid, weights: weights)[0]
    }

    package var json: JSON {
        [
            "layer": JSON(layer), "paid": paid.json, "unused": unused.json, "claims": claims.json,
            "refund": refund.json, "earned": earned.json,
        ]
    }
}
