import Core

/// Reads the `data` of an event. It was checked against its schema on the way in; what is missing or of another type
/// reads as `nil`, so that data from an older schema makes a report poorer and never breaks it.
struct EventFacts {
    let data: JSON?

    func text(_ name: String) -> String? {
        data?[name]?.stringValue
    }

    func integer(_ name: String) -> Int64? {
        data?[name]?.integerValue
    }

    func bool(_ name: String) -> Bool? {
        guard case .bool(let value)? = data?[name] else { return nil }
        return value
    }

    /// What was left out is not known.
    func triState(_ name: String) -> TriState {
        text(name).flatMap(TriState.init) ?? .notKnown
    }

    func texts(_ name: String) -> [String] {
        data?[name]?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    func money(_ name: String) -> Money? {
        data?[name]?["amount"]?.integerValue.map(Money.init(fen:))
    }

    var odometerKm: Int64? {
        integer("odometer_km").flatMap(OdometerKm.init)?.kilometres
    }

    /// `nil` where the use is not stated, or stated as not known.
    var use: VehicleUse? {
        let use = text("use").flatMap(VehicleUse.init)
        return use == .notKnown ? nil : use
    }
}

extension Timeline.Item {
    /// What holds of the event now.
    var facts: EventFacts { EventFacts(data: data) }

    var date: CalendarDate { occurredAt.dateInChina }
}
