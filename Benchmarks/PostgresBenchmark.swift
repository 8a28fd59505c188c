import Core
import Foundation
import Storage
import StoragePostgres
import Support

/// Appends in process on a PostgreSQL of its own, with `fsync` on, the settings that it comes with and a synchronous
/// standby, as one is run that must not lose anything: one writer alone against plain inserts through the same driver,
/// and 64 writers against one.
struct PostgresBenchmark {
    let runs: Int

    private static let alone = AppendLoad(writers: 1, appendsPerWriter: 1500)
    private static let together = AppendLoad(writers: 64, appendsPerWriter: 300)

    func run(_ table: inout Table) async throws {
        let cluster: PostgresCluster
        do {
            cluster = try await PostgresCluster.start(isDurable: true, isFollowed: true)
        } catch {
            return FileHandle.standardError.write(Data("The part postgres is skipped: \(error)\n".utf8))
        }
        let standby = try await cluster.startStandby()
        defer { try? standby.abandon() }
        var (single, plain, row, grouped): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
        for _ in 0..<runs {
            let (database, other) = (try await open(cluster), try await open(cluster))
            let (rate, stored) = try await Self.alone.run(on: database)
            single.append(rate)
            plain.append(try await AppendLoad.insert(stored, batch: 1, into: other))
            row.append(try await insertRows(of: stored, into: other))
            grouped.append(try await Self.together.run(on: database).rate)
            try await database.close()
            try await other.close()
        }
        let figure = "R20 PostgreSQL, one append a transaction, one writer, against"
        add(figure + " a plain insert of its rows", single, plain, "0.70", to: &table)
        add(figure + " one row of as many bytes", single, row, "–", to: &table)
        add("R20 PostgreSQL, appends of 64 writers, against those of one", grouped, single, "5", to: &table)
    }

    private func add(_ figure: String, _ ours: [Double], _ other: [Double], _ floor: String, to table: inout Table) {
        table.add(
            figure,
            rounded(ours.median, 0) + "/s",
            rounded(other.median, 0) + "/s",
            rounded(ours.median / other.median),
            floor
        )
    }

    private func open(_ cluster: PostgresCluster) async throws -> PostgresDatabase {
        let url = try await cluster.makeDatabase()
        try await cluster.query("CREATE TABLE plain (id BIGINT PRIMARY KEY, data BYTEA NOT NULL)", url: url)
        guard let location = PostgresLocation(url: url) else { throw Broken(what: "no address") }
        return try await PostgresDatabase.open(location)
    }

    /// One row for each append, with the bytes of all its rows.
    private func insertRows(of stored: [AppendLoad.Stored], into database: any Database) async throws -> Double {
        let clock = ContinuousClock()
        let data = stored.map { [UInt8](repeating: 0x5A, count: $0.byteCount) }
        let duration = try await clock.measure {
            for (id, data) in data.enumerated() {
                _ = try await database.write { tx in
                    try tx.execute("INSERT INTO plain (id, data) VALUES (\(id), \(data))")
                }
            }
        }
        return Double(data.count) / duration.seconds
    }
}
