package import Core

// The facts as they are kept beside an estimate, so that it can be made again.

extension CarFacts {
    package var json: JSON {
        [
            "brand": .optional(brand) { JSON($0) },
            "series": .optional(series) { JSON($0) },
            "trim": .optional(trim) { JSON($0) },
            "engine": .optional(engine) { JSON($0) },
            "model_year": .optional(modelYear) { JSON($0) },
            "registered_on": .optional(registeredOn) { JSON($0) },
            "built_on": .optional(builtOn) { JSON($0) },
            "odometer_km": .optional(odometerKm) { .integer($0) },
            "new_price": .optional(newPrice, \.json),
            "market_value_fen": .optional(marketValueFen) { .integer($0) },
            "energy": .optional(energy) { JSON($0.rawValue) },
            "transfers": .optional(transfers) { .integer($0) },
            "condition": [
                "score": .optional(condition.score) { .integer($0) },
                "grade": .optional(condition.grade) { .integer($0) },
                "damages": .array(condition.damages.map(\.rawValue).sorted().map { JSON($0) }),
            ],
            "battery": .optional(battery, \.json),
            "options": .array(options.map { ["name": JSON($0.name), "new_price_fen": .integer($0.newPriceFen)] }),
            "use": .optional(use) { JSON($0.rawValue) },
            "findings": .array(findings.map(\.rawValue).sorted().map { JSON($0) }),
            "texts": .object(texts.sorted { $0.key < $1.key }.map { JSON.Member($0.key, JSON($0.value)) }),
            "numbers": .object(numbers.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .integer($0.value)) }),
        ]
    }

    /// Reads what `json` wrote. What a caller sends is read, and refused, by those who take it.
    package init(json: JSON) {
        self.init()
        brand = json["brand"]?.stringValue
        series = json["series"]?.stringValue
        trim = json["trim"]?.stringValue
        engine = json["engine"]?.stringValue
        modelYear = json["model_year"]?.integerValue.map { Int($0) }
        registeredOn = json["registered_on"]?.stringValue.flatMap { CalendarDate($0) }
        builtOn = json["built_on"]?.stringValue.flatMap { CalendarDate($0) }
        odometerKm = json["odometer_km"]?.integerValue
        newPrice = json["new_price"].flatMap(NewPrice.init)
        marketValueFen = json["market_value_fen"]?.integerValue
        energy = json["energy"]?.stringValue.flatMap(Energy.init)
        transfers = json["transfers"]?.integerValue
        condition.score = json["condition"]?["score"]?.integerValue
        condition.grade = json["condition"]?["grade"]?.integerValue
        let damages = json["condition"]?["damages"]?.arrayValue ?? []
        condition.damages = Set(damages.compactMap { $0.stringValue.flatMap(SevereDamage.init) })
        battery = json["battery"].flatMap(BatteryHealth.init)
        options = (json["options"]?.arrayValue ?? []).compactMap(FittedOption.init)
        use = json["use"]?.stringValue.flatMap(VehicleUse.init)
        findings = Set((json["findings"]?.arrayValue ?? []).compactMap { $0.stringValue.flatMap(HistoryFinding.init) })
        for member in json["texts"]?.members ?? [] { texts[member.name] = member.value.stringValue }
        for member in json["numbers"]?.members ?? [] { numbers[member.name] = member.value.integerValue }
    }
}

extension NewPrice {
    fileprivate var json: JSON {
        ["fen": .integer(fen), "includes_purchase_tax": .bool(includesPurchaseTax), "origin": JSON(origin.rawValue)]
    }

    fileprivate init?(json: JSON) {
        guard let fen = json["fen"]?.integerValue, let origin = json["origin"]?.stringValue.flatMap(Origin.init) else {
            return nil
        }
        self.init(fen: fen, includesPurchaseTax: json["includes_purchase_tax"] == true, origin: origin)
    }
}

extension BatteryHealth {
    fileprivate var json: JSON {
        [
            "state_of_health_permille": .integer(stateOfHealthPermille),
            "method": .optional(method) { JSON($0) },
            "measured_on": .optional(measuredOn) { JSON($0) },
            "tester": .optional(tester) { JSON($0) },
        ]
    }

    fileprivate init?(json: JSON) {
        guard let permille = json["state_of_health_permille"]?.integerValue else { return nil }
        self.init(
            stateOfHealthPermille: permille,
            method: json["method"]?.stringValue,
            measuredOn: json["measured_on"]?.stringValue.flatMap { CalendarDate($0) },
            tester: json["tester"]?.stringValue
        )
    }
}

extension FittedOption {
    fileprivate init?(json: JSON) {
        guard let name = json["name"]?.stringValue, let fen = json["new_price_fen"]?.integerValue else { return nil }
        self.init(name: name, newPriceFen: fen)
    }
}
