import Core
import Identity

/// Reads what is brought to the sixteen checks.
enum AssessmentReading {
    private static let nameLength = 1...100
    private static let kilometres: ClosedRange<Int64> = 0...2_000_000
    private static let months: ClosedRange<Int64> = 0...600
    private static let quantities: ClosedRange<Int64> = 1...10_000_000
    private static let taxRates: ClosedRange<Int64> = 0...10_000
    private static let lines = 1...200

    static func draft(_ reader: inout ObjectReader) -> AssessmentDraft? {
        let elements = reader.array("lines", count: lines) ?? []
        let asked = elements.enumerated().compactMap { line($1, at: $0, in: reader) }
        guard let authorization = reader.oneOf("authorization", AdjudicationCase.Authorization.self) else { return nil }
        var draft = AssessmentDraft(lines: asked, authorization: authorization)
        draft.way = reader.oneOf("way", Offer.Way.self, required: false) ?? .repair
        draft.deliveryItem =
            reader.oneOf("delivery_item", AdjudicationCase.DeliveryItem.self, required: false) ?? .notInspected
        draft.faultSince = reader.date("fault_since", required: false)
        draft.isConditionShown = reader.bool("is_condition_shown", required: false) ?? false
        draft.disclosedBetterment = reader.line("disclosed_betterment", required: false, length: nameLength)
        draft.taxRate = reader.integer("tax_rate_bp", in: taxRates, required: false).map { BasisPoints($0) }
        draft.maintenance = maintenance(&reader)
        draft.used = used(&reader)
        draft.evidence = reader.evidence(required: false) ?? []
        return draft
    }

    private static func line(_ element: JSON, at index: Int, in outer: ObjectReader) -> ClaimLine? {
        var reader = ObjectReader(
            members: element.members ?? [],
            pointer: "\(outer.pointer(to: "lines"))/\(index)",
            faults: outer.faults
        )
        let id = reader.line("id", length: nameLength)
        let kind = reader.oneOf("kind", ClaimLine.Kind.self)
        let component = reader.line("component", length: nameLength)
        let role = reader.oneOf("role", ClaimLine.Role.self, required: false)
        let operation = reader.line("operation", required: false, length: nameLength)
        let quantity = reader.integer("quantity_milli", in: quantities, required: false)
        let price = reader.money("unit_price")
        let grade = reader.oneOf("grade", RepairGuide.Grade.self, required: false)
        reader.refuseUnknownMembers()
        guard let id, let kind, let component, let price else { return nil }
        return ClaimLine(
            id: id,
            kind: kind,
            component: component,
            role: role ?? .failed,
            operation: operation,
            quantityMilli: quantity ?? 1000,
            unitPrice: price,
            grade: grade
        )
    }

    private static func maintenance(_ reader: inout ObjectReader) -> AdjudicationCase.Maintenance? {
        guard var object = reader.object("maintenance", required: false) else { return nil }
        let interval = object.integer("interval_km", in: kilometres)
        let since = object.integer("km_since_service", in: kilometres)
        let isCausal = object.bool("is_causal")
        object.refuseUnknownMembers()
        guard let interval, let since, let isCausal else { return nil }
        return AdjudicationCase.Maintenance(intervalKm: interval, kmSinceService: since, isCausal: isCausal)
    }

    private static func used(_ outer: inout ObjectReader) -> [String: BettermentTable.Life] {
        let elements = outer.array("used", count: lines, required: false) ?? []
        let lives = elements.enumerated().compactMap { index, element -> (String, BettermentTable.Life)? in
            var reader = ObjectReader(
                members: element.members ?? [],
                pointer: "\(outer.pointer(to: "used"))/\(index)",
                faults: outer.faults
            )
            let component = reader.line("component", length: nameLength)
            let km = reader.integer("km", in: kilometres)
            let months = reader.integer("months", in: AssessmentReading.months)
            reader.refuseUnknownMembers()
            guard let component, let km, let months else { return nil }
            return (component, BettermentTable.Life(km: km, months: months))
        }
        return Dictionary(lives) { first, _ in first }
    }
}
