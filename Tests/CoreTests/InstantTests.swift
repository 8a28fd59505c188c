import Core
import Testing

@Suite struct InstantTests {
    @Test(
        arguments: rows(
            """
            # text                             kept
            1970-01-01T00:00:00Z               1970-01-01T00:00:00.000Z
            2026-03-01T08:00:00.000Z           2026-03-01T08:00:00.000Z
            2026-03-01t08:00:00z               2026-03-01T08:00:00.000Z
            2026-03-01T08:00:00+08:00          2026-03-01T00:00:00.000Z
            2026-03-01T00:30:00+08:00          2026-02-28T16:30:00.000Z
            2024-02-29T23:59:59.999-00:30      2024-03-01T00:29:59.999Z
            2026-03-01T08:00:00-00:00          2026-03-01T08:00:00.000Z
            2026-03-01T08:00:00+23:59          2026-02-28T08:01:00.000Z
            2026-03-01T08:00:00.1Z             2026-03-01T08:00:00.100Z
            2026-03-01T08:00:00.123999Z        2026-03-01T08:00:00.123Z
            2026-03-01T08:00:00.9999999999Z    2026-03-01T08:00:00.999Z
            1969-12-31T23:59:59.999Z           1969-12-31T23:59:59.999Z
            0000-01-01T00:00:00Z               0000-01-01T00:00:00.000Z
            9999-12-31T23:59:59.999Z           9999-12-31T23:59:59.999Z
            2016-12-31T23:59:60Z               2016-12-31T23:59:59.999Z   # a leap second
            2016-12-31T23:59:60.5Z             2016-12-31T23:59:59.999Z
            2017-01-01T07:59:60+08:00          2016-12-31T23:59:59.999Z
            2015-06-30T16:59:60-07:00          2015-06-30T23:59:59.999Z
            """
        )
    )
    func `RFC 3339 is read and written in UTC with milliseconds`(row: [String]) throws {
        #expect(try #require(Instant(rfc3339: row[0])).rfc3339 == row[1])
    }

    @Test(arguments: [
        "", "2026-03-01", "2026-03-01T08:00:00", "2026-03-01 08:00:00Z", "2026-03-01T08:00Z", "2026-3-1T08:00:00Z",
        "2026-03-01T24:00:00Z", "2026-03-01T08:60:00Z", "2026-03-01T08:00:61Z", "2026-02-29T08:00:00Z",
        "2026-13-01T08:00:00Z", "2026-00-01T08:00:00Z", "2026-04-31T08:00:00Z", "2026-04-00T08:00:00Z",
        "2026-03-01T08:00:00.Z", "2026-03-01T08:00:00,5Z", "2026-03-01T08:00:00+0800", "2026-03-01T08:00:00+8:00",
        "2026-03-01T08:00:00+24:00", "2026-03-01T08:00:00+08:60", "2026-03-01T08:00:00ZZ", " 2026-03-01T08:00:00Z",
        "2026-03-01T08:00:00Z\n", "+2026-03-01T08:00:00Z", "-026-03-01T08:00:00Z", "12026-03-01T08:00:00Z",
        "２０２６-03-01T08:00:00Z", "2026-03-01T08:00:00 Z", "2026-W09-7T08:00:00Z",
    ])
    func `anything else is refused`(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test(arguments: [
        "2026-03-01T12:34:60Z", "2016-12-30T23:59:60Z", "2016-12-31T23:59:60+08:00", "2016-12-31T23:58:60Z",
    ])
    func `a sixtieth second is refused where no leap second can be`(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test(arguments: ["0000-01-01T00:00:00+08:00", "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"])
    func `a year that is not 0000 to 9999 in UTC is refused`(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test func `every millisecond of ten thousand years survives writing and reading`() throws {
        var random = SeededRandom(seed: 3339)
        let first = try #require(Instant(rfc3339: "0000-01-01T00:00:00Z")).milliseconds
        let last = try #require(Instant(rfc3339: "9999-12-31T23:59:59.999Z")).milliseconds
        var earlier = Instant(milliseconds: first)
        for milliseconds in (0..<5_000).map({ _ in Int64.random(in: first...last, using: &random) }).sorted() {
            let instant = Instant(milliseconds: milliseconds)
            #expect(Instant(rfc3339: instant.rfc3339) == instant)
            #expect(earlier.rfc3339 <= instant.rfc3339)
            earlier = instant
        }
    }

    @Test func `microseconds below zero are rounded down`() {
        #expect(Instant(microseconds: -1).milliseconds == -1)
        #expect(Instant(microseconds: -1).rfc3339 == "1969-12-31T23:59:59.999Z")
        #expect(Instant(microseconds: -1).truncatedToMilliseconds == Instant(microseconds: -1000))
        #expect(Instant(microseconds: 1999).truncatedToMilliseconds == Instant(microseconds: 1000))
    }

    @Test func `an instant outside the years of four digits is written as the nearest inside`() throws {
        let last = try #require(Instant(rfc3339: "9999-12-31T23:59:59.999Z"))
        #expect(last.adding(milliseconds: 1).rfc3339.hasPrefix("9999-12-31T"))
        let first = try #require(Instant(rfc3339: "0000-01-01T00:00:00Z"))
        #expect(first.adding(milliseconds: -1).rfc3339.hasPrefix("0000-01-01T"))
        #expect(Instant(microseconds: .min).rfc3339.count == 24)
        #expect(Instant(microseconds: .max).rfc3339.count == 24)
    }

    @Test func `seconds between two instants are rounded down`() {
        let instant = Instant(milliseconds: 10_500)
        #expect(instant.seconds(since: Instant(milliseconds: 0)) == 10)
        #expect(Instant(milliseconds: 0).seconds(since: instant) == -11)
        #expect(instant.adding(seconds: -10) == Instant(milliseconds: 500))
        #expect(instant.adding(milliseconds: -10_501) == Instant(milliseconds: -1))
    }

    @Test(
        arguments: rows(
            """
            2026-11-20T15:59:59.999Z  2026-11-20
            2026-11-20T16:00:00Z      2026-11-21
            1969-12-31T15:59:59Z      1969-12-31
            1969-12-31T16:00:00Z      1970-01-01
            """
        )
    )
    func `the date in China changes at sixteen hours UTC`(row: [String]) throws {
        let instant = try #require(Instant(rfc3339: row[0]))
        #expect(instant.dateInChina.description == row[1])
        #expect(instant.dateInChina.startInChina <= instant)
        #expect(instant.dateInChina.adding(days: 1).startInChina > instant)
    }

    @Test func `the machine's clock runs forward`() {
        let clock = SystemClock()
        let first = clock.now()
        #expect(clock.now() >= first)
        #expect(first.dateInChina.year >= 2026)
    }
}
