/// How long a vehicle has been used, counted as the scrap rules count it: every year that has begun is a year.
package struct UsedYears: Sendable, Hashable {
    package let begun: Int64

    /// A number of years as a fraction, 3.2 being 16/5. `nil` for less than nothing.
    package init?(_ numerator: Int64, over denominator: Int64 = 1) {
        guard numerator >= 0, denominator > 0 else { return nil }
        let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
        begun = remainder > 0 ? quotient + 1 : quotient
    }

    package init?(months: Int64) {
        self.init(months, over: 12)
    }

    /// From one day to another; a year is over on the same day of the next. `nil` where `end` comes first.
    package init?(from start: CalendarDate, to end: CalendarDate) {
        guard start <= end else { return nil }
        var years = max(0, end.year - start.year)
        if start.adding(months: 12 * years) < end { years += 1 }
        begun = Int64(years)
    }
}

/// Ages at which a vehicle must be scrapped (机动车强制报废标准规定, Ministry of Commerce and others, 2012 No. 12, in force
/// since 2013-05-01). Recalled, not read: compare with the text before anybody is told that it is the law.
package enum ScrapAge {
    /// What a converted vehicle never exceeds.
    package static let maximumConvertedYears: Int64 = 15
    /// The age that the formula ascribes to small private cars, which have no limit of their own.
    private static let privateCarYears: Int64 = 17

    /// The scrap age, in years, of a small car that changes between private and commercial use (annex 2):
    /// ⌊u + (1 − u/17) × target⌋, at most 15. Written over a common divisor, so that nothing is rounded on the way.
    ///
    /// - Parameter targetYears: the scrap age of the use that it changes to.
    package static func converted(usedYears: UsedYears, targetYears: Int64) -> Int64 {
        let used = min(usedYears.begun, privateCarYears)
        let seventeenths = used * privateCarYears + (privateCarYears - used) * targetYears
        return min(maximumConvertedYears, seventeenths.floorDivided(by: privateCarYears))
    }
}
