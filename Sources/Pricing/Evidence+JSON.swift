package import Core

// Kept beside a stored estimate, so that it can be made again.

extension Evidence {
    package var json: JSON {
        [
            "standing": JSON(standing.rawValue),
            "gap": .integer(gap),
            "trim": trim.json,
            "series": series.json,
            "comparables": .array(comparables.map(\.json)),
        ]
    }

    /// Reads what `json` wrote; `nil` where it is something else.
    package init?(json: JSON) {
        guard let standing = json["standing"]?.stringValue.flatMap(Standing.init), let gap = json["gap"]?.integerValue,
            let trim = json["trim"].flatMap(Level.init), let series = json["series"].flatMap(Level.init),
            let listed = json["comparables"]?.arrayValue
        else { return nil }
        let comparables = listed.compactMap(Comparable.init)
        guard comparables.count == listed.count else { return nil }
        self.init()
        self.standing = standing
        self.gap = gap
        self.trim = trim
        self.series = series
        self.comparables = comparables
    }
}

extension Evidence.Level {
    fileprivate var json: JSON {
        ["gap": .integer(gap), "weight": .integer(weight), "dispersion": .optional(dispersion) { .integer($0) }]
    }

    fileprivate init?(json: JSON) {
        guard let gap = json["gap"]?.integerValue, let weight = json["weight"]?.integerValue else { return nil }
        self.init()
        self.gap = gap
        self.weight = weight
        dispersion = json["dispersion"]?.integerValue
    }
}

extension Evidence.Comparable {
    package var json: JSON {
        [
            "level": JSON(level.rawValue),
            "sold_on": JSON(soldOn),
            "price_fen": .integer(priceFen),
            "odometer_km": .optional(odometerKm) { .integer($0) },
            "age_days": .optional(ageDays) { .integer($0) },
            "weight": .integer(weight),
            "gap": .integer(gap),
        ]
    }

    fileprivate init?(json: JSON) {
        guard let level = json["level"]?.stringValue.flatMap(Evidence.Standing.init),
            let soldOn = json["sold_on"]?.stringValue.flatMap({ CalendarDate($0) }),
            let priceFen = json["price_fen"]?.integerValue, let weight = json["weight"]?.integerValue,
            let gap = json["gap"]?.integerValue
        else { return nil }
        self.init(
            level: level,
            soldOn: soldOn,
            priceFen: priceFen,
            odometerKm: json["odometer_km"]?.integerValue,
            ageDays: json["age_days"]?.integerValue,
            weight: weight,
            gap: gap
        )
    }
}
