package import Core

/// What comes with a car for its price.
package struct ServicePackage: Sendable, Hashable {
    package let id: String
    package let name: LocalizedText
    /// The price from which on, itself included.
    package let from: Money
    package let tier: String
    package let grants: [Grant]

    init(_ object: BookObject, _ names: BookNames) {
        id = object.text("id")
        name = object.localizedText()
        from = Money(fen: object.integer("from_fen", in: 0...Money.maximumFen))
        tier = object.reference("tier", to: names.tiers, "tier")
        grants = object.objects("grants", required: false).map { Grant($0, names) }
        object.refuseUnknownMembers()
    }
}

/// A service that comes with a car: how often, until when, up to what distance.
package struct Grant: Sendable, Hashable {
    package let kind: String
    package let name: LocalizedText
    /// `nil` where it may be used without counting.
    package let count: Int64?
    package let time: Term.Time
    package let km: Int64?
    /// In money, where it is worth some.
    package let value: Money?
    package let clause: String

    private static let counts: ClosedRange<Int64> = 1...100

    init(_ object: BookObject, _ names: BookNames) {
        kind = object.text("kind")
        name = object.localizedText()
        count = object.optionalInteger("count", in: Grant.counts)
        let months = object.optionalInteger("months", in: Term.months)
        let days = object.optionalInteger("days", in: Term.days)
        if (months == nil) == (days == nil) {
            let (zh, en) = ("months 与 days 须有且只有一个", "give either `months` or `days`")
            object.fault("months", "term", zh: zh, en: en)
        }
        time = months.map { .months(Int($0)) } ?? .days(Int(days ?? 1))
        km = object.optionalInteger("km", in: Term.distances)
        value = object.optionalInteger("value_fen", in: 1...Money.maximumFen).map(Money.init(fen:))
        clause = object.reference("clause", to: names.clauses, "clause")
        object.refuseUnknownMembers()
    }
}
