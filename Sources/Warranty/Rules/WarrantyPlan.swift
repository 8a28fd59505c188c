package import Core

/// Something that can be sold with a car: one of the platform's tiers, or an extension that an insurer backs.
package struct WarrantyPlan: Sendable, Hashable {
    package let id: String
    package let kind: Kind
    /// Higher is more.
    package let rank: Int64
    package let name: LocalizedText
    /// Given to every car that the law grants something, whatever its own conditions say.
    package let carriesFloor: Bool
    let floor: FloorDeclaration?
    package let term: Term
    package let waiting: Waiting?
    /// Whoever buys chooses one.
    package let deductibles: [Money]
    package let limitRates: LimitRates
    let base: Money
    package let capacity: CapacityPromise?
    let eligibility: [EligibilityRule]
    package let scope: CoverScope
    /// How much of the price is the insurer's; `nil` for a tier.
    package let insurerShare: BasisPoints?
    let line: Int

    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case tier
        case `extension`
    }

    /// How the plan treats what the law grants. There is one lawful answer to each; it is written down all the same,
    /// so that whoever draws up a plan has to say it, and another answer is refused.
    struct FloorDeclaration: Hashable {
        let clause: String
        let waits: Bool
        let deductible: Bool
        let limited: Bool
        let charged: Bool
    }

    /// Before which the plan does not answer; over as soon as either has passed.
    package struct Waiting: Sendable, Hashable {
        package let days: Int
        package let km: Int64
    }

    /// Shares of the car's market value.
    package struct LimitRates: Sendable, Hashable {
        package let claim: BasisPoints
        package let component: BasisPoints
        package let total: BasisPoints
    }

    /// How much of its capacity a traction battery keeps.
    package struct CapacityPromise: Sendable, Hashable {
        package let component: String
        package let thresholdPercent: Int64
        package let clause: String
        package let methodClause: String
    }

    /// The same with the promise on capacity in it.
    package func ruling(on component: Component, in tree: ComponentTree) -> Ruling {
        if let capacity, capacity.component == component.id {
            return Ruling(cover: .conditional, clause: capacity.clause)
        }
        return scope.ruling(on: component, in: tree)
    }
}

extension WarrantyPlan {
    private static let shares: ClosedRange<Int64> = 0...BasisPoints.whole.value
    private static let ranks: ClosedRange<Int64> = 1...100
    private static let baseFen: ClosedRange<Int64> = 0...100_000_000
    private static let waitingDays: ClosedRange<Int64> = 1...180
    private static let waitingKm: ClosedRange<Int64> = 1...10_000

    init(_ object: BookObject, kinds: [Component.Kind: Ruling], _ names: BookNames) {
        id = object.text("id")
        kind = object.choice("kind", .tier)
        rank = object.integer("rank", in: WarrantyPlan.ranks)
        name = object.localizedText()
        carriesFloor = object.bool("carries_floor", required: false)
        floor = object.optionalObject("floor").map { FloorDeclaration($0, names) }
        term = object.object("term").map(Term.init) ?? Term(.days(1), km: 1)
        waiting = object.optionalObject("waiting").map { waiting in
            let days = Int(waiting.integer("days", in: WarrantyPlan.waitingDays))
            let km = waiting.integer("km", in: WarrantyPlan.waitingKm)
            waiting.refuseUnknownMembers()
            return Waiting(days: days, km: km)
        }
        deductibles = object.texts("deductibles_fen").map { text in
            guard let fen = Int64(text), (0...Money.maximumFen).contains(fen) else {
                object.fault("deductibles_fen", "not_in_range", zh: "须为非负整数", en: "must be integers from 0 on")
                return .zero
            }
            return Money(fen: fen)
        }
        limitRates =
            object.object("limits").map(WarrantyPlan.limits) ?? LimitRates(claim: .zero, component: .zero, total: .zero)
        base = Money(fen: object.integer("base_fen", in: WarrantyPlan.baseFen))
        capacity = object.optionalObject("capacity").map { CapacityPromise($0, names) }
        eligibility = object.objects("eligibility").map { EligibilityRule($0, names) }
        scope = CoverScope(object, kinds: kinds, names)
        insurerShare = object.optionalInteger("insurer_share_bp", in: WarrantyPlan.shares).map(BasisPoints.init)
        line = object.line
        object.refuseUnknownMembers()
    }

    private static func limits(_ object: BookObject) -> LimitRates {
        let rates = LimitRates(
            claim: BasisPoints(object.integer("claim_bp", in: shares)),
            component: BasisPoints(object.integer("component_bp", in: shares)),
            total: BasisPoints(object.integer("total_bp", in: shares))
        )
        object.refuseUnknownMembers()
        return rates
    }
}

extension BasisPoints {
    fileprivate static let zero = BasisPoints(0)
}

extension WarrantyPlan.FloorDeclaration {
    fileprivate init(_ object: BookObject, _ names: BookNames) {
        clause = object.reference("clause", to: names.clauses, "clause")
        waits = object.bool("waits")
        deductible = object.bool("deductible")
        limited = object.bool("limited")
        charged = object.bool("charged")
        let offences = [
            ("waits", waits, "法定保障不得设等待期", "what the law grants must not wait"),
            ("deductible", deductible, "法定保障不得扣免赔额", "no deductible may be taken from what the law grants"),
            ("limited", limited, "法定保障不得受赔付限额限制", "what the law grants must not be limited"),
            ("charged", charged, "法定保障不得收费", "what the law grants must not be sold"),
        ]
        for (name, isOffence, zh, en) in offences where isOffence {
            object.fault(name, "below_legal_floor", zh: zh, en: en)
        }
        object.refuseUnknownMembers()
    }
}

extension WarrantyPlan.CapacityPromise {
    private static let percents: ClosedRange<Int64> = 1...100

    fileprivate init(_ object: BookObject, _ names: BookNames) {
        component = object.reference("component", to: names.components, "component")
        thresholdPercent = object.integer("threshold_percent", in: Self.percents)
        clause = object.reference("clause", to: names.clauses, "clause")
        methodClause = object.reference("method_clause", to: names.clauses, "clause")
        object.refuseUnknownMembers()
    }
}
