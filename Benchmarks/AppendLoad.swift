import Core
import Cryptography
import Foundation
import History
import Identity
import Storage
import Web

/// Appends in process by several writers at once, and the rows that they stored, to be stored again without anything
/// that an append decides.
struct AppendLoad: Sendable {
    let writers: Int
    let appendsPerWriter: Int

    private static let cars = 5000
    /// entry, payload, source_ref, entry_hash, vehicle
    static let rowsPerAppend = 5

    struct Stored: Sendable {
        let source: String
        let row: StoredRow
        let ref: String

        /// Of all five rows.
        var byteCount: Int {
            let texts = row.envelope.utf8.count + (row.payload?.utf8.count ?? 0)
            let keys = source.utf8.count + ref.utf8.count + AppendLoad.rowsPerAppend * row.vin.utf8.count
            return texts + keys + 3 * row.hash.bytes.count
        }
    }

    /// - Returns: appends a second, and what they stored, one of each writer, then the next of each, as they were
    ///   written: the order decides which pages are hot.
    func run(on database: any Database) async throws -> (rate: Double, stored: [Stored]) {
        let histories = Histories(log: "benchmark/chexin")
        let source = ID<OrganizationTag>(at: SystemClock().now()).text
        let principal = Principal(organization: source, role: .workshop, scopes: [], credential: "key_benchmark")
        let bodies = (0..<writers).map(bodies)
        let clock = ContinuousClock()
        let started = clock.now
        let stored = try await withThrowingTaskGroup(of: [Stored].self) { group in
            for bodies in bodies {
                group.addTask { try await append(bodies, to: database, histories, principal) }
            }
            return try await group.reduce(into: [[Stored]]()) { $0.append($1) }
        }
        let duration = clock.now - started
        let ordered = (0..<appendsPerWriter).flatMap { step in stored.map { $0[step] } }
        return (Double(ordered.count) / duration.seconds, ordered)
    }

    private func bodies(of writer: Int) -> [JSON] {
        (0..<appendsPerWriter).map { step in
            let vin = BenchmarkEvent.vin((writer * appendsPerWriter + step) % Self.cars)
            return BenchmarkEvent.reading(vin: vin, step: writer * 100_000 + step, named: true)
        }
    }

    private func append(
        _ bodies: [JSON],
        to database: any Database,
        _ histories: Histories,
        _ principal: Principal
    ) async throws -> [Stored] {
        var stored: [Stored] = []
        for body in bodies {
            let submission = try Submission(body, vin: nil, now: SystemClock().now())
            let prepared = try histories.prepare(submission, by: principal)
            let foresight = histories.foresight(prepared, by: principal)
            let appended = try await database.writeRetrying(foreseeing: foresight) { tx in
                try histories.append(tx, prepared, by: principal)
            }
            stored.append(Stored(source: principal.organization, row: appended.row, ref: submission.ref))
        }
        return stored
    }

    /// The same rows in commits of so many appends, with nothing decided, computed or checked.
    /// - Returns: how many appends' rows a second.
    static func insert(_ stored: [Stored], batch size: Int, into database: any Database) async throws -> Double {
        let clock = ContinuousClock()
        let duration = try await clock.measure {
            for start in stride(from: 0, to: stored.count, by: size) {
                let batch = stored[start..<min(start + size, stored.count)]
                try await database.write { tx in
                    for stored in batch { try tx.execute(later: statements(for: stored)) }
                }
            }
        }
        return Double(stored.count) / duration.seconds
    }

    private static func statements(for stored: Stored) -> [SQL] {
        let (row, hash) = (stored.row, stored.row.hash.bytes)
        return [
            "INSERT INTO entry (vin, seq, hash, envelope) VALUES (\(row.vin), \(row.seq), \(hash), \(row.envelope))",
            "INSERT INTO payload (vin, seq, payload) VALUES (\(row.vin), \(row.seq), \(row.payload))",
            """
            INSERT INTO source_ref (source, ref, vin, seq)
            VALUES (\(stored.source), \(stored.ref), \(row.vin), \(row.seq))
            """,
            "INSERT INTO entry_hash (hash, vin, seq) VALUES (\(hash), \(row.vin), \(row.seq))",
            """
            INSERT INTO vehicle (vin, entry_count, head_hash, recorded_at_ms)
            VALUES (\(row.vin), \(row.seq + 1), \(hash), 0)
            ON CONFLICT (vin) DO UPDATE SET entry_count = excluded.entry_count, head_hash = excluded.head_hash
            """,
        ]
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
