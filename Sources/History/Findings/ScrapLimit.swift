import Core

/// How long a kind of use allows a car, after 机动车强制报废标准规定 (2012 No. 12). Recalled, not read.
struct ScrapLimit: Sendable, Hashable {
    /// `nil` where age alone does not end a car's life.
    let years: Int64?
    /// From here on the state advises scrapping; it does not force it.
    let guidedKm: Int64

    /// Passenger cars up to this many seats are small or mini.
    static let smallCarSeatsMaximum: Int64 = 9

    /// - Parameter isSmall: of larger cars the stricter of medium and large is taken, because nobody states which.
    /// - Returns: `nil` where other rules decide that were not read either (ride-hailing), or the use is not known.
    init?(_ use: VehicleUse, isSmall: Bool) {
        switch use {
        case .private, .company, .government: self = isSmall ? ScrapLimit(nil, 600_000) : ScrapLimit(20, 500_000)
        case .taxi: self = isSmall ? ScrapLimit(8, 600_000) : ScrapLimit(10, 500_000)
        case .rental: self = ScrapLimit(15, 600_000)
        case .drivingSchool: self = isSmall ? ScrapLimit(10, 500_000) : ScrapLimit(12, 500_000)
        case .passengerTransport, .otherCommercial: self = isSmall ? ScrapLimit(10, 600_000) : ScrapLimit(15, 500_000)
        case .freight: self = ScrapLimit(15, 600_000)
        case .rideHailing, .notKnown: return nil
        }
    }

    private init(_ years: Int64?, _ guidedKm: Int64) {
        self.years = years
        self.guidedKm = guidedKm
    }
}

/// What the stated uses of a car make of its scrap age.
///
/// A change of use never makes a car's life longer than its commercial use allowed: a former taxi keeps the taxi's
/// limit in private hands. Only the way from a small private car into commerce has a formula, `ScrapAge.converted`.
struct ScrapTerm {
    /// The strictest limit that is known. It holds whatever the uses that are not known may be.
    private(set) var years: Int64?
    private(set) var guidedKm: Int64 = 600_000
    /// Some use was not stated, or its limit is not known.
    private(set) var isIncomplete = false
    private let registration: CalendarDate?

    /// The day on which the car's life ends. `nil` where nothing that is known ends it.
    var end: CalendarDate? {
        years.flatMap { registration?.adding(months: 12 * Int($0)) }
    }

    /// - Parameter changes: registrations and transfers, by time.
    init(_ changes: [Timeline.Item], registeredOn registration: CalendarDate?) {
        self.registration = registration
        let seats = changes.lazy.compactMap { $0.facts.integer("seats") }.first
        let isSmall = seats.map { $0 <= ScrapLimit.smallCarSeatsMaximum } ?? true
        var previous: VehicleUse?
        for change in changes {
            guard let use = change.facts.use, let limit = ScrapLimit(use, isSmall: isSmall) else {
                isIncomplete = true
                continue
            }
            guidedKm = min(guidedKm, limit.guidedKm)
            guard use != previous else { continue }
            tighten(
                limit,
                from: previous,
                isSmall: isSmall,
                used: registration.flatMap { UsedYears(from: $0, to: change.date) }
            )
            previous = use
        }
    }

    private mutating func tighten(_ limit: ScrapLimit, from previous: VehicleUse?, isSmall: Bool, used: UsedYears?) {
        guard let target = limit.years else { return }
        let wasPrivate = isSmall && previous?.isCommercial == false
        let allowed =
            if wasPrivate, let used {
                ScrapAge.converted(usedYears: used, targetYears: target)
            } else {
                target
            }
        years = min(years ?? allowed, allowed)
    }
}
