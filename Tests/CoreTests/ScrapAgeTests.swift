import Core
import Testing

@Suite struct ScrapAgeTests {
    @Test(
        arguments: rows(
            """
            # used   target  scrap age
            16/5     8       10
            5/2      8       9
            6/1      10      12
            10/1     15      15
            1/1      15      15
            0/1      8       8
            17/1     8       15
            400/1    8       15
            """
        )
    )
    func `a change of use converts the scrap age`(row: [String]) throws {
        let used = row[0].split(separator: "/").compactMap { Int64($0) }
        let years = try #require(UsedYears(used[0], over: used[1]))
        #expect(ScrapAge.converted(usedYears: years, targetYears: try #require(Int64(row[1]))) == Int64(row[2]))
    }

    @Test(arguments: [(0, 0), (1, 1), (12, 1), (13, 2), (30, 3), (72, 6)])
    func `a month begun is a year begun`(months: Int64, years: Int64) {
        #expect(UsedYears(months: months)?.begun == years)
    }

    @Test(
        arguments: rows(
            """
            2020-06-01  2020-06-01  0
            2020-06-01  2020-06-02  1
            2020-06-01  2021-05-31  1
            2020-06-01  2021-06-01  1
            2020-06-01  2021-06-02  2
            2020-12-31  2021-01-01  1
            2020-02-29  2021-02-28  1
            2020-02-29  2021-03-01  2
            """
        )
    )
    func `years between two days are counted from anniversary to anniversary`(row: [String]) throws {
        let start = try #require(CalendarDate(row[0]))
        let end = try #require(CalendarDate(row[1]))
        #expect(UsedYears(from: start, to: end)?.begun == Int64(row[2]))
    }

    @Test func `a time that runs backwards is no time of use`() throws {
        let day = try #require(CalendarDate("2020-06-01"))
        #expect(UsedYears(from: day, to: day.adding(days: -1)) == nil)
        #expect(UsedYears(months: -1) == nil)
        #expect(UsedYears(1, over: 0) == nil)
    }
}
