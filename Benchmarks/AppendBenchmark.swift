import Core
import Foundation
import Metrics
import Migrations
import Storage
import StorageSQLite
import Web

/// Appends in process by 64 writers, FULL: rows stored a second, against raw rows of the same tables and sizes in
/// commits of the same size.
struct AppendBenchmark {
    let runs: Int

    private static let load = AppendLoad(writers: 64, appendsPerWriter: 300)

    func run(_ table: inout Table) async throws {
        var (ours, raw, batches): ([Double], [Double], [Double]) = ([], [], [])
        for _ in 0..<runs {
            let metrics = PrometheusMetrics()
            let database = try await withMetricsFactory(metrics) { try await open() }
            let (rate, stored) = try await Self.load.run(on: database)
            ours.append(rate * Double(AppendLoad.rowsPerAppend))
            try await database.close()
            let batch = max(1, stored.count / max(1, commits(metrics)))
            batches.append(Double(batch))
            let bare = try await open()
            let bareRate = try await AppendLoad.insert(stored, batch: batch, into: bare)
            raw.append(bareRate * Double(AppendLoad.rowsPerAppend))
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
}
