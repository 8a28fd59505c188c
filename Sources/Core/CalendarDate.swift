/// A day of the proleptic Gregorian calendar. Texts have the years 0 to 9999; arithmetic may leave them, and what lies
/// outside is written as the nearest day inside.
package struct CalendarDate: Sendable, Hashable, Comparable {
    /// Days since 1970-01-01.
    package let daysSinceEpoch: Int

    package init(daysSinceEpoch: Int) {
        self.daysSinceEpoch = daysSinceEpoch
    }

    /// `nil` where there is no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard (0...9999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
        guard day <= CalendarDate.daysIn(month: month, year: year) else { return nil }
        self.init(unchecked: (year, month, day))
    }

    /// Counts days without asking whether the year is one of four digits or the month has the day.
    init(unchecked components: (year: Int, month: Int, day: Int)) {
        let (year, month, day) = components
        // Years are counted from March, so that the leap day comes last.
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.init(daysSinceEpoch: era * 146_097 + dayOfEra - 719_468)
    }

    /// Reads `YYYY-MM-DD`.
    package init?(_ text: String) {
        var reader = DigitReader(text)
        guard
            let year = reader.number(digits: 4), reader.skip("-"),
            let month = reader.number(digits: 2), reader.skip("-"),
            let day = reader.number(digits: 2), reader.isAtEnd
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    package static func < (left: CalendarDate, right: CalendarDate) -> Bool {
        left.daysSinceEpoch < right.daysSinceEpoch
    }

    package var components: (year: Int, month: Int, day: Int) {
        let shifted = daysSinceEpoch + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    package var year: Int { components.year }

    /// 1 is Monday, 7 is Sunday (ISO 8601).
    package var weekday: Int {
        let remainder = (daysSinceEpoch + 3) % 7
        return (remainder < 0 ? remainder + 7 : remainder) + 1
    }

    package func adding(days: Int) -> CalendarDate {
        CalendarDate(daysSinceEpoch: daysSinceEpoch + days)
    }

    /// The same day `months` later, or the last day of that month where it is shorter.
    package func adding(months: Int) -> CalendarDate {
        let (year, month, day) = components
        let total = year * 12 + (month - 1) + months
        let newYear = total >= 0 ? total / 12 : (total - 11) / 12
        let newMonth = total - newYear * 12 + 1
        let newDay = min(day, CalendarDate.daysIn(month: newMonth, year: newYear))
        return CalendarDate(unchecked: (newYear, newMonth, newDay))
    }

    /// Midnight at the beginning of this day in China.
    package var startInChina: Instant {
        Instant(microseconds: (Int64(daysSinceEpoch) * 86_400 - Instant.chinaOffsetSeconds) * 1_000_000)
    }

    package static func daysIn(month: Int, year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    /// The days that a text can say.
    static let writable =
        CalendarDate(unchecked: (year: 0, month: 1, day: 1))...CalendarDate(unchecked: (year: 9999, month: 12, day: 31))

    func write(into buffer: UnsafeMutableBufferPointer<UInt8>, at offset: Int) {
        let (year, month, day) = min(max(self, CalendarDate.writable.lowerBound), CalendarDate.writable.upperBound)
            .components
        writeDigits(year, count: 4, into: buffer, at: offset)
        buffer[offset + 4] = UInt8(ascii: "-")
        writeDigits(month, count: 2, into: buffer, at: offset + 5)
        buffer[offset + 7] = UInt8(ascii: "-")
        writeDigits(day, count: 2, into: buffer, at: offset + 8)
    }
}

extension CalendarDate: CustomStringConvertible {
    package var description: String {
        String(unsafeUninitializedCapacity: 10) { buffer in
            write(into: buffer, at: 0)
            return 10
        }
    }
}
