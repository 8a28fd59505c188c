import Core
import Cryptography
import Foundation
import History
import Identity
import Metrics
import Migrations
import Storage
import StorageSQLite
import Web

/// Appends in process by 64 writers, FULL: rows stored a second, against raw rows of the same tables and sizes in
/// commits of the same size.
struct AppendBenchmark {
    let runs: Int

    private static let writers = 64
    private static let appendsPerWriter = 300
    private static let cars = 5000
    /// entry, payload, source_ref, entry_hash, vehicle
    private static let rowsPerAppend = 5

    func run(_ table: inout Table) async throws {
        var (ours, raw, batches): ([Double], [Double], [Double]) = ([], [], [])
        for _ in 0..<runs {
            let metrics = PrometheusMetrics()
            let database = try await withMetricsFactory(metrics) { try await open() }
            let (rate, rows) = try await append(database)
            ours.append(rate)
            try await database.close()
            let batch = rows.count / max(1, commits(metrics))
            batches.append(Double(batch))
            let bare = try await open()
            raw.append(try await insert(bare, rows, batch: max(1, batch)))
            try await bare.close()
        }
        table.add(
            "R5 append in process, 64 writers, \(rounded(batches.median, 0)) appends a commit, rows stored",
            rounded(ours.median, 0) + " rows/s",
            rounded(raw.median, 0) + " raw rows/s",
            rounded(ours.median / raw.median),
            "0.80"
        )
    }

    private func commits(_ metrics: PrometheusMetrics) -> Int {
        let lines = String(decoding: metrics.text(), as: UTF8.self).split(separator: "\n")
        return lines.first { $0.hasPrefix("store_commits ") }.flatMap { Int($0.dropFirst(14)) } ?? 0
    }

    private func open() async throws -> SQLiteDatabase {
        let path = NSTemporaryDirectory() + "chexin-append-\(UInt64.random(in: 0 ... .max)).sqlite"
        let database = try await SQLiteDatabase.open(.file(path: path))
        _ = try await Migrator(Schema.migrations, dialect: .sqlite, database: database).apply()
        return database
    }

    private struct Stored: Sendable {
        let source: String
        let row: StoredRow
        let ref: String
    }

    private func append(_ database: any Database) async throws -> (rowsPerSecond: Double, rows: [Stored]) {
        let histories = Histories(log: "benchmark/chexin")
        let source = ID<OrganizationTag>(at: SystemClock().now()).text
        let principal = Principal(organization: source, role: .workshop, scopes: [], credential: "key_benchmark")
        let clock = ContinuousClock()
        let started = clock.now
        let rows = try await withThrowingTaskGroup(of: [Stored].self) { group in
            for writer in 0..<AppendBenchmark.writers {
                group.addTask { try await write(writer, database, histories, principal) }
            }
            // One of each writer, then the next of each, as they were written: the order decides which pages are hot.
            let all = try await group.reduce(into: [[Stored]]()) { $0.append($1) }
            return (0..<AppendBenchmark.appendsPerWriter).flatMap { step in all.map { $0[step] } }
        }
        return (Double(rows.count * AppendBenchmark.rowsPerAppend) / (clock.now - started).seconds, rows)
    }

    private func write(
        _ writer: Int,
        _ database: any Database,
        _ histories: Histories,
        _ principal: Principal
    ) async throws -> [Stored] {
        var stored: [Stored] = []
        for step in 0..<AppendBenchmark.appendsPerWriter {
            let vin = BenchmarkEvent.vin((writer * AppendBenchmark.appendsPerWriter + step) % AppendBenchmark.cars)
            let body = BenchmarkEvent.reading(vin: vin, step: writer * 100_000 + step, named: true)
            let submission = try Submission(body, vin: nil, now: SystemClock().now())
            let prepared = try histories.prepare(submission, by: principal)
            let appended = try await database.write { tx in try histories.append(tx, prepared, by: principal) }
            stored.append(Stored(source: principal.organization, row: appended.row, ref: submission.ref))
        }
        return stored
    }

    /// The same rows, one after the other, with nothing decided, computed or checked.
    private func insert(_ database: any Database, _ rows: [Stored], batch size: Int) async throws -> Double {
        let clock = ContinuousClock()
        let duration = try await clock.measure {
            for start in stride(from: 0, to: rows.count, by: size) {
                let batch = rows[start..<min(start + size, rows.count)]
                try await database.write { tx in
                    for stored in batch { try AppendBenchmark.insert(tx, stored) }
                }
            }
        }
        return Double(rows.count * AppendBenchmark.rowsPerAppend) / duration.seconds
    }

    private static func insert(_ tx: any Transaction, _ stored: Stored) throws {
        let (row, hash) = (stored.row, stored.row.hash.bytes)
        try tx.execute(
            "INSERT INTO entry (vin, seq, hash, envelope) VALUES (\(row.vin), \(row.seq), \(hash), \(row.envelope))"
        )
        try tx.execute("INSERT INTO payload (vin, seq, payload) VALUES (\(row.vin), \(row.seq), \(row.payload))")
        try tx.execute(
            """
            INSERT INTO source_ref (source, ref, vin, seq)
            VALUES (\(stored.source), \(stored.ref), \(row.vin), \(row.seq))
            """
        )
        try tx.execute("INSERT INTO entry_hash (hash, vin, seq) VALUES (\(hash), \(row.vin), \(row.seq))")
        try tx.execute(
            """
            INSERT INTO vehicle (vin, entry_count, head_hash, recorded_at_ms)
            VALUES (\(row.vin), \(row.seq + 1), \(hash), 0)
            ON CONFLICT (vin) DO UPDATE SET entry_count = excluded.entry_count, head_hash = excluded.head_hash
            """
        )
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
