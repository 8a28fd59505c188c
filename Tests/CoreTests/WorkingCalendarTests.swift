import Core
import Testing

@Suite struct WorkingCalendarTests {
    private let calendar = WorkingCalendar.stateCouncil

    @Test(
        arguments: rows(
            """
            # received           1 h                  24 h                 48 h                 third working day
            2026-11-20T16:30:00  2026-11-20T17:30:00  2026-11-21T16:30:00  2026-11-22T16:30:00  2026-11-25T23:59:59
            2026-09-30T18:00:00  2026-09-30T19:00:00  2026-10-01T18:00:00  2026-10-02T18:00:00  2026-10-10T23:59:59
            2026-02-13T09:00:00  2026-02-13T10:00:00  2026-02-14T09:00:00  2026-02-15T09:00:00  2026-02-25T23:59:59
            2026-05-07T23:59:59  2026-05-08T00:59:59  2026-05-08T23:59:59  2026-05-09T23:59:59  2026-05-11T23:59:59
            2026-11-21T10:00:00  2026-11-21T11:00:00  2026-11-22T10:00:00  2026-11-23T10:00:00  2026-11-25T23:59:59
            """
        )
    )
    func `hours run on, working days end at midnight of the last`(row: [String]) throws {
        let times = try row.map { try #require(Instant(rfc3339: $0 + "+08:00")) }
        for (hours, expected) in zip([Int64(1), 24, 48], times[1...3]) {
            #expect(WorkingCalendar.deadline(hours: hours, after: times[0]) == expected)
        }
        #expect(try calendar.deadline(workingDays: 3, after: times[0]) == times[4].adding(seconds: 1))
    }

    /// Written out by hand from the notices.
    private static let years = rows(
        """
        # rest days (first..last), then the days of a weekend that are worked
        2020  rest  01-01 01-24..02-02 04-04..04-06 05-01..05-05 06-25..06-27 10-01..10-08
        2020  work  01-19 04-26 05-09 06-28 09-27 10-10
        2021  rest  01-01..01-03 02-11..02-17 04-03..04-05 05-01..05-05 06-12..06-14 09-19..09-21 10-01..10-07
        2021  work  02-07 02-20 04-25 05-08 09-18 09-26 10-09
        2022  rest  01-01..01-03 01-31..02-06 04-03..04-05 04-30..05-04 06-03..06-05 09-10..09-12 10-01..10-07
        2022  work  01-29 01-30 04-02 04-24 05-07 10-08 10-09
        2023  rest  01-01..01-02 01-21..01-27 04-05 04-29..05-03 06-22..06-24 09-29..10-06
        2023  work  01-28 01-29 04-23 05-06 06-25 10-07 10-08
        2024  rest  01-01 02-10..02-17 04-04..04-06 05-01..05-05 06-10 09-15..09-17 10-01..10-07
        2024  work  02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12
        2025  rest  01-01 01-28..02-04 04-04..04-06 05-01..05-05 05-31..06-02 10-01..10-08
        2025  work  01-26 02-08 04-27 09-28 10-11
        2026  rest  01-01..01-03 02-15..02-23 04-04..04-06 05-01..05-05 06-19..06-21 09-25..09-27 10-01..10-07
        2026  work  01-04 02-14 02-28 05-09 09-20 10-10
        """
    )

    @Test(arguments: 2020...2026)
    func `every day of the year is as the notice says`(year: Int) throws {
        let rest = try ranges("rest", of: year)
        let work = try ranges("work", of: year)
        // What the next notice may change is left to the test of the last week.
        var day = try #require(CalendarDate(year: year, month: 1, day: 1))
        let end = try #require(CalendarDate(year: year, month: 12, day: 24))
        while day <= end {
            let isRest = rest.contains { $0.contains(day) }
            let isWorked = work.contains { $0.contains(day) }
            #expect(try calendar.isWorkingDay(day) == (isWorked || day.weekday <= 5 && !isRest), "\(day)")
            day = day.adding(days: 1)
        }
    }

    @Test func `a notice never rests on a day twice nor works a weekday that is worked anyway`() {
        for notice in calendar.notices {
            for day in notice.makeUpDays {
                #expect(day.weekday > 5, "\(day)")
                #expect(!notice.restDays.contains { $0.contains(day) }, "\(day)")
            }
            for rest in notice.restDays {
                #expect(rest.lowerBound.description <= rest.upperBound.description)
                #expect(rest.upperBound.year == notice.year)
            }
        }
    }

    @Test func `a year without a notice is refused by name`() throws {
        for text in ["2019-12-31", "2027-01-04", "2030-06-03"] {
            let day = try #require(CalendarDate(text))
            #expect(problem { _ = try calendar.isWorkingDay(day) } == "calendar_year_unknown")
        }
        let day = try #require(CalendarDate("2027-01-04"))
        do {
            _ = try calendar.isWorkingDay(day)
        } catch let failure as Failure {
            #expect(failure.detail.zh.contains("2027"))
            #expect(failure.detail.en.contains("2027"))
        }
    }

    @Test func `the last week of a year waits for the notice of the next`() throws {
        #expect(try calendar.isWorkingDay(#require(CalendarDate("2026-12-24"))))
        let day = try #require(CalendarDate("2026-12-25"))
        #expect(problem { _ = try calendar.isWorkingDay(day) } == "calendar_year_unknown")
        #expect(try calendar.isWorkingDay(#require(CalendarDate("2025-12-31"))))
        #expect(try !calendar.isWorkingDay(#require(CalendarDate("2022-12-31"))))
    }

    @Test func `a notice may rest and work in the December before`() throws {
        let december = try (29...31).map { try #require(CalendarDate("2018-12-\($0)")) }
        let calendar = WorkingCalendar(
            version: "test",
            notices: [
                .init(year: 2018, sources: [], restDays: [], makeUpDays: []),
                .init(year: 2019, sources: [], restDays: [december[1]...december[2]], makeUpDays: [december[0]]),
            ]
        )
        #expect(try december.map { try calendar.isWorkingDay($0) } == [true, false, false])
    }

    @Test func `the year's own notice holds in December where the next one says nothing`() throws {
        let friday = try #require(CalendarDate("2018-12-28"))
        let calendar = WorkingCalendar(
            version: "test",
            notices: [
                .init(year: 2018, sources: [], restDays: [friday...friday], makeUpDays: []),
                .init(year: 2019, sources: [], restDays: [], makeUpDays: []),
            ]
        )
        #expect(try !calendar.isWorkingDay(friday))
        #expect(try calendar.isWorkingDay(friday.adding(days: -1)))
    }

    @Test func `a deadline that reaches into an unknown year is refused`() throws {
        let receipt = try #require(Instant(rfc3339: "2026-12-23T10:00:00+08:00"))
        #expect(try calendar.deadline(workingDays: 1, after: receipt).rfc3339 == "2026-12-24T16:00:00.000Z")
        #expect(problem { _ = try calendar.deadline(workingDays: 2, after: receipt) } == "calendar_year_unknown")
        #expect(problem { _ = try calendar.deadline(workingDays: .max, after: receipt) } == "calendar_year_unknown")
    }

    @Test func `the day of receipt is the day in China`() throws {
        let beforeMidnight = try #require(Instant(rfc3339: "2026-11-23T15:59:59.999Z"))
        #expect(try calendar.deadline(workingDays: 1, after: beforeMidnight).rfc3339 == "2026-11-24T16:00:00.000Z")
        let midnight = beforeMidnight.adding(milliseconds: 1)
        #expect(try calendar.deadline(workingDays: 1, after: midnight).rfc3339 == "2026-11-25T16:00:00.000Z")
    }

    @Test func `no working days end with the day itself`() throws {
        let receipt = try #require(Instant(rfc3339: "2026-11-21T10:00:00+08:00"))
        #expect(try calendar.deadline(workingDays: 0, after: receipt).rfc3339 == "2026-11-21T16:00:00.000Z")
    }

    @Test func `calendars are told apart by their version`() {
        #expect(calendar.version == "cn-state-council-2020-2026")
        #expect(calendar != WorkingCalendar(version: "other", notices: calendar.notices))
    }

    private func ranges(_ kind: String, of year: Int) throws -> [ClosedRange<CalendarDate>] {
        let row = try #require(Self.years.first { $0[0] == "\(year)" && $0[1] == kind })
        return try row[2...].map { text in
            let days = try text.split(separator: ".").map { try #require(CalendarDate("\(year)-\($0)")) }
            return days[0]...days[days.count - 1]
        }
    }
}
