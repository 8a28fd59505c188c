import Core
import Jobs
import Logging
import Storage
import Support
import Testing

@testable import Accounts

@Suite struct BookCheckTests {
    private func worker(_ world: BookWorld) -> JobWorker {
        JobWorker(
            database: world.store.database,
            handlers: [BookCheck.handler(world.store.database)],
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
    }

    @Test(arguments: Engine.allCases)
    func `a book that adds up is counted again the next night`(engine: Engine) async throws {
        let world = try await BookWorld(engine)
        try await world.fund(1000)
        try await world.write { try Jobs.enqueue($0, BookCheck.kind, key: BookCheck.standing.key) }
        #expect(try await worker(world).drain() == [.again])
        let job = try await world.read { try Jobs.find($0, BookCheck.kind, key: BookCheck.standing.key) }
        // It is four in the afternoon in China.
        #expect(job?.dueAt == Instant(rfc3339: "2026-03-01T19:00:00Z"))
        world.store.clock.advance(seconds: 86_400)
        #expect(try await worker(world).drain() == [.again])
    }

    @Test(arguments: Engine.allCases)
    func `a book that does not add up leaves a dead job that says what`(engine: Engine) async throws {
        let world = try await BookWorld(engine)
        try await world.fund(1000)
        try await world.write { tx in
            try Jobs.enqueue(tx, BookCheck.kind, key: BookCheck.standing.key)
            try tx.execute("UPDATE book_account SET balance_fen = 1001 WHERE id = 'fund'")
        }
        #expect(try await worker(world).drain() == [.died])
        let dead = try await world.read { try Jobs.dead($0, limit: 10) }
        #expect(dead.map(\.fault) == ["fund is kept at 1001, not 1000"])
    }

    private static let nights = """
        2026-03-01T08:00:00Z | 2026-03-01T19:00:00Z
        2026-03-01T15:59:59Z | 2026-03-01T19:00:00Z
        2026-03-01T16:00:00Z | 2026-03-01T19:00:00Z
        2026-03-01T18:59:59Z | 2026-03-01T19:00:00Z
        2026-03-01T19:00:00Z | 2026-03-02T19:00:00Z
        2028-02-28T20:00:00Z | 2028-02-29T19:00:00Z
        """

    @Test(arguments: nights.split(separator: "\n"))
    func `the next night is the next three o'clock in China`(line: Substring) throws {
        let times = line.split(separator: " | ").map { Instant(rfc3339: String($0)) }
        #expect(BookCheck.next(after: try #require(times[0])) == times[1])
    }
}
