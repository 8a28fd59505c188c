import Core
import Cryptography
import Foundation
import History
import Identity
import Storage
import StoragePostgres
import Support
import Web

/// Appends in process on a PostgreSQL of its own, with `fsync` on and the settings that it comes with: one writer alone
/// against plain inserts of as many bytes through the same driver, and 64 writers against one.
struct PostgresBenchmark {
    let runs: Int

    private static let writers = 64
    private static let alone = 1500
    private static let appendsPerWriter = 100
    private static let cars = 5000

    func run(_ table: inout Table) async throws {
        let cluster: PostgresCluster
        do {
            cluster = try await PostgresCluster.start(isDurable: true)
        } catch {
            return FileHandle.standardError.write(Data("The part postgres is skipped: \(error)\n".utf8))
        }
        var (single, plain, grouped): ([Double], [Double], [Double]) = ([], [], [])
        for _ in 0..<runs {
            let database = try await open(cluster)
            let (rate, byteCount) = try await append(database, writers: 1, each: Self.alone)
            single.append(rate)
            plain.append(try await insert(database, byteCount: byteCount))
            grouped.append(try await append(database, writers: Self.writers, each: Self.appendsPerWriter).rate)
            try await database.close()
        }
        table.add(
            "R20 PostgreSQL, one append a transaction, one writer, against a plain insert",
            rounded(single.median, 0) + "/s",
            rounded(plain.median, 0) + "/s",
            rounded(single.median / plain.median),
            "0.70"
        )
        table.add(
            "R20 PostgreSQL, appends of 64 writers, against those of one",
            rounded(grouped.median, 0) + "/s",
            rounded(single.median, 0) + "/s",
            rounded(grouped.median / single.median) + " ×",
            "5 ×"
        )
    }

    private func open(_ cluster: PostgresCluster) async throws -> PostgresDatabase {
        let url = try await cluster.makeDatabase()
        try await cluster.query("CREATE TABLE plain (id BIGINT PRIMARY KEY, data BYTEA NOT NULL)", url: url)
        guard let location = PostgresLocation(url: url) else { throw Broken(what: "no address") }
        return try await PostgresDatabase.open(location)
    }

    /// - Returns: appends a second, and how many bytes one of them stores.
    private func append(
        _ database: any Database,
        writers: Int,
        each count: Int
    ) async throws -> (rate: Double, byteCount: Int) {
        let histories = Histories(log: "benchmark/chexin")
        let source = ID<OrganizationTag>(at: SystemClock().now()).text
        let principal = Principal(organization: source, role: .workshop, scopes: [], credential: "key_benchmark")
        let clock = ContinuousClock()
        let started = clock.now
        let byteCount = try await withThrowingTaskGroup(of: Int.self) { group in
            for writer in 0..<writers {
                group.addTask {
                    var byteCount = 0
                    for step in 0..<count {
                        let vin = BenchmarkEvent.vin((writer * count + step) % Self.cars)
                        let body = BenchmarkEvent.reading(vin: vin, step: writer * 100_000 + step, named: true)
                        let submission = try Submission(body, vin: nil, now: SystemClock().now())
                        let prepared = try histories.prepare(submission, by: principal)
                        let row = try await database.write { try histories.append($0, prepared, by: principal).row }
                        byteCount = Self.byteCount(of: row, source: source, ref: submission.ref)
                    }
                    return byteCount
                }
            }
            return try await group.reduce(0) { max($0, $1) }
        }
        return (Double(writers * count) / (clock.now - started).seconds, byteCount)
    }

    /// Of all five rows.
    private static func byteCount(of row: StoredRow, source: String, ref: String) -> Int {
        let texts = row.envelope.utf8.count + (row.payload?.utf8.count ?? 0) + source.utf8.count + ref.utf8.count
        return texts + 5 * row.vin.utf8.count + 3 * row.hash.bytes.count
    }

    private func insert(_ database: any Database, byteCount: Int) async throws -> Double {
        let clock = ContinuousClock()
        let data = [UInt8](repeating: 0x5A, count: byteCount)
        let duration = try await clock.measure {
            for id in 0..<Self.alone {
                _ = try await database.write { tx in
                    try tx.execute("INSERT INTO plain (id, data) VALUES (\(id), \(data))")
                }
            }
        }
        return Double(Self.alone) / duration.seconds
    }
}
