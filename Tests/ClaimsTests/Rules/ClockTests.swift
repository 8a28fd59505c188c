import Claims
import Core
import Support
import Testing

/// Deadlines over the calendars that the State Council has published; all times are China's.
struct ClockTests {
    /// The law's ceiling is 24:00 of the fifteenth day after; a solution is 24:00 of the third working day after.
    static let table = TextTable(
        """
        case                           | start            | clock              | half        | fourfifths  | due
        an ordinary Monday             | 2026-03-02 09:00 | response           | 03-02 21:00 | 03-03 04:12 | 03-03 09:00
        an ordinary Monday             | 2026-03-02 09:00 | solution           | 03-04 12:00 | 03-05 09:36 | 03-06 00:00
        an ordinary Monday             | 2026-03-02 09:00 | urgent             | 03-02 09:15 | 03-02 09:24 | 03-02 09:30
        an ordinary Monday             | 2026-03-02 09:00 | complaint_callback | 03-02 09:30 | 03-02 09:48 | 03-02 10:00
        an ordinary Monday             | 2026-03-02 09:00 | complaint_fix      | 03-02 21:00 | 03-03 04:12 | 03-03 09:00
        an ordinary Monday             | 2026-03-02 09:00 | after_sales        | 03-02 10:00 | 03-02 10:36 | 03-02 11:00
        an ordinary Monday             | 2026-03-02 09:00 | result_notice      | 03-03 09:00 | 03-03 23:24 | 03-04 09:00
        an ordinary Monday             | 2026-03-02 09:00 | dealer_reply       | 03-03 09:00 | 03-03 23:24 | 03-04 09:00
        fifteen days in a row          | 2026-03-02 00:00 | legal_ceiling      | 03-10 00:00 | 03-14 19:12 | 03-18 00:00
        the ceiling over a holiday     | 2026-02-13 12:00 | legal_ceiling      | 02-21 06:00 | 02-25 21:36 | 03-01 00:00
        hours run through a holiday    | 2026-09-30 18:00 | response           | 10-01 06:00 | 10-01 13:12 | 10-01 18:00
        over a weekend                 | 2026-11-20 16:30 | solution           | 11-24 12:00 | 11-25 09:36 | 11-26 00:00
        at midnight a day begins       | 2026-03-03 00:00 | solution           | 03-05 12:00 | 03-06 09:36 | 03-07 00:00
        a second before it             | 2026-03-02 23:59 | solution           | 03-04 12:00 | 03-05 09:36 | 03-06 00:00
        New Year 2023                  | 2022-12-28 10:00 | solution           | 12-30 12:00 | 01-03 09:36 | 01-04 00:00
        Spring Festival 2023           | 2023-01-20 10:00 | solution           | 01-29 12:00 | 01-30 09:36 | 01-31 00:00
        Labour Day 2023                | 2023-04-28 10:00 | solution           | 05-05 12:00 | 05-06 09:36 | 05-07 00:00
        National Day 2023              | 2023-09-28 10:00 | solution           | 10-08 12:00 | 10-09 09:36 | 10-10 00:00
        Spring Festival 2024           | 2024-02-09 10:00 | solution           | 02-19 12:00 | 02-20 09:36 | 02-21 00:00
        a leap day                     | 2024-02-28 10:00 | solution           | 03-01 12:00 | 03-04 09:36 | 03-05 00:00
        hours over a leap day          | 2024-02-28 23:30 | response           | 02-29 11:30 | 02-29 18:42 | 02-29 23:30
        Labour Day 2024                | 2024-04-26 10:00 | solution           | 04-29 12:00 | 04-30 09:36 | 05-01 00:00
        National Day 2024              | 2024-09-30 10:00 | solution           | 10-09 12:00 | 10-10 09:36 | 10-11 00:00
        over the make-up Saturday 2024 | 2024-10-10 10:00 | solution           | 10-12 12:00 | 10-14 09:36 | 10-15 00:00
        Spring Festival 2025           | 2025-01-25 10:00 | solution           | 01-27 12:00 | 02-05 09:36 | 02-06 00:00
        over the make-up Saturday 2025 | 2025-02-06 10:00 | solution           | 02-08 12:00 | 02-10 09:36 | 02-11 00:00
        Dragon Boat 2025               | 2025-05-30 10:00 | solution           | 06-04 12:00 | 06-05 09:36 | 06-06 00:00
        National Day 2025              | 2025-09-30 10:00 | solution           | 10-10 12:00 | 10-11 09:36 | 10-12 00:00
        New Year 2026                  | 2025-12-31 10:00 | solution           | 01-05 12:00 | 01-06 09:36 | 01-07 00:00
        Spring Festival 2026           | 2026-02-13 09:00 | solution           | 02-24 12:00 | 02-25 09:36 | 02-26 00:00
        Labour Day 2026                | 2026-05-07 23:59 | solution           | 05-09 12:00 | 05-11 09:36 | 05-12 00:00
        National Day 2026              | 2026-09-30 18:00 | solution           | 10-09 12:00 | 10-10 09:36 | 10-11 00:00
        filed on a holiday             | 2026-10-03 03:00 | solution           | 10-09 12:00 | 10-10 09:36 | 10-11 00:00
        """
    )

    @Test(arguments: table.rows) func `a clock is due when the calendar says`(_ row: TextTable.Row) throws {
        let start = china(row["start"])
        let kind = try #require(ClockKind(rawValue: row["clock"]))
        let reading = try #require(ClockPolicies.shipped.read(ClockRun(kind, startedAt: start), at: start))
        #expect(reading.dueAt?.short == row["due"])
        #expect(reading.marks.map(\.percent) == [50, 80, 100])
        #expect(reading.marks.map(\.at.short) == [row["half"], row["fourfifths"], row["due"]])
        if kind == .solution {
            #expect(reading.dueAt == (try WorkingCalendar.stateCouncil.deadline(workingDays: 3, after: start)))
        }
    }

    @Test func `a year without a calendar is flagged and never guessed`() throws {
        for (start, year) in [("2026-12-29 10:00", 2027), ("2027-03-01 10:00", 2027), ("2019-03-01 10:00", 2019)] {
            let run = ClockRun(.solution, startedAt: china(start))
            let reading = try #require(ClockPolicies.shipped.read(run, at: china(start)))
            #expect(reading.due == .calendarUnknown(year: year))
            #expect(reading.marks.isEmpty && reading.dueAt == nil)
            #expect(reading.secondsLeft(at: china(start)) == nil && !reading.isBreached(at: china(start)))
        }
        let run = ClockRun(.response, startedAt: china("2027-03-01 10:00"))
        #expect(ClockPolicies.shipped.read(run, at: run.startedAt)?.dueAt == china("2027-03-02 10:00"))
    }

    @Test func `the moment itself is in time`() throws {
        let run = ClockRun(.response, startedAt: china("2026-03-02 09:00"))
        func reading(_ now: String) throws -> ClockReading {
            try #require(ClockPolicies.shipped.read(run, at: china(now)))
        }
        let due = china("2026-03-03 09:00")
        #expect(try !reading("2026-03-03 09:00").isBreached(at: due))
        #expect(try reading("2026-03-03 09:00").marks.map(\.isReached) == [true, true, false])
        #expect(try reading("2026-03-03 09:00:01").marks.map(\.isReached) == [true, true, true])
        #expect(try reading("2026-03-02 20:59:59").marks.map(\.isReached) == [false, false, false])
        #expect(try reading("2026-03-02 21:00").marks.map(\.isReached) == [true, false, false])
        #expect(try reading("2026-03-02 21:00").secondsLeft(at: china("2026-03-02 21:00")) == 12 * 3600)
        #expect(try reading("2026-03-04 09:00").secondsLeft(at: china("2026-03-04 09:00")) == -24 * 3600)
    }

    @Test func `what was met in time stays so`() throws {
        let start = china("2026-03-02 09:00")
        for (stop, isBreached, reached) in [("2026-03-02 10:00", false, 0), ("2026-03-04 10:00", true, 3)] {
            let run = ClockRun(.response, startedAt: start, stoppedAt: china(stop))
            let now = china("2026-04-01 00:00")
            let reading = try #require(ClockPolicies.shipped.read(run, at: now))
            #expect(reading.isBreached(at: now) == isBreached)
            #expect(reading.marks.count(where: \.isReached) == reached)
        }
    }

    // MARK: Pauses

    static let pauses = TextTable(
        """
        case                     | start            | reason    | from        | to          | counted | due
        half a working day       | 2026-03-02 09:00 | buyer     | 03-04 08:00 | 03-04 20:00 | 43200   | 03-06 12:00
        before the clock counts  | 2026-03-02 09:00 | buyer     | 03-02 10:00 | 03-02 20:00 | -       | 03-06 00:00
        a weekend is not paused  | 2026-03-05 09:00 | appraisal | 03-07 00:00 | 03-09 00:00 | 0       | 03-11 00:00
        over a weekend           | 2026-03-05 09:00 | appraisal | 03-06 12:00 | 03-09 12:00 | 86400   | 03-12 00:00
        into the ceiling         | 2026-03-02 09:00 | appraisal | 03-03 00:00 | 03-25 00:00 | 432000  | 03-13 00:00
        over Spring Festival     | 2026-02-13 09:00 | buyer     | 02-14 12:00 | 02-24 12:00 | 86400   | 02-27 00:00
        the dealer stops nothing | 2026-03-02 09:00 | dealer    | 03-03 08:00 | 03-05 20:00 | -       | 03-06 00:00
        """
    )

    @Test(arguments: pauses.rows) func `a pause moves the solution by what it took`(_ row: TextTable.Row) throws {
        let reason = try #require(Question.WaitedFor(rawValue: row["reason"]))
        let pause = ClockRun.Pause(reason: reason, from: china("2026-" + row["from"]), to: china("2026-" + row["to"]))
        let run = ClockRun(.solution, startedAt: china(row["start"]), pauses: [pause])
        let reading = try #require(ClockPolicies.shipped.read(run, at: china("2026-" + row["to"])))
        #expect(reading.dueAt?.short == row["due"])
        #expect(reading.pausedFor.map { "\($0.countedSeconds)" } == (row["counted"] == "-" ? [] : [row["counted"]]))
        #expect(!reading.isPaused)
    }

    @Test func `a pause that nobody ends is over after five working days`() throws {
        let start = china("2026-03-02 09:00")
        let pause = ClockRun.Pause(reason: .buyer, from: china("2026-03-03 00:00"), to: nil)
        let run = ClockRun(.solution, startedAt: start, pauses: [pause])
        // Even when it is read in a year that has no calendar.
        for (now, due) in [
            ("2026-03-03 12:00", "2026-03-06 12:00:00"), ("2026-03-09 00:00", "2026-03-12 00:00:00"),
            ("2026-06-01 00:00", "2026-03-13 00:00:00"), ("2028-06-01 00:00", "2026-03-13 00:00:00"),
        ] {
            let reading = try #require(ClockPolicies.shipped.read(run, at: china(now)))
            #expect(reading.dueAt?.inChina == due, "\(now)")
            #expect(reading.isPaused)
        }
    }

    @Test func `pauses that overlap count once, and together no more than the cap`() throws {
        let start = china("2026-03-02 09:00")
        func due(_ spans: [(String, String)]) -> String? {
            let pauses = spans.map { ClockRun.Pause(reason: .buyer, from: china($0.0), to: china($0.1)) }
            let run = ClockRun(.solution, startedAt: start, pauses: pauses)
            return ClockPolicies.shipped.read(run, at: china("2026-04-01 00:00"))?.dueAt?.inChina
        }
        #expect(
            due([("2026-03-03 00:00", "2026-03-04 00:00"), ("2026-03-03 12:00", "2026-03-04 12:00")])
                == "2026-03-09 12:00:00"
        )
        #expect(
            due([("2026-03-03 00:00", "2026-03-06 00:00"), ("2026-03-09 00:00", "2026-03-13 00:00")])
                == "2026-03-13 00:00:00"
        )
    }

    @Test func `only the solution can be paused, and nothing stops the law's ceiling`() throws {
        let start = china("2026-03-02 09:00")
        let pause = ClockRun.Pause(reason: .buyer, from: start, to: china("2026-03-10 00:00"))
        for kind in ClockKind.allCases where kind != .solution {
            let paused = ClockRun(kind, startedAt: start, pauses: [pause])
            let plain = ClockRun(kind, startedAt: start)
            let now = china("2026-03-12 00:00")
            #expect(ClockPolicies.shipped.read(paused, at: now)?.due == ClockPolicies.shipped.read(plain, at: now)?.due)
            #expect(ClockPolicies.shipped.read(paused, at: now)?.pausedFor.isEmpty == true)
        }
    }

    @Test func `no clock outlasts the ceiling`() throws {
        let run = ClockRun(.solution, startedAt: china("2026-09-29 10:00"))
        let ceiling = china("2026-10-05 00:00")
        let reading = try #require(ClockPolicies.shipped.read(run, at: run.startedAt, ceiling: ceiling))
        #expect(reading.dueAt == ceiling)
        #expect(reading.marks.last?.at == ceiling)
    }

    @Test(arguments: UInt64(1)...6)
    func `marks are in order and a pause never brings a deadline forward`(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<60 {
            let start = china("2023-01-05 00:00").adding(seconds: .random(in: 0...110_000_000, using: &random))
            let from = start.adding(seconds: .random(in: 0...400_000, using: &random))
            let to = from.adding(seconds: .random(in: 0...900_000, using: &random))
            let pause = ClockRun.Pause(reason: .buyer, from: from, to: to)
            let plain = ClockPolicies.shipped.read(ClockRun(.solution, startedAt: start), at: to)!
            let paused = ClockPolicies.shipped.read(ClockRun(.solution, startedAt: start, pauses: [pause]), at: to)!
            guard let due = plain.dueAt, let later = paused.dueAt else { continue }
            #expect(later >= due)
            #expect(paused.marks.map(\.at) == paused.marks.map(\.at).sorted())
            #expect(due == (try WorkingCalendar.stateCouncil.deadline(workingDays: 3, after: start)))
            let counted = paused.pausedFor.reduce(0) { $0 + $1.countedSeconds }
            #expect(counted <= 5 * 86_400)
        }
    }

    @Test func `editions hold from their day on`() {
        let first = ClockPolicies(version: "a", effectiveFrom: day("2026-01-01"), [])
        let second = ClockPolicies(version: "b", effectiveFrom: day("2026-07-01"), [])
        let editions = [second, first].map { (from: $0.effectiveFrom, edition: $0) }
        let schedule = Schedule(editions)
        #expect(schedule.edition(on: day("2025-12-31")) == nil)
        #expect(schedule.edition(on: day("2026-06-30"))?.version == "a")
        #expect(schedule.edition(on: day("2026-07-01"))?.version == "b")
        #expect(ClockPolicies.shipped.effectiveFrom == day("2026-01-01"))
        #expect(ClockKind.allCases.allSatisfy { ClockPolicies.shipped[$0] != nil })
    }
}
