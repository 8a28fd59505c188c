import Core
import Storage
import Support
import Testing

@testable import Jobs

/// Clocks jump. Nothing is lost by it, and nothing is done twice.
@Suite struct JobClockTests {
    @Test(arguments: Engine.allCases)
    func `a hold that a wrong clock put far away keeps nobody waiting`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        try await world.enqueue("1")
        world.clock.advance(seconds: 26 * 3600)
        let wrong = try #require(try await world.worker().claim(limit: 1).first)
        world.clock.advance(seconds: -26 * 3600)
        let right = try #require(try await world.worker().claim(limit: 1).first)
        #expect(await world.worker().perform(wrong) == .lost)
        #expect(await world.worker().perform(right) == .done)
        #expect(try await world.deeds() == ["1"])
    }

    /// Instances' clocks are never quite the same; a live worker must not lose its job to one that is behind.
    @Test(arguments: Engine.allCases)
    func `a clock that is a little behind takes nothing from anybody`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        try await world.enqueue("1")
        let run = try #require(try await world.worker().claim(limit: 1).first)
        for seconds in [Int64(-1), -59] {
            world.clock.set(ManualClock.start.adding(seconds: seconds))
            #expect(try await world.worker().drain() == [])
        }
        #expect(await world.worker().perform(run) == .done)
        #expect(try await world.deeds() == ["1"])
    }

    @Test(arguments: Engine.allCases)
    func `a pause that a wrong clock put far away is over`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        try await world.enqueue("1")
        let failing = JobHandler(JobWorld.kind) { _, _ in throw Refused() }
        world.clock.advance(seconds: 50 * 3600)
        #expect(try await world.worker([failing]).drain() == [.retried])
        world.clock.advance(seconds: -50 * 3600)
        #expect(try await world.worker().drain() == [.done])
    }

    @Test(arguments: Engine.allCases)
    func `a clock that goes back does what is due when it is due, and nothing again`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        try await world.enqueue("early", inSeconds: 10)
        try await world.enqueue("late", inSeconds: 3600)
        world.clock.advance(seconds: 60)
        #expect(try await world.worker().drain() == [.done])
        world.clock.advance(seconds: -60)
        #expect(try await world.worker().drain() == [])
        world.clock.advance(seconds: 3600)
        #expect(try await world.worker().drain() == [.done])
        #expect(try await world.deeds() == ["early", "late"])
    }

    @Test(.timeLimit(.minutes(10)), arguments: Engine.allCases)
    func `whatever the clock does, each job is done once in the end`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        var random = SeededRandom(seed: 20_261_122)
        let flaky = JobHandler(JobWorld.kind, backoff: Backoff(attempts: 1000)) { tx, run in
            try JobWorld.note(tx, run)
            guard run.job.fence % 3 != 0 else { throw Refused() }
            return .done
        }
        let keys = (0..<30).map { "\(100 + $0)" }
        var held: [JobRun] = []
        for key in keys {
            try await world.enqueue(key, inSeconds: Int64.random(in: 0...7200, using: &random))
            world.clock.advance(seconds: Int64.random(in: -3600...4000, using: &random))
            let worker = world.worker([flaky], seed: random.next())
            // Some are taken and forgotten, others come back late with what they took.
            held += try await worker.claim(limit: 1)
            if Bool.random(using: &random) { try await worker.drain() }
            if let late = held.randomElement(using: &random) { await worker.perform(late) }
        }
        for _ in 0..<200 where try await world.deeds().count < keys.count {
            world.clock.advance(seconds: 1800)
            try await world.worker([flaky]).drain()
        }
        #expect(try await world.deeds() == keys)
    }

    // MARK: Telling a jump from time that went by

    /// Each line: how far the wall clock went, how far the other one, and what is made of it.
    private static let looks = """
        went   | passed | verdict
        0      | 0      | steady
        1      | 1      | steady
        30     | 1      | steady
        86400  | 86400  | steady
        3600   | 1      | jumped
        1      | 1      | held
        299    | 299    | steady
        1      | 1      | steady
        3600   | 1      | jumped
        100    | 100    | held
        -3599  | 1      | steady
        1      | 1      | steady
        -90000 | 1      | steady
        1      | 1      | steady
        3600   | 1      | jumped
        200    | 200    | held
        7200   | 1      | jumped
        200    | 200    | held
        100    | 100    | steady
        """

    @Test func `a clock that leaps ahead is believed when it stays there, or is set right again`() throws {
        var watch = ClockWatch()
        var wall = ManualClock.start
        var elapsed = Duration.zero
        for (number, line) in Self.looks.split(separator: "\n").dropFirst().enumerated() {
            let words = line.split(separator: "|").map { $0.trimming }
            wall = wall.adding(seconds: try #require(Int64(words[0])))
            elapsed += .seconds(try #require(Int64(words[1])))
            let verdict = watch.look(wall: wall, elapsed: elapsed)
            let word =
                switch verdict {
                case .steady: "steady"
                case .held: "held"
                case .jumped: "jumped"
                }
            #expect(word == words[2], "look \(number + 1)")
        }
    }

    @Test func `pauses grow and stay within their bounds`() {
        let backoff = Backoff(firstMilliseconds: 100, longestSeconds: 3600, attempts: 50)
        for attempt in 1...200 {
            let longest = backoff.pauseMilliseconds(after: Int64(attempt)) { $0.upperBound }
            let shortest = backoff.pauseMilliseconds(after: Int64(attempt)) { $0.lowerBound }
            #expect(longest == (attempt < 17 ? min(3_600_000, 100 << (attempt - 1)) : 3_600_000))
            #expect(shortest == longest - longest / 2)
        }
        #expect(Backoff(longestSeconds: .max).longestMilliseconds == Backoff.longestSeconds * 1000)
        #expect(Backoff(attempts: -1).attempts == 1)
    }
}

extension Substring {
    fileprivate var trimming: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
