import Core
import FoundationEssentials
import Support
import Testing

@Suite struct SupportTests {
    @Test func `a table without bars is cut at spaces`() {
        let table = TextTable(
            """
            from   to
            # a comment
            open   closed

            closed open
            """
        )
        #expect(table.columns == ["from", "to"])
        #expect(table.rows.map { [$0["from"], $0["to"]] } == [["open", "closed"], ["closed", "open"]])
    }

    @Test func `a table with bars keeps spaces and empty cells`() {
        let table = TextTable(
            """
            name     | note
            ---------|-------
            Li Lei   |
                     | no name
            """
        )
        #expect(table.rows.map { [$0["name"], $0["note"]] } == [["Li Lei", ""], ["", "no name"]])
    }

    @Test func `a manual clock moves when it is told to`() {
        let clock = ManualClock()
        #expect(clock.now() == ManualClock.start)
        #expect(clock.now() == ManualClock.start)
        clock.advance(seconds: 60)
        #expect(clock.now() == ManualClock.start.adding(seconds: 60))
        clock.set(Instant(microseconds: 5))
        #expect(clock.now() == Instant(microseconds: 5))
        #expect(ManualClock.start.rfc3339 == "2026-03-01T08:00:00.000Z")
    }

    /// The first numbers that the reference implementation gives for this seed.
    @Test func `seeded numbers are the ones of SplitMix64`() {
        var random = SeededRandom(seed: 1_234_567)
        let numbers = (0..<3).map { _ in random.next() }
        #expect(numbers == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    }

    @Test func `a temporary directory goes away with its owner`() throws {
        var directory: TemporaryDirectory? = try TemporaryDirectory()
        let path = try #require(directory).path
        #expect(FileManager.default.createFile(atPath: path + "/file", contents: nil))
        directory = nil
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}
