import Core
import Storage
import StoragePostgres
import Support
import Testing

/// A primary and its synchronous standby.
@Suite struct PostgresStandbyTests {
    @Test(.timeLimit(.minutes(10)))
    func `nothing acknowledged is lost when the primary goes and its standby takes over`() async throws {
        let primary = try await PostgresCluster.start(isFollowed: true)
        let url = try await primary.makeDatabase()
        try await primary.query("CREATE TABLE note (id BIGINT PRIMARY KEY, body TEXT, data BYTEA)", url: url)
        let standby = try await primary.startStandby()
        let name = url.split(separator: "/").last ?? ""
        // A server that may only be read is refused at the start, with what to do about it.
        let alone = try #require(PostgresLocation(url: standby.url(String(name))))
        let refusal = await #expect(throws: PostgresOpenError.self) {
            try await PostgresDatabase.open(alone, limits: .one).close()
        }
        #expect(refusal.map { "\($0)" }?.contains("standby") == true)
        #expect(refusal.map { "\($0)" }?.contains("target_session_attrs=read-write") == true)
        // The standby is named first: it is passed over as long as it is one.
        let hosts = "\(standby.host):\(standby.port),\(primary.host):\(primary.port)"
        let both = "postgres://\(PostgresCluster.user)@\(hosts)/\(name)?target_session_attrs=read-write"
        let database = try await PostgresDatabase.open(try #require(PostgresLocation(url: both)))
        let acknowledged = try await withThrowingTaskGroup(of: [Int].self) { group in
            for writer in 0..<4 {
                group.addTask { await Self.write(as: writer, to: database) }
            }
            group.addTask {
                try await Task.sleep(for: .milliseconds(200))
                try primary.abandon()
                try await standby.promote()
                return []
            }
            return try await group.reduce([], +)
        }
        let ids = try await database.ids().map(Int.init)
        #expect(Set(acknowledged).isSubset(of: ids))
        #expect(acknowledged.count { $0 % 1000 >= Self.writesEach } == 0)
        #expect(acknowledged.count == 4 * Self.writesEach)
        // A repeat found its first attempt, or wrote: nothing is there twice, by the key of the table.
        #expect(ids.count == acknowledged.count)
        try await database.close()
        try standby.abandon()
    }

    private static let writesEach = 200

    /// Each until it is acknowledged.
    private static func write(as writer: Int, to database: PostgresDatabase) async -> [Int] {
        var acknowledged: [Int] = []
        for step in 0..<writesEach {
            let id = writer * 1000 + step
            while true {
                do {
                    try await database.write { try $0.add(id) }
                } catch is UniqueViolation {
                    // An attempt whose outcome was unknown had happened.
                } catch {
                    try? await Task.sleep(for: .milliseconds(20))
                    continue
                }
                acknowledged.append(id)
                break
            }
        }
        return acknowledged
    }
}
