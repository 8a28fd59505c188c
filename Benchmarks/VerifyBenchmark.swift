import Core
import Cryptography
import Ledger

/// Verifying a chain, against hashing the same bytes and nothing else.
struct VerifyBenchmark {
    let runs: Int

    private static let entries = 100_000
    private static let vin = BenchmarkEvent.vin(1)
    private static let log = "benchmark/chexin"

    func run(_ table: inout Table) throws {
        let chain = try chain()
        let clock = ContinuousClock()
        var (ours, raw): ([Double], [Double]) = ([], [])
        for _ in 0..<runs {
            var sum = 0
            let hashing = clock.measure {
                for entry in chain {
                    sum &+= SHA256.hash(entry.envelope).hashValue
                    if let payload = entry.payload { sum &+= SHA256.hash(payload).hashValue }
                }
            }
            raw.append(hashing.seconds * 1e6 / Double(chain.count))
            var isGenuine = false
            let verifying = clock.measure {
                let verdict = ChainVerifier.verify(chain, vin: Self.vin, log: Self.log) { _, _ in nil }
                isGenuine = verdict.isGenuine
            }
            guard isGenuine, sum != 1 else { throw Broken(what: "the chain does not verify") }
            ours.append(verifying.seconds * 1e6 / Double(chain.count))
        }
        table.add(
            "R9 verify a chain of 100,000 entries",
            rounded(ours.median) + " µs an entry",
            rounded(raw.median) + " µs SHA-256",
            rounded(ours.median / raw.median) + " ×",
            "≤ 1.25 ×"
        )
    }

    private func chain() throws -> [StoredEntry] {
        var head: ChainHead?
        return try (0..<Self.entries).map { step in
            let body = BenchmarkEvent.reading(vin: Self.vin, step: step, named: false)
            let statement = try Statement(
                data: body["data"] ?? .null,
                kind: try EventKind(parsing: "maintenance.done"),
                log: Self.log,
                occurredAt: Instant(milliseconds: 1_700_000_000_000 + Int64(step) * 1000),
                ref: "r-\(step)",
                source: "org_01jd0000000000000000000000",
                vin: Self.vin
            )
            let entry = try Chain.append(
                statement,
                to: head,
                recordedAt: Instant(milliseconds: 1_750_000_000_000 + Int64(step) * 1000),
                salt: .random()
            )
            head = entry.head
            return entry.stored
        }
    }
}
