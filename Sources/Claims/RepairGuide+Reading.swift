import Core
import Identity
import Warranty

extension RepairGuide {
    /// A guide is a text that people keep; more is a mistake.
    package static let maximumBytes = 16 << 20

    private static let rows = 0...50_000
    private static let nameLength = 1...100
    private static let prices: ClosedRange<Int64> = 1...100_000_000
    private static let tolerances: ClosedRange<Int64> = 0...10_000
    /// In thousandths of an hour: up to a week of work.
    private static let hours: ClosedRange<Int64> = 1...168_000
    /// In thousandths of one.
    private static let quantities: ClosedRange<Int64> = 1...10_000_000

    /// Reads an edition in JSON, and checks all of it.
    ///
    /// - Throws: `Failure.malformedJSON`; `Failure.invalidRequest` with every fault that was found, each with its
    ///   pointer.
    package init(parsing bytes: [UInt8]) throws {
        var root = try ObjectReader(try JSONParser.parse(bytes))
        let version = root.line("version", length: RepairGuide.nameLength)
        let source = RepairGuide.source(&root)
        let rate = root.integer("hourly_rate_maximum_fen", in: RepairGuide.prices)
        let tolerance = root.integer("price_tolerance_bp", in: RepairGuide.tolerances)
        let parts = RepairGuide.parts(&root)
        let operations = RepairGuide.operations(&root)
        root.refuseUnknownMembers()
        try root.faults.throwIfAny()
        guard let version, let source, let rate, let tolerance else { throw Failure(.invalidRequest) }
        self.init(
            version: version,
            parts: parts,
            operations: operations,
            hourlyRateMaximum: Money(fen: rate),
            priceTolerance: BasisPoints(tolerance),
            source: source
        )
    }

    private static func source(_ root: inout ObjectReader) -> RuleSource? {
        guard var object = root.object("source") else { return nil }
        let basis = object.oneOf("basis", RuleSource.Basis.self)
        let zh = object.line("zh", length: nameLength)
        let en = object.line("en", length: nameLength)
        object.refuseUnknownMembers()
        guard let basis, let zh, let en else { return nil }
        return RuleSource(basis, zh: zh, en: en)
    }

    private static func parts(_ root: inout ObjectReader) -> [String: Part] {
        var parts: [String: Part] = [:]
        for var object in root.objects("parts", count: rows) {
            let component = object.line("component", length: nameLength)
            let price = object.integer("price_fen", in: prices)
            let grades = Set(
                (object.array("grades", count: 1...Grade.allCases.count) ?? []).compactMap { grade in
                    let known = grade.stringValue.flatMap { Grade(rawValue: $0) }
                    if known == nil { unknown("grades", in: object) }
                    return known
                }
            )
            object.refuseUnknownMembers()
            guard let component, let price else { continue }
            if parts[component] != nil { double("component", in: object) }
            parts[component] = Part(price: Money(fen: price), grades: grades)
        }
        return parts
    }

    private static func operations(_ root: inout ObjectReader) -> [Operation] {
        let objects = root.objects("operations", count: rows)
        var included: [(Set<String>, ObjectReader)] = []
        var operations: [Operation] = []
        var codes: Set<String> = []
        for var object in objects {
            let includes = includes(&object)
            let operation = operation(&object, includes)
            object.refuseUnknownMembers()
            guard let operation else { continue }
            if !codes.insert(operation.code).inserted { double("code", in: object) }
            included.append((includes, object))
            operations.append(operation)
        }
        for (includes, object) in included where !includes.isSubset(of: codes) { unknown("includes", in: object) }
        return operations
    }

    private static func operation(_ object: inout ObjectReader, _ includes: Set<String>) -> Operation? {
        let code = object.line("code", length: nameLength)
        let time = object.integer("hours_milli", in: hours)
        let access = object.line("access", required: false, length: nameLength)
        let accessTime = object.integer("access_milli", in: hours, required: access != nil)
        var quantities: [String: Int64] = [:]
        for var row in object.objects("quantities", count: rows, required: false) {
            let component = row.line("component", length: nameLength)
            let quantity = row.integer("quantity_milli", in: RepairGuide.quantities)
            row.refuseUnknownMembers()
            guard let component, let quantity else { continue }
            if quantities[component] != nil { double("component", in: row) }
            quantities[component] = quantity
        }
        guard let code, let time else { return nil }
        if let accessTime, access == nil || accessTime > time {
            object.fault(
                "access_milli",
                "access_time",
                zh: "须有 access，且不超过 hours_milli",
                en: "Needs access, and must not be more than hours_milli"
            )
        }
        return Operation(
            code: code,
            hoursMilli: time,
            includes: includes,
            access: access,
            accessMilli: accessTime ?? 0,
            quantities: quantities
        )
    }

    private static func includes(_ object: inout ObjectReader) -> Set<String> {
        let elements = object.array("includes", count: 0...rows.upperBound, required: false) ?? []
        let codes = elements.compactMap(\.stringValue)
        if codes.count < elements.count { unknown("includes", in: object) }
        return Set(codes)
    }

    private static func unknown(_ name: String, in object: ObjectReader) {
        object.fault(name, "not_known", zh: "含有未知的值", en: "Holds a value that is not known")
    }

    private static func double(_ name: String, in object: ObjectReader) {
        object.fault(name, "double", zh: "出现了两次", en: "Stands there twice")
    }
}
