import Core
import Testing

@Suite struct CalendarDateTests {
    @Test(
        arguments: rows(
            """
            # date      days since the epoch  weekday
            1970-01-01  0                     4
            1969-12-31  -1                    3
            2000-02-29  11016                 2
            2026-11-21  20778                 6
            0000-01-01  -719528               6
            0000-02-29  -719469               2
            9999-12-31  2932896               5
            """
        )
    )
    func `a date has its day number and weekday`(row: [String]) throws {
        let date = try #require(CalendarDate(row[0]))
        #expect(date.daysSinceEpoch == Int(row[1]))
        #expect(date.weekday == Int(row[2]))
        #expect(date.description == row[0])
        #expect(CalendarDate(daysSinceEpoch: date.daysSinceEpoch) == date)
    }

    @Test(arguments: [
        "", "2026", "2026-1-01", "2026-01-1", "2026-02-29", "1900-02-29", "2026-00-10", "2026-13-10", "2026-04-31",
        "2026-01-00", "2026-01-32", "20260101", "2026/01/01", "2026-01-01T", " 2026-01-01", "2026-01-01 ", "-026-01-01",
        "12026-01-01", "２０２６-01-01", "2026-01-0１",
    ])
    func `what is no date is refused`(text: String) {
        #expect(CalendarDate(text) == nil)
    }

    @Test(arguments: [(2024, true), (2026, false), (2000, true), (1900, false), (2100, false), (0, true)])
    func `leap years have a 29 February`(year: Int, isLeap: Bool) {
        #expect((CalendarDate(year: year, month: 2, day: 29) != nil) == isLeap)
        #expect(CalendarDate.daysIn(month: 2, year: year) == (isLeap ? 29 : 28))
    }

    @Test func `ten thousand years of days follow each other`() throws {
        var date = try #require(CalendarDate("0000-01-01"))
        var expected = (year: 0, month: 1, day: 1)
        var weekday = date.weekday
        while expected.year < 10_000 {
            let components = date.components
            guard components == expected, date.weekday == weekday,
                CalendarDate(year: expected.year, month: expected.month, day: expected.day) == date
            else {
                Issue.record("\(components) instead of \(expected)")
                return
            }
            date = date.adding(days: 1)
            weekday = weekday % 7 + 1
            expected.day += 1
            if expected.day > CalendarDate.daysIn(month: expected.month, year: expected.year) {
                expected = expected.month == 12 ? (expected.year + 1, 1, 1) : (expected.year, expected.month + 1, 1)
            }
        }
    }

    @Test(
        arguments: rows(
            """
            2026-01-31  1    2026-02-28
            2024-01-31  1    2024-02-29
            2024-02-29  12   2025-02-28
            2024-02-29  48   2028-02-29
            2026-11-21  0    2026-11-21
            2026-12-31  1    2027-01-31
            2026-01-15  -1   2025-12-15
            2026-03-31  -1   2026-02-28
            2026-01-15  -13  2024-12-15
            """
        )
    )
    func `months are added to the same day or the last of a shorter month`(row: [String]) throws {
        let date = try #require(CalendarDate(row[0]))
        #expect(date.adding(months: try #require(Int(row[1]))).description == row[2])
    }

    @Test func `arithmetic goes beyond the years of four digits, texts do not`() throws {
        let last = try #require(CalendarDate("9999-12-31"))
        #expect(last.adding(months: 1).daysSinceEpoch == last.daysSinceEpoch + 31)
        #expect(last.adding(days: 1).description == "9999-12-31")
        let first = try #require(CalendarDate("0000-01-01"))
        #expect(first.adding(months: -1).daysSinceEpoch == first.daysSinceEpoch - 31)
        #expect(first.adding(days: -1).description == "0000-01-01")
        #expect(CalendarDate(year: 10_000, month: 1, day: 1) == nil)
        #expect(CalendarDate(year: -1, month: 1, day: 1) == nil)
    }
}
