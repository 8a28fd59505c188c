import Core
import Cryptography
import Foundation
import History
import Identity
import Storage
import TransparencyLog
import Web

/// Appends in process by several writers at once, and the rows that they stored, to be stored again without anything
/// that an append decides.
struct AppendLoad: Sendable {
    let writers: Int
    let appendsPerWriter: Int

    private static let cars = 5000
    /// entry, entry_ref, entry_hash, vehicle
    static let rowsPerAppend = 4

    struct Stored: Sendable {
        let row: StoredRow

        /// Of all its rows.
        var byteCount: Int {
            let texts = row.envelope.utf8.count + (row.payload?.utf8.count ?? 0)
            let keys = refDigest.count + AppendLoad.rowsPerAppend * row.vin.utf8.count
            return texts + keys + 2 * row.hash.bytes.count
        }

        /// As long as the digest that a reference is kept by, and as scattered.
        var refDigest: [UInt8] { Array(row.hash.bytes.prefix(16)) }
    }

    /// - Returns: appends a second, and what they stored, one of each writer, then the next of each, as they were
    ///   written: the order decides which pages are hot.
    func run(on database: any Database) async throws -> (rate: Double, stored: [Stored]) {
        let measured = try await measure(on: database)
        return (measured.rate, measured.stored)
    }

    struct Measured: Sendable {
        /// Appends a second.
        let rate: Double
        let stored: [Stored]
        let p99Milliseconds: Double
    }

    /// - Parameter transparency: puts every entry into a log, too.
    /// - Parameter car: the only one; many where it is not said.
    func measure(
        on database: any Database,
        transparency: TransparencyLog? = nil,
        car: String? = nil
    ) async throws -> Measured {
        let histories = Histories(log: "benchmark/chexin", transparency: transparency)
        let source = ID<OrganizationTag>(at: SystemClock().now()).text
        let principal = Principal(organization: source, role: .workshop, scopes: [], credential: "key_benchmark")
        let bodies = (0..<writers).map { self.bodies(of: $0, car) }
        let clock = ContinuousClock()
        let started = clock.now
        let stored = try await withThrowingTaskGroup(of: ([Stored], [Duration]).self) { group in
            for bodies in bodies {
                group.addTask { try await append(bodies, to: database, histories, principal) }
            }
            return try await group.reduce(into: [([Stored], [Duration])]()) { $0.append($1) }
        }
        let duration = clock.now - started
        let ordered = (0..<appendsPerWriter).flatMap { step in stored.map { $0.0[step] } }
        let times = stored.flatMap(\.1).sorted()
        return Measured(
            rate: Double(ordered.count) / duration.seconds,
            stored: ordered,
            p99Milliseconds: (times.dropFirst(times.count * 99 / 100).first ?? .zero).seconds * 1000
        )
    }

    /// Gives the cars their names in the log, which takes longer than an append and happens once.
    func register(in log: TransparencyLog) async throws {
        try await log.database.write { tx in
            for number in 0..<min(Self.cars, writers * appendsPerWriter) {
                _ = try log.vehicle(tx, keeping: BenchmarkEvent.vin(number))
            }
        }
    }

    private func bodies(of writer: Int, _ car: String?) -> [JSON] {
        (0..<appendsPerWriter).map { step in
            let vin = car ?? BenchmarkEvent.vin((writer * appendsPerWriter + step) % Self.cars)
            return BenchmarkEvent.reading(vin: vin, step: writer * 100_000 + step, named: true)
        }
    }

    private func append(
        _ bodies: [JSON],
        to database: any Database,
        _ histories: Histories,
        _ principal: Principal
    ) async throws -> ([Stored], [Duration]) {
        var stored: [Stored] = []
        var times: [Duration] = []
        let clock = ContinuousClock()
        for body in bodies {
            let started = clock.now
            let submission = try Submission(body, vin: nil, now: SystemClock().now())
            var complete = try histories.prepare(submission, by: principal)
            if histories.transparency != nil {
                let vin = submission.vin.text
                complete.vehicle = try await database.read { try TransparencyLog.vehicle($0, named: vin) }
            }
            let prepared = complete
            let foresight = histories.foresight(prepared, by: principal)
            let appended = try await database.writeRetrying(foreseeing: foresight) { tx in
                try histories.append(tx, prepared, by: principal)
            }
            times.append(clock.now - started)
            stored.append(Stored(row: appended.row))
        }
        return (stored, times)
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
            """
            INSERT INTO entry (vin, seq, envelope, payload)
            VALUES (\(row.vin), \(row.seq), \(row.envelope), \(row.payload))
            """,
            "INSERT INTO entry_ref (digest, vin, seq) VALUES (\(stored.refDigest), \(row.vin), \(row.seq))",
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
