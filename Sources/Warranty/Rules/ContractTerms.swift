package import Core
package import Cryptography

package enum WarrantyTag: IDTag {
    package static let prefix = "wty"
}

/// What was sold, for ever: nothing in it changes, and nothing in an answer comes from elsewhere than here and from the
/// edition whose hash is here.
package struct ContractTerms: Sendable, Hashable {
    package let id: ID<WarrantyTag>
    package let edition: String
    package let bookHash: Digest
    /// The car as it was delivered.
    package let sale: SaleFacts
    package let invoicedOn: CalendarDate
    package let layers: [CoverLayer]
    package let manufacturer: ManufacturerCover?
    package let grants: [GrantTerms]
    package let paymentDueOn: CalendarDate
    /// Until which all is paid back where nothing was claimed.
    package let freeLookUntil: CalendarDate
    /// The contract that this one goes on from.
    package let renews: ID<WarrantyTag>?

    package init(
        id: ID<WarrantyTag>,
        edition: String,
        bookHash: Digest,
        sale: SaleFacts,
        invoicedOn: CalendarDate,
        layers: [CoverLayer],
        manufacturer: ManufacturerCover?,
        grants: [GrantTerms],
        paymentDueOn: CalendarDate,
        freeLookUntil: CalendarDate,
        renews: ID<WarrantyTag>?
    ) {
        self.id = id
        self.edition = edition
        self.bookHash = bookHash
        self.sale = sale
        self.invoicedOn = invoicedOn
        self.layers = layers
        self.manufacturer = manufacturer
        self.grants = grants
        self.paymentDueOn = paymentDueOn
        self.freeLookUntil = freeLookUntil
        self.renews = renews
    }

    package func layer(_ id: String) -> CoverLayer? { layers.first { $0.id == id } }
    package func layers(of payer: Payer) -> [CoverLayer] { layers.filter { $0.payer == payer } }
    /// The platform's plan: the one that every contract has.
    package var tier: CoverLayer? { layers.first { $0.payer == .platform } }
    /// What was sold: tier and extensions, not what the law grants.
    package var soldLayers: [CoverLayer] { layers.filter { $0.payer != .legalFloor } }

    /// SHA-256 of its canonical JSON.
    package var hash: Digest { SHA256.hash(json.canonicalBytes) }
}

/// One promise of a contract: of the law, of the platform, of an insurer.
package struct CoverLayer: Sendable, Hashable {
    package let payer: Payer
    /// Of the floor or the plan in the edition.
    package let id: String
    package let name: LocalizedText
    package let period: Period
    /// The first day on which it answers, where it had to wait; over earlier once the distance has passed.
    package let answersFrom: CalendarDate?
    package let answersFromKm: Int64?
    /// It begins when the platform's plan has ended, by date or by odometer.
    package let isFollowing: Bool
    package let deductible: Money
    /// `nil` for what the law grants.
    package let limits: Limits?
    package let lines: [PriceLine]
    package let price: Money
    package let policy: InsurerPolicy?
    package let wordingHash: Digest?

    package init(
        payer: Payer,
        id: String,
        name: LocalizedText,
        period: Period,
        answersFrom: CalendarDate? = nil,
        answersFromKm: Int64? = nil,
        isFollowing: Bool = false,
        deductible: Money = .zero,
        limits: Limits? = nil,
        lines: [PriceLine] = [],
        price: Money = .zero,
        policy: InsurerPolicy? = nil,
        wordingHash: Digest? = nil
    ) {
        self.payer = payer
        self.id = id
        self.name = name
        self.period = period
        self.answersFrom = answersFrom
        self.answersFromKm = answersFromKm
        self.isFollowing = isFollowing
        self.deductible = deductible
        self.limits = limits
        self.lines = lines
        self.price = price
        self.policy = policy
        self.wordingHash = wordingHash
    }

    package enum Standing: String, Sendable, Hashable, CaseIterable {
        case notYet = "not_yet"
        case waiting
        case inForce = "in_force"
        case expiredByDate = "expired_by_date"
        case expiredByOdometer = "expired_by_odometer"
    }

    /// - Parameter predecessor: the platform's plan, for a layer that follows it.
    package func standing(on date: CalendarDate, _ odometerKm: Int64, after predecessor: Period?) -> Standing {
        switch place(of: date, odometerKm, after: predecessor) {
        case .before: return .notYet
        case .pastDate: return .expiredByDate
        case .pastOdometer: return .expiredByOdometer
        case .inside:
            guard let answersFrom, date < answersFrom else { return .inForce }
            return answersFromKm.map { odometerKm > $0 } == true ? .inForce : .waiting
        }
    }

    private func place(of date: CalendarDate, _ odometerKm: Int64, after predecessor: Period?) -> Period.Place {
        guard isFollowing, let predecessor else { return period.place(of: date, odometerKm) }
        switch predecessor.place(of: date, odometerKm) {
        case .before, .inside: return .before
        case .pastDate, .pastOdometer:
            if date > period.end { return .pastDate }
            return odometerKm > period.endKm ? .pastOdometer : .inside
        }
    }
}

/// Whose duty an extension is, apart from the platform's.
package struct InsurerPolicy: Sendable, Hashable {
    package let insurer: String
    package let number: String
    /// What of the price is the insurer's.
    package let premium: Money
    /// What of it the platform keeps; both add up to the price.
    package let commission: Money

    package init(insurer: String, number: String, premium: Money, commission: Money) {
        self.insurer = insurer
        self.number = number
        self.premium = premium
        self.commission = commission
    }
}

/// A service that came with the car: until when and where it may be used.
package struct GrantTerms: Sendable, Hashable {
    package let kind: String
    package let name: LocalizedText
    package let count: Int64?
    package let until: CalendarDate
    package let untilKm: Int64?
    package let value: Money?
    package let clause: String

    package init(
        kind: String,
        name: LocalizedText,
        count: Int64?,
        until: CalendarDate,
        untilKm: Int64?,
        value: Money?,
        clause: String
    ) {
        self.kind = kind
        self.name = name
        self.count = count
        self.until = until
        self.untilKm = untilKm
        self.value = value
        self.clause = clause
    }

    init(_ grant: Grant, from day: CalendarDate, at odometerKm: Int64) {
        self.init(
            kind: grant.kind,
            name: grant.name,
            count: grant.count,
            until: grant.time.end(from: day),
            untilKm: grant.km.map { odometerKm + $0 },
            value: grant.value,
            clause: grant.clause
        )
    }

    /// - Throws: `Failure.grantExhausted` or `.grantExpired`.
    package func checkRedemption(on date: CalendarDate, odometerKm: Int64?, used: Int64) throws {
        if date > until || odometerKm.flatMap({ km in untilKm.map { km > $0 } }) == true {
            throw Failure(
                .grantExpired,
                zh: "\(name.zh)的使用期限为 \(until)\(untilKm.map { "、里程 \(grouped($0)) 公里" } ?? "")",
                en: "\(name.en) could be used until \(until)\(untilKm.map { " and \(grouped($0)) km" } ?? "")"
            )
        }
        if let count, used >= count {
            throw Failure(
                .grantExhausted,
                zh: "\(name.zh)共 \(count) 次，已全部使用",
                en: "\(name.en): all \(count) have been used"
            )
        }
    }
}
