import Core

/// How far a car has been driven by each evening of its life, and what its odometer shows then.
struct Mileage {
    /// What changes the way from the day that it names, in the order of the days.
    enum Change {
        case pace(annualKm: Int)
        /// The odometer is set to this: honestly with a new instrument, or not.
        case shows(km: Int)
        case showsPercent(Int)
    }

    private let firstDay: CalendarDate
    private var drivenKm: [Int32] = []
    private var shownKm: [Int32] = []

    /// Kilometres on a new car at its registration.
    private static let deliveryKm = 8...60
    private static let daysPerYear = 365

    /// - Parameter dialKm: where the dial begins again at 0; `nil` where it has digits enough.
    init(
        from firstDay: CalendarDate,
        through lastDay: CalendarDate,
        annualKm: Int,
        changes: [(day: CalendarDate, change: Change)],
        dialKm: Int?,
        using random: inout SeededRandom
    ) {
        self.firstDay = firstDay
        var annualKm = annualKm
        var yearPercent = 100
        var metres = random.integer(Mileage.deliveryKm) * 1000
        var offsetKm = 0
        var pending = changes[...]
        func shows(_ driven: Int) -> Int { dialKm.map { (driven + offsetKm) % $0 } ?? driven + offsetKm }
        for offset in 0...max(0, lastDay.daysSinceEpoch - firstDay.daysSinceEpoch) {
            if offset % Mileage.daysPerYear == 0 { yearPercent = random.integer(85...115) }
            metres += annualKm * 1000 / Mileage.daysPerYear * yearPercent / 100 * random.integer(30...170) / 100
            let driven = metres / 1000
            while let next = pending.first, next.day <= firstDay.adding(days: offset) {
                switch next.change {
                case .pace(let pace): annualKm = pace
                case .shows(let km): offsetKm = km - driven
                case .showsPercent(let percent): offsetKm = shows(driven) * percent / 100 - driven
                }
                pending.removeFirst()
            }
            drivenKm.append(Int32(driven))
            shownKm.append(Int32(shows(driven)))
        }
    }

    func driven(on day: CalendarDate) -> Int { Int(drivenKm[index(of: day)]) }
    func shown(on day: CalendarDate) -> Int { Int(shownKm[index(of: day)]) }

    /// The first day after `day` on which this many kilometres have been driven, at most `limit`.
    func day(reaching km: Int, after day: CalendarDate, atMost limit: CalendarDate) -> CalendarDate {
        var candidate = day.adding(days: 1)
        while candidate < limit, driven(on: candidate) < km { candidate = candidate.adding(days: 1) }
        return candidate
    }

    /// Before its first day a car has the mileage of the first, after its last that of the last.
    private func index(of day: CalendarDate) -> Int {
        min(max(0, day.daysSinceEpoch - firstDay.daysSinceEpoch), shownKm.count - 1)
    }
}
