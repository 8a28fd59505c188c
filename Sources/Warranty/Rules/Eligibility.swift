import Core

/// One condition on the cars that a plan is for.
package struct EligibilityRule: Sendable, Hashable {
    package let test: Test
    package let clause: String

    package enum Test: Sendable, Hashable {
        case maxAgeMonths(Int64)
        case maxOdometerKm(Int64)
        case minPriceFen(Int64)
        case uses(Set<SaleFacts.Use>)
        case energies(Set<SaleFacts.Energy>)
        case maxGrade(Int64)
        case findingsAbsent([String])
        case withTiers([String])
    }

    enum Name: String, CaseIterable {
        case maxAgeMonths = "max_age_months"
        case maxOdometerKm = "max_odometer_km"
        case minPriceFen = "min_price_fen"
        case uses
        case energies
        case maxGrade = "max_grade"
        case findingsAbsent = "findings_absent"
        case withTiers = "with_tiers"
    }

    static let grades: ClosedRange<Int64> = 1...5

    init(_ object: BookObject, _ names: BookNames) {
        let name: Name = object.choice("rule", .uses)
        clause = object.reference("clause", to: names.clauses, "clause")
        test =
            switch name {
            case .maxAgeMonths: .maxAgeMonths(object.integer("value", in: LegalFloor.ages))
            case .maxOdometerKm: .maxOdometerKm(object.integer("value", in: OdometerKm.range))
            case .minPriceFen: .minPriceFen(object.integer("value", in: 0...Money.maximumFen))
            case .uses: .uses(object.choices("value"))
            case .energies: .energies(object.choices("value"))
            case .maxGrade: .maxGrade(object.integer("value", in: EligibilityRule.grades))
            case .findingsAbsent: .findingsAbsent(object.texts("value"))
            case .withTiers: .withTiers(object.references("value", to: names.tiers, "tier"))
            }
        object.refuseUnknownMembers()
    }

    /// - Parameter tier: that an extension is to be sold with; `nil` where it is not known yet, or this is a tier.
    func holds(for sale: SaleFacts, with tier: String?) -> Bool {
        switch test {
        case .maxAgeMonths(let months): sale.isUpTo(months: months)
        case .maxOdometerKm(let km): sale.odometerKm <= km
        case .minPriceFen(let fen): sale.price.fen >= fen
        case .uses(let uses): uses.contains(sale.use)
        case .energies(let energies): energies.contains(sale.energy)
        case .maxGrade(let grade): sale.grade.map { $0 <= grade } ?? false
        case .findingsAbsent(let findings): findings.allSatisfy { !sale.findings.contains($0) }
        case .withTiers(let tiers): tier.map(tiers.contains) ?? true
        }
    }

    /// What goes in place of `{value}` in its clause.
    func value(for sale: SaleFacts) -> LocalizedText {
        func plain(_ text: String) -> LocalizedText { LocalizedText(zh: text, en: text) }
        switch test {
        case .maxAgeMonths(let value), .maxGrade(let value): return plain(String(value))
        case .maxOdometerKm(let value): return plain(grouped(value))
        case .minPriceFen(let value): return plain(plainYuan(Money(fen: value)))
        case .findingsAbsent(let findings):
            // Those that stand in the way, or all that may not, in words that people know.
            let found = findings.filter(sale.findings.contains)
            let names = (found.isEmpty ? findings : found).map { FindingName.text($0) }
            return LocalizedText(
                zh: names.map(\.zh).joined(separator: "、"),
                en: names.map(\.en).joined(separator: ", ")
            )
        case .uses, .energies, .withTiers: return plain("")
        }
    }
}

/// What findings are called in sentences; they have the names of the vehicle report.
enum FindingName {
    static func text(_ code: String) -> LocalizedText {
        texts[code] ?? LocalizedText(zh: code, en: code)
    }

    private static let texts: [String: LocalizedText] = [
        "scrapped": LocalizedText(zh: "报废", en: "scrapping"),
        "exported": LocalizedText(zh: "出口", en: "export"),
        "theft": LocalizedText(zh: "盗抢", en: "theft"),
        "vin_mismatch": LocalizedText(zh: "车架号不一致", en: "a VIN other than the registered one"),
        "total_loss": LocalizedText(zh: "全损", en: "a total loss"),
        "flood": LocalizedText(zh: "严重涉水", en: "flooding"),
        "fire": LocalizedText(zh: "过火", en: "fire"),
        "structural_accident": LocalizedText(zh: "结构性损伤", en: "structural damage"),
        "odometer_rollback": LocalizedText(zh: "里程表被调低", en: "an odometer turned back"),
        "odometer_inconsistency": LocalizedText(zh: "里程读数互相矛盾", en: "contradicting odometer readings"),
        "commercial_use": LocalizedText(zh: "营运记录", en: "commercial use"),
    ]
}

/// Whether a car may have a plan, and every condition with its outcome.
package struct Eligibility: Sendable, Hashable {
    package let isEligible: Bool
    /// Some condition of ours fails, and the law makes us grant the plan all the same.
    package let isByLaw: Bool
    package let outcomes: [Outcome]

    package struct Outcome: Sendable, Hashable {
        package let clause: Clause
        package let holds: Bool
    }

    package var reasons: [Clause] { outcomes.filter { !$0.holds }.map(\.clause) }
}
