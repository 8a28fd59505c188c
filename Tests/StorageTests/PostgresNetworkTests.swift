import Core
import Storage
import StoragePostgres
import Support
import Synchronization
import Testing

/// Connections cut and reset every few seconds while many write.
///
/// The oracle: what was acknowledged is there exactly once, what was not is there once or not at all.
@Suite(
    .enabled(if: CutNetwork.isWanted, "takes half a minute: Deploy/test --long runs it"),
    .enabled(if: CutNetwork.isPossible, "needs root, ip and nft: apt-get install iproute2 nftables")
)
struct CutNetworkTests {
    private static let writers = 8

    @Test(.timeLimit(.minutes(10)))
    func `nothing is lost or doubled while the network comes and goes, and work goes on when it is back`() async throws
    {
        let network = try await CutNetwork.make()
        let cluster = try await PostgresCluster.start(addresses: network.serverAddress, network: network.name)
        let url = try await cluster.makeDatabase()
        // No key: what happens twice is there twice.
        try await cluster.query("CREATE TABLE effect (id BIGINT NOT NULL)", url: url)
        let database = try await PostgresDatabase.open(try #require(PostgresLocation(url: url)))
        let load = Load(database)
        let running = Task { await load.run(writers: Self.writers) }
        for round in 0..<6 {
            try await Task.sleep(for: .milliseconds(Int.random(in: 500...1500)))
            let cut: CutNetwork.Cut = round.isMultiple(of: 2) ? .silence : .reset
            try await network.cut(cut)
            try await Task.sleep(for: .milliseconds(Int.random(in: 1000...3000)))
            try await network.heal()
            let recovery = try await load.nextAcknowledgement(within: .seconds(10))
            print("after \(cut): the first acknowledged write \(recovery) after the network was back")
            #expect(recovery <= .seconds(10))
        }
        load.stop()
        await running.value
        try await database.close()
        let stored = try await cluster.query("SELECT id FROM effect", url: url).split(separator: "\n").compactMap {
            Int($0)
        }
        let (acknowledged, tried) = load.tally
        #expect(Set(stored).count == stored.count, "doubled")
        #expect(acknowledged.subtracting(stored).isEmpty, "lost")
        #expect(Set(stored).isSubset(of: tried))
        #expect(acknowledged.count > 100)
        try cluster.abandon()
        try await network.end()
    }
}

/// Writers that go on whatever happens to their writes.
private final class Load: Sendable {
    private struct State {
        var tried: Set<Int> = []
        var acknowledged: Set<Int> = []
        var isOver = false
    }

    private let database: PostgresDatabase
    private let state = Mutex(State())

    init(_ database: PostgresDatabase) {
        self.database = database
    }

    var tally: (acknowledged: Set<Int>, tried: Set<Int>) { state.withLock { ($0.acknowledged, $0.tried) } }

    func stop() {
        state.withLock { $0.isOver = true }
    }

    func run(writers: Int) async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<writers {
                group.addTask { while let id = self.next() { await self.write(id) } }
            }
        }
    }

    private func next() -> Int? {
        state.withLock { state in
            guard !state.isOver else { return nil }
            let id = state.tried.count
            state.tried.insert(id)
            return id
        }
    }

    private func write(_ id: Int) async {
        do {
            try await database.write { tx in
                _ = try tx.first("SELECT MAX(id) FROM effect WHERE id = \(id)")
                try tx.execute(later: ["INSERT INTO effect (id) VALUES (\(id))"])
            }
            _ = state.withLock { $0.acknowledged.insert(id) }
        } catch let failure as Failure where failure.type == .storeLost || failure.type == .storeBusy {
            try? await Task.sleep(for: .milliseconds(20))
        } catch {
            Issue.record(error)
        }
    }

    /// - Returns: how long it took until one more write was acknowledged.
    func nextAcknowledgement(within limit: Duration) async throws -> Duration {
        let start = ContinuousClock.now
        let count = tally.acknowledged.count
        while state.withLock({ $0.acknowledged.count }) == count, .now - start < limit {
            try await Task.sleep(for: .milliseconds(5))
        }
        return .now - start
    }
}
