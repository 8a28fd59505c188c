package import Core

/// How long a promise lasts: by time or by distance, whichever ends first.
package struct Term: Sendable, Hashable {
    package let time: Time
    package let km: Int64

    package enum Time: Sendable, Hashable {
        case months(Int)
        case days(Int)

        /// The last day that counts: the day itself is not counted, and the corresponding day is the last
        /// (Civil Code, articles 201 and 202).
        package func end(from day: CalendarDate) -> CalendarDate {
            switch self {
            case .months(let months): day.adding(months: months)
            case .days(let days): day.adding(days: days)
            }
        }

        package var words: LocalizedText {
            switch self {
            case .months(let months) where months.isMultiple(of: 12):
                LocalizedText(zh: "\(months / 12) 年", en: months == 12 ? "1 year" : "\(months / 12) years")
            case .months(let months):
                LocalizedText(zh: "\(months) 个月", en: months == 1 ? "1 month" : "\(months) months")
            case .days(let days): LocalizedText(zh: "\(days) 日", en: days == 1 ? "1 day" : "\(days) days")
            }
        }
    }

    package init(_ time: Time, km: Int64) {
        self.time = time
        self.km = km
    }

    package var words: LocalizedText {
        LocalizedText(zh: "\(time.words.zh)或 \(grouped(km)) 公里", en: "\(time.words.en) or \(grouped(km)) km")
    }

    static let months: ClosedRange<Int64> = 1...120
    static let days: ClosedRange<Int64> = 1...3660
    static let distances: ClosedRange<Int64> = 1...1_000_000
    /// Four years hold every length of month and a leap day.
    private static let leapCycleDays = 1461

    /// Whether it is at least as long as the other, whatever day it begins on.
    package func isAtLeast(_ other: Term) -> Bool {
        guard km >= other.km else { return false }
        switch (time, other.time) {
        case (.months(let own), .months(let others)): return own >= others
        case (.days(let own), .days(let others)): return own >= others
        default:
            return (0..<Term.leapCycleDays).allSatisfy { offset in
                let start = CalendarDate(daysSinceEpoch: offset)
                return time.end(from: start) >= other.time.end(from: start)
            }
        }
    }
}

extension Term {
    init(_ object: BookObject) {
        let km = object.integer("km", in: Term.distances)
        let months = object.optionalInteger("months", in: Term.months)
        let days = object.optionalInteger("days", in: Term.days)
        if (months == nil) == (days == nil) {
            let (zh, en) = ("months 与 days 须有且只有一个", "give either `months` or `days`")
            object.fault("months", "term", zh: zh, en: en)
        }
        object.refuseUnknownMembers()
        self.init(months.map { .months(Int($0)) } ?? .days(Int(days ?? 1)), km: km)
    }
}

/// From when and where on the odometer until when and where, the last day and the last kilometre included.
package struct Period: Sendable, Hashable {
    package let start: CalendarDate
    package let end: CalendarDate
    package let startKm: Int64
    package let endKm: Int64

    package init(start: CalendarDate, end: CalendarDate, startKm: Int64, endKm: Int64) {
        self.start = start
        self.end = end
        self.startKm = startKm
        self.endKm = endKm
    }

    package init(_ term: Term, from start: CalendarDate, at startKm: Int64) {
        self.init(start: start, end: term.time.end(from: start), startKm: startKm, endKm: startKm + term.km)
    }

    package enum Place: String, Sendable, Hashable, CaseIterable {
        case before
        case inside
        case pastDate = "expired_by_date"
        case pastOdometer = "expired_by_odometer"
    }

    package func place(of date: CalendarDate, _ odometerKm: Int64) -> Place {
        if date < start { return .before }
        if date > end { return .pastDate }
        return odometerKm > endKm ? .pastOdometer : .inside
    }

    package func contains(_ date: CalendarDate, _ odometerKm: Int64) -> Bool {
        place(of: date, odometerKm) == .inside
    }

    /// Of the time and distance that it lasts, in days.
    package var days: Int64 { Int64(end.daysSinceEpoch - start.daysSinceEpoch) }
    package var km: Int64 { endKm - startKm }

    package var json: JSON {
        [
            "start": JSON(start), "end": JSON(end), "start_odometer_km": .integer(startKm),
            "end_odometer_km": .integer(endKm),
        ]
    }
}
