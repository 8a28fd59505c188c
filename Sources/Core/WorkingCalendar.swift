/// Which days are worked in China, and when a deadline in working days ends.
///
/// The State Council says it year by year, about November of the year before. What it has not said yet is not guessed.
package struct WorkingCalendar: Sendable, Hashable {
    /// What one notice changes about Monday to Friday being worked and the weekend not.
    package struct Notice: Sendable, Hashable {
        package let year: Int
        /// Where it was published; a second address is an amendment.
        package let sources: [String]
        /// May begin in the last days of the year before.
        package let restDays: [ClosedRange<CalendarDate>]
        /// Days of a weekend that are worked to make up for rest days.
        package let makeUpDays: [CalendarDate]

        package init(
            year: Int,
            sources: [String],
            restDays: [ClosedRange<CalendarDate>],
            makeUpDays: [CalendarDate]
        ) {
            self.year = year
            self.sources = sources
            self.restDays = restDays
            self.makeUpDays = makeUpDays
        }

        /// `nil` where the notice leaves the day as it is.
        func isWorkingDay(_ date: CalendarDate) -> Bool? {
            if makeUpDays.contains(date) { return true }
            return restDays.contains { $0.contains(date) } ? false : nil
        }
    }

    /// Named in every explanation that rests on a deadline: the same version always gives the same answer.
    package let version: String
    private let noticesByYear: [Int: Notice]

    package init(version: String, notices: [Notice]) {
        self.version = version
        self.noticesByYear = Dictionary(notices.map { ($0.year, $0) }) { _, later in later }
    }

    /// Oldest first.
    package var notices: [Notice] {
        noticesByYear.values.sorted { $0.year < $1.year }
    }

    /// - Throws: `Failure.calendarYearUnknown`.
    package func isWorkingDay(_ date: CalendarDate) throws -> Bool {
        let year = date.year
        var change = try notice(of: year).isWorkingDay(date)
        if WorkingCalendar.isInReachOfNextNotice(date) {
            change = try notice(of: year + 1).isWorkingDay(date) ?? change
        }
        return change ?? (date.weekday <= 5)
    }

    /// 24:00 China time of the last of `workingDays`, counted from the day after the one on which `receipt` fell.
    ///
    /// Civil Code, article 201: the first day is not counted; article 203: a period does not end on a day of rest, and
    /// ends at 24:00 of its last day.
    ///
    /// - Throws: `Failure.calendarYearUnknown` where the period reaches into a year without a notice.
    package func deadline(workingDays: Int, after receipt: Instant) throws -> Instant {
        var day = receipt.dateInChina
        var remaining = workingDays
        while remaining > 0 {
            day = day.adding(days: 1)
            if try isWorkingDay(day) { remaining -= 1 }
        }
        return day.adding(days: 1).startInChina
    }

    /// Hours run through nights and holidays: Civil Code, article 201, counts them from the moment on.
    package static func deadline(hours: Int64, after receipt: Instant) -> Instant {
        receipt.adding(seconds: hours * 3600)
    }

    private func notice(of year: Int) throws -> Notice {
        guard let notice = noticesByYear[year] else {
            throw Failure(
                .calendarYearUnknown,
                zh: "尚无国务院办公厅 \(year) 年节假日安排的通知，无法计算该年的工作日",
                en: "Working days of \(year) cannot be counted: the State Council's notice on it is not known"
            )
        }
        return notice
    }

    /// New Year's holiday and the days that make up for it may lie in the last week of December.
    private static func isInReachOfNextNotice(_ date: CalendarDate) -> Bool {
        let (_, month, day) = date.components
        return month == 12 && day >= 25
    }
}

extension ProblemType {
    package static let calendarYearUnknown = ProblemType(
        "calendar_year_unknown",
        .conflict,
        zh: "该年度的工作日安排尚未公布或尚未录入",
        en: "The working days of that year are not known yet"
    )
}
