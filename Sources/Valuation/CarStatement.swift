package import Core
package import Pricing

/// Limits of what is said of a car, each with its unit.
package enum CarLimits {
    static let nameCharacters = 1...100
    static let textCharacters = 1...60
    static let memberNameCharacters = 1...40
    static let texts = 30
    static let numbers = 30
    static let options = 40
    static let modelYears: ClosedRange<Int64> = 1950...2100
    /// Up to 100 million yuan; 0 is for the rules to refuse, with their reason.
    static let newPriceFen: ClosedRange<Int64> = 0...10_000_000_000
    static let optionFen: ClosedRange<Int64> = 1...1_000_000_000
    static let odometerKm: ClosedRange<Int64> = 0...2_000_000
    static let transfers: ClosedRange<Int64> = 0...99
    static let score: ClosedRange<Int64> = 0...100
    static let grade: ClosedRange<Int64> = 1...5
    static let permille: ClosedRange<Int64> = 0...1000
    static let thousandths: ClosedRange<Int64> = 0...1_000_000_000_000
}

/// A car as it is stated in a request, and as it is stored beside an estimate or a sale.
package enum CarStatement {
    /// - Parameter asStored: also what the ledger found out, which nobody may state himself.
    package static func car(_ reader: inout ObjectReader, asStored: Bool = false) -> CarFacts {
        var car = CarFacts()
        car.brand = name(&reader, "brand")
        car.series = name(&reader, "series")
        car.trim = name(&reader, "trim")
        car.modelYear = reader.integer("model_year", in: CarLimits.modelYears, required: false).map { Int($0) }
        car.registeredOn = reader.date("registered_on", required: false)
        car.builtOn = reader.date("built_on", required: false)
        car.odometerKm = reader.integer("odometer_km", in: CarLimits.odometerKm, required: false)
        car.newPrice = newPrice(&reader, asStored)
        car.marketValueFen = reader.integer("market_value_fen", in: CarLimits.newPriceFen, required: false)
        car.energy = reader.oneOf("energy", Energy.self, required: false)
        car.transfers = reader.integer("transfers", in: CarLimits.transfers, required: false)
        car.condition = condition(&reader)
        car.battery = battery(&reader)
        car.options = options(&reader)
        car.use = reader.oneOf("use", Pricing.VehicleUse.self, required: false)
        car.texts = texts(&reader)
        car.numbers = numbers(&reader)
        if asStored {
            let found = reader.array("findings", count: 0...HistoryFinding.allCases.count, required: false) ?? []
            car.findings = Set(found.compactMap { $0.stringValue.flatMap(HistoryFinding.init) })
        }
        reader.refuseUnknownMembers()
        return car
    }

    /// What is stored.
    ///
    /// - Throws: where it cannot be read: the store is damaged.
    package static func car(stored json: JSON) throws -> CarFacts {
        var reader = try ObjectReader(json)
        let car = car(&reader, asStored: true)
        try reader.faults.throwIfAny()
        return car
    }

    /// Two writings of one name are one name.
    private static func name(_ reader: inout ObjectReader, _ name: String) -> String? {
        let text = reader.string(name, required: false, length: CarLimits.nameCharacters).map(FactText.folded)
        return text?.isEmpty == true ? nil : text
    }

    private static func newPrice(_ reader: inout ObjectReader, _ asStored: Bool) -> NewPrice? {
        guard var price = reader.object("new_price", required: false) else { return nil }
        let fen = price.integer("amount", in: CarLimits.newPriceFen)
        price.yuan()
        let includesTax = price.bool("includes_purchase_tax", required: false) ?? false
        let origin = asStored ? price.oneOf("origin", NewPrice.Origin.self, required: false) : nil
        price.refuseUnknownMembers()
        return fen.map { NewPrice(fen: $0, includesPurchaseTax: includesTax, origin: origin ?? .caller) }
    }

    private static func condition(_ reader: inout ObjectReader) -> ConditionFacts {
        guard var condition = reader.object("condition", required: false) else { return ConditionFacts() }
        let score = condition.integer("score", in: CarLimits.score, required: false)
        let grade = condition.integer("grade", in: CarLimits.grade, required: false)
        let stated = condition.array("damages", count: 0...SevereDamage.allCases.count, required: false) ?? []
        let damages = stated.map { $0.stringValue.flatMap(SevereDamage.init) }
        if damages.contains(nil) {
            let names = SevereDamage.allCases.map(\.rawValue).joined(separator: ", ")
            condition.fault("damages", "not_allowed", zh: "只能是：\(names)", en: "Must be of: \(names)")
        }
        condition.refuseUnknownMembers()
        return ConditionFacts(score: score, grade: grade, damages: Set(damages.compactMap { $0 }))
    }

    private static func battery(_ reader: inout ObjectReader) -> BatteryHealth? {
        guard var battery = reader.object("battery", required: false) else { return nil }
        let health = battery.integer("state_of_health_permille", in: CarLimits.permille)
        let method = battery.string("method", required: false, length: CarLimits.textCharacters)
        let measuredOn = battery.date("measured_on", required: false)
        let tester = battery.string("tester", required: false, length: CarLimits.textCharacters)
        battery.refuseUnknownMembers()
        return health.map {
            BatteryHealth(stateOfHealthPermille: $0, method: method, measuredOn: measuredOn, tester: tester)
        }
    }

    private static func options(_ reader: inout ObjectReader) -> [FittedOption] {
        let elements = reader.array("options", count: 0...CarLimits.options, required: false) ?? []
        return elements.enumerated().compactMap { index, element in
            let pointer = "\(reader.pointer(to: "options"))/\(index)"
            guard let members = element.members else {
                reader.faults.add(pointer, "wrong_type", zh: "须为对象", en: "Must be an object")
                return nil
            }
            var option = ObjectReader(members: members, pointer: pointer, faults: reader.faults)
            let name = option.string("name", length: CarLimits.textCharacters)
            let fen = option.integer("new_price_fen", in: CarLimits.optionFen)
            option.refuseUnknownMembers()
            guard let name, let fen else { return nil }
            return FittedOption(name: name, newPriceFen: fen)
        }
    }

    // MARK: What has any name

    private static func texts(_ reader: inout ObjectReader) -> [String: String] {
        named(&reader, "texts", maximum: CarLimits.texts) { reader, name in
            reader.string(name, length: CarLimits.textCharacters).map(FactText.folded)
        }
    }

    private static func numbers(_ reader: inout ObjectReader) -> [String: Int64] {
        named(&reader, "numbers", maximum: CarLimits.numbers) { reader, name in
            reader.integer(name, in: CarLimits.thousandths)
        }
    }

    private static func named<Value>(
        _ reader: inout ObjectReader,
        _ member: String,
        maximum: Int,
        _ read: (inout ObjectReader, String) -> Value?
    ) -> [String: Value] {
        let names = (reader.json(member, required: false)?.members ?? []).map(\.name)
        guard var object = reader.object(member, required: false) else { return [:] }
        guard names.count <= maximum, names.allSatisfy(isName) else {
            reader.fault(
                member,
                "not_allowed",
                zh: "最多 \(maximum) 项，名称由小写字母、数字和下划线组成",
                en: "Up to \(maximum), with names of small letters, digits and underscores"
            )
            return [:]
        }
        return names.reduce(into: [:]) { $0[$1] = read(&object, $1) }
    }

    private static func isName(_ text: String) -> Bool {
        CarLimits.memberNameCharacters.contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }
}

extension ObjectReader {
    mutating func yuan() {
        if let currency = string("currency", length: 1...3), currency != "CNY" {
            fault("currency", "not_allowed", zh: "只能是 CNY", en: "Must be CNY")
        }
    }
}

// MARK: - Writing

extension CarFacts {
    /// As it is stored and shown: what is not known is left out.
    package var statement: JSON {
        let members: [JSON.Member?] = [
            text("brand", brand), text("series", series), text("trim", trim),
            number("model_year", modelYear.map { Int64($0) }),
            text("registered_on", registeredOn?.description), text("built_on", builtOn?.description),
            number("odometer_km", odometerKm),
            newPrice.map { .init("new_price", $0.statement) },
            number("market_value_fen", marketValueFen),
            text("energy", energy?.rawValue), number("transfers", transfers),
            condition == ConditionFacts() ? nil : .init("condition", condition.statement),
            battery.map { .init("battery", $0.statement) },
            options.isEmpty ? nil : .init("options", .array(options.map(\.statement))),
            text("use", use?.rawValue),
            texts.isEmpty ? nil : .init("texts", .object(sorted(texts, JSON.string))),
            numbers.isEmpty ? nil : .init("numbers", .object(sorted(numbers, JSON.integer))),
            findings.isEmpty
                ? nil
                : .init("findings", .array(findings.map(\.rawValue).sorted().map { JSON($0) })),
        ]
        return .object(members.compactMap { $0 })
    }

    private func text(_ name: String, _ value: String?) -> JSON.Member? { value.map { .init(name, JSON($0)) } }

    private func number(_ name: String, _ value: Int64?) -> JSON.Member? { value.map { .init(name, .integer($0)) } }

    private func sorted<Value>(_ values: [String: Value], _ wrap: (Value) -> JSON) -> [JSON.Member] {
        values.sorted { $0.key < $1.key }.map { .init($0.key, wrap($0.value)) }
    }
}

extension NewPrice {
    fileprivate var statement: JSON {
        [
            "amount": .integer(fen), "currency": "CNY", "includes_purchase_tax": .bool(includesPurchaseTax),
            "origin": JSON(origin.rawValue),
        ]
    }
}

extension ConditionFacts {
    fileprivate var statement: JSON {
        .object(
            [
                score.map { JSON.Member("score", .integer($0)) },
                grade.map { JSON.Member("grade", .integer($0)) },
                damages.isEmpty
                    ? nil : JSON.Member("damages", .array(damages.map(\.rawValue).sorted().map { JSON($0) })),
            ].compactMap { $0 }
        )
    }
}

extension BatteryHealth {
    fileprivate var statement: JSON {
        .object(
            [
                JSON.Member("state_of_health_permille", .integer(stateOfHealthPermille)),
                method.map { JSON.Member("method", JSON($0)) },
                measuredOn.map { JSON.Member("measured_on", JSON($0)) },
                tester.map { JSON.Member("tester", JSON($0)) },
            ].compactMap { $0 }
        )
    }
}

extension FittedOption {
    fileprivate var statement: JSON { ["name": JSON(name), "new_price_fen": .integer(newPriceFen)] }
}
